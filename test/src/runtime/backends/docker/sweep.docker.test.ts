import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { makeProject, openDocker, openTestEngine } from './docker-under-test.ts';

const root = resolve(import.meta.dirname, '../../../../..');
/** Inside node_modules, so that the program finds the packages it imports. */
const programFolder = join(root, 'node_modules', `.sls-local-test-${process.pid}`);
const program = join(programFolder, 'session.mjs');

const SESSION = `
import { makeDockerBackend } from './src/runtime/backends/docker/docker.ts';
import { makeImageChooser } from './src/runtime/images/choose-image.ts';
import { makeSystemClock } from './src/std/clock.ts';
import { randomIds } from './src/std/ids.ts';
const folder = process.argv[2];
const runtime = 'nodejs' + process.versions.node.split('.')[0] + '.x';
const notice = () => {};
const backend = makeDockerBackend({
  clock: makeSystemClock(), ids: randomIds, folder, env: process.env, homeDir: process.env.HOME, folders: [folder],
  images: makeImageChooser({ env: process.env, root: folder, notice, offline: true }), notice,
});
await backend.start(
  {
    instanceId: randomIds.hex(6), env: {}, mounts: [],
    fn: { id: 'orphan', runtime, memoryMb: 128, layers: [] },
    artifact: { dir: folder },
    command: ['node', '-e', 'setInterval(() => {}, 1000)'],
  },
  () => {},
);
console.log('started');
setInterval(() => {}, 1000);
`;

/** A session of another process with one instance. */
async function startSession(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, makeProject()], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise<void>((started, failed) => {
    child.once('exit', (code) => failed(new Error(`the session ended with ${code}`)));
    child.stdout?.once('data', () => started());
  });
  return child;
}

async function containersOf(child: ChildProcess): Promise<number> {
  const engine = await openTestEngine();
  const all = await engine.list('sls-local.session');
  return all.filter(({ labels }) => labels['sls-local.owner.pid'] === String(child.pid)).length;
}

await describeWithTool('docker', 'sweeping', () => {
  beforeAll(async () => {
    mkdirSync(programFolder, { recursive: true });
    await build({
      stdin: { contents: SESSION, resolveDir: root, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile: program,
    });
  });
  afterAll(() => rmSync(programFolder, { recursive: true, force: true }));

  test('removes what a killed session left, and touches no live one', async () => {
    const [dead, alive] = await Promise.all([startSession(), startSession()]);
    expect(await containersOf(dead)).toBe(2);
    const ended = new Promise((resolve_) => dead.once('exit', resolve_));
    dead.kill('SIGKILL');
    await ended;

    const { backend } = openDocker();
    expect(await backend.sweep()).toBeGreaterThanOrEqual(2);
    expect(await containersOf(dead)).toBe(0);
    expect(await containersOf(alive)).toBe(2);

    const gone = new Promise((resolve_) => alive.once('exit', resolve_));
    alive.kill('SIGKILL');
    await gone;
    await backend.sweep();
    expect(await containersOf(alive)).toBe(0);
  });
});
