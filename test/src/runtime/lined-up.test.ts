/** Events lined up at an instance that is still busy, on real child processes. */
import { expect, test } from 'vitest';
import { makeDirectInvoke } from '../../../src/invoke/direct.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { Lease } from '../../../src/model/runtime.ts';
import { lineUpDepth } from '../../../src/runtime/scale-policy.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { functionNamed, openPreparingPool } from './preparing-pool.ts';
import { openProcessParts } from './process-parts.ts';

/** Tells what it saw; does what the event says. */
const code = `let seen = 0;
exports.handler = async ({ does, ms }) => {
  const number = ++seen;
  console.log('begins ' + number);
  if (does === 'sleep') await new Promise((wake) => setTimeout(wake, ms));
  if (does === 'exit') process.exit(3);
  return number;
};`;

/** An event so far, so that what it took is known. */
const SEEN = 1;

/** A function with one instance, whose events have taken no time so far, nor will they until the stopwatch goes on. */
async function openQuick(more: Partial<FunctionSpec> = {}) {
  let stands = true;
  const stopwatch = () => (stands ? 0 : performance.now());
  const opened = openPreparingPool({ ...openProcessParts() }, { stopwatch });
  const fn = functionNamed('quick', more);
  opened.build(fn, 'b1', code);
  const lease = await opened.lease(fn);
  await send(lease, fn);
  lease.release();
  const goOn = () => {
    stands = false;
  };
  return { ...opened, fn, goOn };
}

function send(lease: Lease, fn: FunctionSpec, event: object = {}) {
  const logs: string[] = [];
  const delivery = {
    requestId: randomIds.uuid(),
    event: JSON.stringify(event),
    deadlineAt: Date.now() + fn.timeoutMs,
    invokedFunctionArn: fn.arn,
    traceHeader: 'Root=1-0-0',
  };
  const watch = {
    onLog: ({ text }: { text: string }) => void logs.push(text),
    onBegin: () => void logs.push('told'),
  };
  const ended = lease.invoke(delivery, fn.timeoutMs, watch);
  return ended.then((end) => ({ end, logs }));
}

test('events that come at once share the instance, each begun when the one before has ended', async () => {
  const { lease, fn, pool } = await openQuick();
  const leases = [await lease(fn), await lease(fn), await lease(fn)];
  expect(new Set(leases.map(({ instanceId }) => instanceId)).size).toBe(1);
  const ends = await Promise.all(leases.map((each) => send(each, fn)));
  expect(ends).toEqual(
    [1, 2, 3]
      .map((after) => SEEN + after)
      .map((number) => ({
        end: { status: 'ok', payload: String(number) },
        logs: ['told', `begins ${number}`],
      })),
  );
  for (const each of leases) each.release();
  expect(pool.snapshot()).toMatchObject([{ state: 'idle' }]);
});

test('what waits behind an event that turns out slow is given back and was not seen', async () => {
  const { lease, fn, goOn } = await openQuick();
  const [slow, behind] = [await lease(fn), await lease(fn)];
  const first = send(slow, fn, { does: 'sleep', ms: 400 });
  const given = send(behind, fn);
  goOn();
  expect(await given).toEqual({ end: 'not-begun', logs: [] });
  behind.release();
  const elsewhere = await lease(fn);
  expect(elsewhere.instanceId).not.toBe(slow.instanceId);
  expect((await first).end).toEqual({ status: 'ok', payload: String(SEEN + 1) });
  expect(slow.handlerMs()).toBeDefined();
  slow.release();
  elsewhere.release();
});

test('very quick events share a busy instance though another one is idle', async () => {
  const { lease, fn, pool, goOn } = await openQuick();
  const slow = await lease(fn);
  const first = send(slow, fn, { does: 'sleep', ms: 300 });
  const behind = await lease(fn);
  const given = send(behind, fn);
  goOn();
  await given;
  behind.release();
  (await lease(fn)).release();
  await first;
  slow.release();
  expect(pool.snapshot()).toHaveLength(2);
  const leases = [await lease(fn), await lease(fn)];
  expect(new Set(leases.map(({ instanceId }) => instanceId)).size).toBe(1);
  for (const each of leases) each.release();
});

test('an event that ends the process is charged with it, what waited behind is given back', async () => {
  const { lease, fn } = await openQuick();
  const [first, second, third] = [await lease(fn), await lease(fn), await lease(fn)];
  const ends = [send(first, fn), send(second, fn, { does: 'exit' }), send(third, fn)];
  expect((await Promise.all(ends)).map(({ end }) => end)).toMatchObject([
    { status: 'ok' },
    { status: 'crash', exitCode: 3 },
    'not-begun',
  ]);
});

test('a leased instance that dies before it is given its events is one event’s end', async () => {
  const { lease, fn, pool } = await openQuick();
  const [first, second] = [await lease(fn), await lease(fn)];
  await pool.close();
  const ends = await Promise.all([send(first, fn), send(second, fn)]);
  expect(ends.map(({ end }) => end)).toEqual(['not-begun', 'not-begun']);
  first.release();
  expect((await send(second, fn)).end).toMatchObject({ status: expect.stringMatching(/crash|unavailable/) });
});

test('the door sends what was given back elsewhere: nobody waits for a slow neighbour, a function may call itself', async () => {
  const { pool, fn, goOn } = await openQuick();
  const invoke = makeDirectInvoke({ pool, functionById: () => fn, clock: makeSystemClock() });
  const request = (event: object) => ({
    functionId: fn.id,
    event: JSON.stringify(event),
    cause: { kind: 'cli' as const },
    trace: { traceId: '1-67891233-abcdef012345678912345678' },
    spanId: '53995c3f42cd8ad8',
    recordId: randomIds.uuid(),
    requestId: randomIds.uuid(),
    attempt: 1,
  });
  const slow = invoke(request({ does: 'sleep', ms: 3000 })).then(() => 'slow');
  const quick = Promise.all([invoke(request({})), invoke(request({}))]);
  goOn();
  expect(await Promise.race([slow, quick.then(() => 'quick')])).toBe('quick');
  const ended = await quick;
  expect(ended.map(({ outcome }) => outcome.status)).toEqual(['ok', 'ok']);
  for (const { logs } of ended) expect(logs.filter(({ text }) => text.startsWith('START'))).toHaveLength(1);
});

test('every event is run once and gets its own answer, however slow ones come between quick ones', async () => {
  const echo = `const seen = {};
exports.handler = async ({ id, ms }) => {
  seen[id] = (seen[id] ?? 0) + 1;
  if (ms) await new Promise((wake) => setTimeout(wake, ms));
  return [id, seen[id]];
};`;
  const { lease, build } = openPreparingPool({ ...openProcessParts() }, { limits: { perFunction: 6 } });
  const fn = functionNamed('echo');
  build(fn, 'b1', echo);
  const wrong: object[] = [];
  let next = 0;
  const sendOne = async () => {
    const id = next++;
    const event = { id, ms: id % 40 === 17 ? 20 : 0 };
    for (;;) {
      const leased = await lease(fn);
      const { end } = await send(leased, fn, event);
      leased.release();
      if (end === 'not-begun') continue;
      if (end.status !== 'ok' || end.payload !== JSON.stringify([id, 1])) wrong.push({ id, end });
      return;
    }
  };
  const sender = async () => {
    while (next < 4000) await sendOne();
  };
  await Promise.all(Array.from({ length: 64 }, sender));
  expect(wrong).toEqual([]);
});

test.each([
  [undefined, 1],
  [5, 1],
  [2, 2],
  [0.5, 10],
  [0.05, 16],
  [0, 16],
])('a function that takes %s ms on average gets %s events at once', (averageMs, depth) => {
  expect(lineUpDepth(averageMs)).toBe(depth);
});
