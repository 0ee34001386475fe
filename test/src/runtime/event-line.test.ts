import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/model/invocation.ts';
import { countByKernel } from '../../../src/runtime/cpu-counter.ts';
import { type EventEnd, EventLine } from '../../../src/runtime/event-line.ts';
import { makeFakeClock } from '../../../src/std/clock.ts';

const ok: Outcome = { status: 'ok', payload: '1' };
const crash: Outcome = { status: 'crash', phase: 'invoke', exitCode: 1, signal: null };

function open() {
  const clock = makeFakeClock();
  const timeouts: number[] = [];
  let used = 0;
  const cpu = countByKernel(() => (used += 5));
  const onTimeout = (ms: number) => void timeouts.push(ms);
  const line = new EventLine({ clock, cpu, onTimeout, onStall: () => {} });
  const ends: EventEnd[] = [];
  const add = (beganAt?: number) =>
    line.add({ timeoutMs: 100, beganAt, watch: { onLog: () => {} }, settle: (end) => void ends.push(end) });
  return { clock, line, add, ends, timeouts };
}

test('an event that was answered takes no more time while its output is waited for', async () => {
  const { clock, line, add, ends, timeouts } = open();
  add();
  await clock.advance(30);
  line.answer(ok);
  await clock.advance(500);
  expect([ends, timeouts]).toEqual([[], []]);
  line.end(ok);
  expect(ends).toMatchObject([{ end: ok, handlerMs: 30, cpuMs: 5 }]);
});

test('an event that began before it was given took the time since then', async () => {
  const { clock, line, add, ends } = open();
  const beganAt = clock.now();
  await clock.advance(7);
  add(beganAt);
  await clock.advance(5);
  line.end(ok);
  expect(ends).toMatchObject([{ handlerMs: 12 }]);
});

test('what comes after the answer does not change it, and is the end of the next', async () => {
  const { clock, line, add, ends, timeouts } = open();
  add();
  line.answer(ok);
  line.clear(crash);
  expect(ends).toMatchObject([{ end: ok }]);
  add();
  await clock.advance(100);
  expect(timeouts).toEqual([100]);
  line.clear(crash);
  expect(ends.at(-1)).toMatchObject({ end: crash, handlerMs: 100 });
});
