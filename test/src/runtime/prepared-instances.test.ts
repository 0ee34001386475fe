/** Instances started ahead of their code, on real child processes. */
import { expect, test } from 'vitest';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { Artifact, Backend, Contract, DebugTarget, PreparedHandle } from '../../../src/model/runtime.ts';
import { AFTER_A_WHILE_MS, answerOf, functionNamed, openPreparingPool } from './preparing-pool.ts';
import { openProcessParts } from './process-parts.ts';

interface Options {
  readonly fits?: (artifact: Artifact) => boolean;
  readonly onDebugTarget?: (target: DebugTarget) => void;
}

/** The process backend as if its starts were slow. `prepared` has the ids of what was prepared. */
function openPreparing({ fits = () => true, onDebugTarget }: Options = {}) {
  const parts = openProcessParts();
  const prepared: string[] = [];
  const handles: Promise<PreparedHandle>[] = [];
  const backend: Backend = {
    ...parts.backend,
    preparedServes: 'function',
    prepare(spec, onLog) {
      prepared.push(spec.instanceId);
      const handle = parts.backend
        .start(spec, onLog)
        .then((started) => ({ ...started, fits, provide: () => {} }));
      handles.push(handle);
      return handle;
    },
  };
  const lines: Promise<void>[] = [];
  const contract: Contract = {
    ...parts.contract,
    async prepare(...given) {
      const session = await prepareLine(parts.contract)(...given);
      lines.push(session.waiting);
      return session;
    },
  };
  const opened = openPreparingPool({
    backend,
    contract,
    close: parts.close,
    ...(onDebugTarget && { onDebugTarget }),
  });
  const exited = async (index: number) => (await handles[index])?.exited;
  return { ...opened, prepared, exited, isUp: async (index: number) => lines[index] };
}

function prepareLine({ prepare }: Contract) {
  if (!prepare) throw new Error('the contract cannot prepare');
  return prepare;
}

const ofEachInstance = {
  AWS_ACCESS_KEY_ID: expect.any(String),
  AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
};
const answers = (text: string) => `exports.handler = async () => '${text}'`;

test('the next build runs in the instance that was prepared, with no trace of the old one', async () => {
  const { build, prepare, lease, prepared } = openPreparing();
  const fn = functionNamed('hello');
  const code = (text: string) =>
    `globalThis.loaded = (globalThis.loaded ?? '') + '${text}'; exports.handler = async () => globalThis.loaded`;
  build(fn, 'b1', code('old'));
  const old = await lease(fn);
  expect(await answerOf(old)).toBe('old');
  old.release();
  await prepare(fn);
  build(fn, 'b2', code('new'));
  const fresh = await lease(fn);
  expect(prepared).toEqual([fresh.instanceId]);
  expect(fresh.artifactId).toBe('b2');
  expect(await answerOf(fresh)).toBe('new');
});

test('an instance that waits is not seen, and not told of before it is used', async () => {
  const { build, prepare, pool, events } = openPreparing();
  const fn = functionNamed('hello');
  build(fn, 'b1', answers('x'));
  await prepare(fn);
  expect(pool.snapshot()).toEqual([]);
  expect(events).toEqual([]);
});

test('only one is kept per function, and another one once it was used, even if the code did not load', async () => {
  const { build, prepare, lease, prepared, clock } = openPreparing();
  const fn = functionNamed('hello');
  build(fn, 'b1', answers('x'));
  await prepare(fn);
  await prepare(fn);
  expect(prepared).toHaveLength(1);
  build(fn, 'b2', 'throw new Error("broken")');
  await expect(lease(fn)).rejects.toThrow('broken');
  build(fn, 'b3', answers('mended'));
  await clock.advance(AFTER_A_WHILE_MS);
  const mended = await lease(fn);
  expect(prepared).toEqual([expect.any(String), mended.instanceId]);
  expect(await answerOf(mended)).toBe('mended');
});

test('its environment is that of its own build', async () => {
  const { build, prepare, lease, prepared, current } = openPreparing();
  const fn = functionNamed('hello', { env: { STAGE: 'dev' } });
  const code = `exports.handler = exports.other = async () => process.env`;
  build(fn, 'b1', code);
  await prepare(fn);
  const renamed = { ...build(fn, 'b2', code), handler: 'index.other' };
  current.set(fn.id, renamed);
  const [first, direct] = [await lease(fn), await lease(fn)];
  expect(prepared).toEqual([first.instanceId]);
  const [env, envOfDirect] = [await answerOf(first), await answerOf(direct)];
  expect(env).toMatchObject({ STAGE: 'dev', _HANDLER: 'index.other', LAMBDA_TASK_ROOT: renamed.dir });
  expect(env).toEqual({ ...(envOfDirect as object), ...ofEachInstance });
});

test.each<[string, Partial<FunctionSpec>]>([
  ['environment', { env: { STAGE: 'prod' } }],
  ['memory', { memoryMb: 512 }],
  ['layers', { layers: ['/layer'] }],
])('one whose function has other settings by now is ended: %s', async (_what, change) => {
  const { build, prepare, lease, prepared, exited, pool } = openPreparing();
  const fn = functionNamed('hello');
  build(fn, 'b1', answers('x'));
  await prepare(fn);
  const changed = { ...fn, ...change };
  pool.retireStale(fn.id, changed);
  expect((await lease(changed)).instanceId).not.toBe(prepared[0]);
  await exited(0);
});

test('one whose function has left the project is ended', async () => {
  const { build, prepare, lease, exited, pool } = openPreparing();
  const fn = functionNamed('hello');
  build(fn, 'b1', answers('x'));
  await lease(fn);
  await prepare(fn);
  pool.retireStale(fn.id, undefined);
  await exited(0);
});

test('one that cannot see the new build is ended, and a fresh one started', async () => {
  const { build, prepare, lease, prepared, exited } = openPreparing({ fits: () => false });
  const fn = functionNamed('hello');
  build(fn, 'b1', answers('old'));
  await prepare(fn);
  build(fn, 'b2', answers('new'));
  const fresh = await lease(fn);
  expect(prepared).not.toContain(fresh.instanceId);
  expect(await answerOf(fresh)).toBe('new');
  await exited(0);
});

test('one that does not come up is no loss: what is wrong shows with the one that is needed', async () => {
  const { build, prepare, lease, prepared, exited } = openPreparing();
  const fn = functionNamed('hello', { env: { NODE_OPTIONS: '--no-such-option' } });
  build(fn, 'b1', answers('x'));
  await prepare(fn);
  await exited(0);
  await expect(lease(fn)).rejects.toThrow('refused');
  expect(prepared).toHaveLength(1);
});

test('the fifth function takes the place of the one wanted longest ago', async () => {
  const { build, prepare, exited, isUp, lease, prepared } = openPreparing();
  const prepareOne = async (id: string) => {
    build(functionNamed(id), 'b1', answers(id));
    await prepare(functionNamed(id));
    await isUp(prepared.length - 1);
  };
  for (const id of ['a', 'b', 'c', 'd', 'a', 'e']) await prepareOne(id);
  await exited(1);
  expect((await lease(functionNamed('a'))).instanceId).toBe(prepared[0]);
});

test.each<Record<string, string>>([
  { NODE_OPTIONS: '--enable-source-maps --require ./instrument.cjs' },
  { NODE_EXTRA_CA_CERTS: '/var/task/ca.pem' },
])('a function whose code is read while the runtime boots gets none: %o', async (env) => {
  const { build, prepare, prepared } = openPreparing();
  const fn = functionNamed('hello', { env });
  build(fn, 'b1', answers('x'));
  await prepare(fn);
  expect(prepared).toEqual([]);
});

test('a debugger is told of it when it gets its code, which waits for the release', async () => {
  const targets: DebugTarget[] = [];
  const { build, prepare, lease, prepared } = openPreparing({
    onDebugTarget: (target) => {
      targets.push(target);
      target.channel.release();
    },
  });
  const fn = functionNamed('hello');
  build(fn, 'b1', answers('old'));
  await prepare(fn);
  expect(targets).toEqual([]);
  const built = build(fn, 'b2', answers('new'));
  const fresh = await lease(fn);
  expect(targets).toMatchObject([{ instanceId: prepared[0], artifactDir: built.dir }]);
  expect(await answerOf(fresh)).toBe('new');
});

test('closing the pool ends what waits and what is being prepared', async () => {
  const { build, prepare, exited, closeAll } = openPreparing();
  const fn = functionNamed('hello');
  build(fn, 'b1', answers('x'));
  await prepare(fn);
  await closeAll();
  await exited(0);
});
