/** The runtime that `dev` starts before anything else. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startFirstRuntime } from '../../../src/cli/first-runtime.cjs';
import { answerOf, functionNamed, openPreparingPool } from '../runtime/preparing-pool.ts';
import { openProcessParts } from '../runtime/process-parts.ts';

const bootstrap = join(import.meta.dirname, '../../../src/runtime/bootstrap/node.cjs');
const PROCESSES = ['dev', '--backend', 'process'];
/** Elsewhere V8 is told the function's memory, so that no runtime can be started before it is known. */
const starts = process.platform === 'linux' && Number(process.versions.node.split('.')[0]) < 24;

/** With a look at the process that was taken. */
function startFirst() {
  const started = startFirstRuntime(PROCESSES, bootstrap);
  if (!started) throw new Error('none was started');
  onTestFinished(started.end);
  let taken: ChildProcess | undefined;
  const take: typeof started.take = (host) => {
    taken = started.take(host);
    return taken;
  };
  return { first: { ...started, take }, taken: () => taken };
}

test.runIf(starts)('it becomes the first function that is called', async () => {
  const { first, taken } = startFirst();
  const parts = openProcessParts({ first });
  const { build, lease, pool } = openPreparingPool({ ...parts, backend: parts.backend });
  const fn = functionNamed('first', { env: { STAGE: 'dev' } });
  pool.prepareAhead(fn);
  const { dir } = build(
    fn,
    'b1',
    'exports.handler = async () => [process.pid, process.cwd(), process.env.STAGE]',
  );
  expect(await answerOf(await lease(fn))).toEqual([taken()?.pid, dir, 'dev']);
  expect(first.take({ address: '', token: '' })).toBeUndefined();
});

test.runIf(starts)('a function that must be started otherwise does not get it', async () => {
  const { first, taken } = startFirst();
  const parts = openProcessParts({ first });
  const { build, lease, pool } = openPreparingPool({ ...parts, backend: parts.backend });
  const fn = functionNamed('first', { env: { TZ: 'Asia/Tokyo' } });
  pool.prepareAhead(fn);
  build(fn, 'b1', 'exports.handler = async () => process.env.TZ');
  expect(await answerOf(await lease(fn))).toBe('Asia/Tokyo');
  expect(taken()).toBeUndefined();
});

test.runIf(starts)('one that has ended, or was ended, is not taken', async () => {
  const { first } = startFirst();
  first.end();
  expect(first.take({ address: '', token: '' })).toBeUndefined();
});

test('it ends when nobody is left to tell it its host', async () => {
  const child = spawn(process.execPath, [bootstrap], {
    env: { SLS_LOCAL_LINE: 'fd:3' },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  child.stdio[3]?.destroy();
  expect(await once(child, 'exit')).toEqual([1, null]);
});

test.each([
  [['check']],
  [['dev', '--backend', 'docker']],
  [['dev', '--backend=docker']],
  [['dev', '--backend', 'process', '--cold', 'faithful']],
  [['dev', '--backend', 'process', '--help']],
])('none is started for %j', (argv) => {
  expect(startFirstRuntime(argv, bootstrap)).toBeUndefined();
});
