/** When the host is killed, nothing it started lives on: instances end by themselves, or the next session ends them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepDeadSessions } from '../../../../../src/runtime/backends/process/sweep.ts';
import { openSessionFolder } from '../../../../../src/runtime/session-folder.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { thisProcess } from '../../../../../src/std/process-identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'sls-orphans-'));
const host = join(folder, 'host.mjs');
const root = resolve(import.meta.dirname, '../../../../..');

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'orphan-host.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: host,
  });
  // Beside the bundle, as in the published package.
  cpSync(join(root, 'src/runtime/bootstrap'), join(folder, 'bootstrap'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Watched {
  readonly host: ChildProcess;
  readonly sessionFolder: string;
  /** The instance has ended. */
  readonly instanceEnded: Promise<void>;
}

/** Starts a host whose instance handles `export_`; resolves when the handler runs. */
async function startHost(export_: string, sessions: string, runtime = 'nodejs22.x'): Promise<Watched> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const connected = new Promise<Socket>((done) => server.once('connection', done));
  const child = spawn(
    process.execPath,
    [host, export_, String((server.address() as AddressInfo).port), sessions, runtime],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        FIXTURES: join(root, 'fixtures/functions', runtime.startsWith('node') ? 'node' : 'python'),
      },
    },
  );
  const said = new Promise<string>((done) => createInterface({ input: child.stdout }).once('line', done));
  const socket = await connected;
  socket.on('error', () => {});
  const instanceEnded = new Promise<void>((done) => {
    socket.once('close', () => server.close(() => done()));
  });
  return { host: child, sessionFolder: await said, instanceEnded };
}

async function killHard(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

test('an instance ends by itself when its host is killed, and the sweep removes the folder', async () => {
  const sessions = mkdtempSync(join(folder, 's'));
  const watched = await startHost('waits', sessions);
  await killHard(watched.host);
  await watched.instanceEnded;
  expect(existsSync(watched.sessionFolder)).toBe(true);
  sweepDeadSessions([sessions]);
  expect(existsSync(watched.sessionFolder)).toBe(false);
});

test('a Python instance ends by itself even where its handler never returns', async () => {
  const sessions = mkdtempSync(join(folder, 's'));
  const watched = await startHost('loops', sessions, 'python3.13');
  await killHard(watched.host);
  await watched.instanceEnded;
});

test('an instance that never yields is ended by the next session’s sweep', async () => {
  const sessions = mkdtempSync(join(folder, 's'));
  const watched = await startHost('loops', sessions);
  await killHard(watched.host);
  expect(sweepDeadSessions([sessions])).toBe(2);
  await watched.instanceEnded;
});

test('a live session is left alone', () => {
  const sessions = mkdtempSync(join(folder, 's'));
  const session = openSessionFolder(randomIds, sessions);
  expect(sweepDeadSessions([sessions])).toBe(0);
  expect(existsSync(session.path)).toBe(true);
  session.close();
});

test('a process that has got a dead instance’s number is left alone', () => {
  const sessions = mkdtempSync(join(folder, 's'));
  const session = join(sessions, 'sls-local-00000000');
  mkdirSync(join(session, 'pids'), { recursive: true });
  const own = thisProcess();
  const another = { pid: own.pid, startedAt: `${own.startedAt.split(':')[0]}:1` };
  writeFileSync(join(session, 'owner.json'), JSON.stringify(another));
  writeFileSync(join(session, 'pids/i1'), JSON.stringify(another));
  // Only the folder counts; had it killed the process, this test would not have ended.
  expect(sweepDeadSessions([sessions])).toBe(1);
});
