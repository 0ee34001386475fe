import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { LogLine } from '../../../../../src/model/invocation.ts';
import { openEngine } from '../../../../../src/runtime/backends/docker/dockerode-engine.ts';
import type { ContainerPlan } from '../../../../../src/runtime/backends/docker/engine.ts';
import { findEngine } from '../../../../../src/runtime/backends/docker/find-engine.ts';
import { holdRuntime } from '../../../../../src/runtime/backends/docker/held-runtime.ts';
import { makeHolderFile } from '../../../../../src/runtime/backends/docker/holder-file.ts';
import { makeImageChooser } from '../../../../../src/runtime/images/choose-image.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { describeWithTool } from '../../../../suites/require-tool.ts';
import { sampleFunction } from '../../../../suites/running-instance.ts';
import { makeProject } from './docker-under-test.ts';

const PROGRAM = `
process.on('SIGTERM', () => { console.log('asked to end'); process.exit(6); });
setInterval(() => {}, 1000);
console.error('first words');
`;

/** As where the engine has a kernel of its own: its processes cannot be seen from here. */
async function holdUnseen() {
  const search = await findEngine({ env: process.env, homeDir: homedir() });
  if (search.status !== 'found') throw new Error(search.reason);
  const engine = await openEngine(search.address, search.from);
  const folder = makeProject({ 'program.cjs': PROGRAM });
  const holder = makeHolderFile(folder)((await engine.facts()).architecture) ?? '';
  const images = makeImageChooser({ env: process.env, root: folder, notice: () => {}, offline: true });
  const plan: ContainerPlan = {
    name: `sls-local-test-${randomIds.hex(4)}`,
    image: await images.imageFor(engine, sampleFunction({ runtime: 'nodejs22.x', handler: 'any.handler' })),
    labels: {},
    command: [holder],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/var/lang/bin' },
    mounts: [{ source: folder, target: folder, readOnly: true }],
    pidsLimit: 64,
    init: true,
    network: { kind: 'bridge' },
  };
  const id = await engine.create(plan);
  onTestFinished(() => engine.remove(id));
  await engine.start(id);
  const lines: string[] = [];
  let onFirst: () => void = () => {};
  const spoken = new Promise<void>((resolve) => {
    onFirst = resolve;
  });
  const held = holdRuntime({
    engine,
    id,
    plan,
    command: ['node', join(folder, 'program.cjs')],
    seen: Promise.resolve(undefined),
    now: () => 0,
    onLine(line: LogLine) {
      lines.push(line.text);
      onFirst();
    },
    outOfMemory: async () => false,
  });
  return { held, lines, spoken };
}

await describeWithTool('docker', 'a runtime that is held back in a container', () => {
  test('a runtime whose processes cannot be seen is told of its end all the same', async () => {
    const { held, lines, spoken } = await holdUnseen();
    await held.begin();
    await spoken;
    await held.terminate();
    expect(await held.exited).toEqual({ exitCode: 6, signal: null, outOfMemory: false });
    expect(lines).toEqual(['first words', 'asked to end']);
  });

  test('one that is told of its end before it begins never does', async () => {
    const { held, lines } = await holdUnseen();
    await held.terminate();
    await held.begin();
    expect(await held.exited).toEqual({ exitCode: 0, signal: null, outOfMemory: false });
    expect(lines).toEqual([]);
  });
});
