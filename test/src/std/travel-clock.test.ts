import { expect, test } from 'vitest';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { makeTravelClock } from '../../../src/std/travel-clock.ts';

const START = 1_000_000;

function open(options = {}) {
  const base = makeFakeClock(START);
  const clock = makeTravelClock(base, options);
  const fired: string[] = [];
  const after = (ms: number, name: string) =>
    clock.after(ms, () => void fired.push(`${name} at ${clock.now() - START}`));
  return { base, clock, fired, after };
}

test('it is its base’s time until it is told otherwise', async () => {
  const { base, clock, fired, after } = open();
  after(100, 'a');
  await base.advance(99);
  expect(fired).toEqual([]);
  await base.advance(1);
  expect(fired).toEqual(['a at 100']);
  expect([clock.now() - START, clock.aheadMs, clock.scale]).toEqual([100, 0, 1]);
});

test('faster, timers come so much sooner, those that wait too', async () => {
  const { base, clock, fired, after } = open();
  after(1000, 'a');
  await base.advance(400);
  clock.setScale(60);
  await base.advance(10);
  expect(fired).toEqual(['a at 1000']);
  expect(clock.now() - START).toBe(1000);
  expect(clock.aheadMs).toBe(590);
  after(60_000, 'b');
  await base.advance(1000);
  expect(fired.at(-1)).toBe('b at 61000');
});

test('slower works as well', async () => {
  const { base, fired, after } = open({ scale: 0.5 });
  after(100, 'a');
  await base.advance(199);
  expect(fired).toEqual([]);
  await base.advance(1);
  expect(fired).toEqual(['a at 100']);
});

test('held, it stands, and a move fires what is due in its order', async () => {
  const { base, clock, fired, after } = open();
  after(300, 'c');
  after(100, 'a');
  after(100, 'b');
  after(400, 'd');
  clock.hold();
  await base.advance(10_000);
  expect([fired, clock.now() - START]).toEqual([[], 0]);
  expect(clock.nextDueAt()).toBe(START + 100);
  clock.moveTo(START + 100);
  expect(fired).toEqual(['a at 100', 'b at 100']);
  clock.moveTo(START + 350);
  expect(fired.at(-1)).toBe('c at 350');
  clock.release();
  await base.advance(49);
  expect(fired).toHaveLength(3);
  await base.advance(1);
  expect(fired.at(-1)).toBe('d at 400');
});

test('what a timer starts waits for the next move, and a timer that another cancels does not fire', () => {
  const { clock, fired, after } = open();
  clock.hold();
  clock.after(10, () => {
    second.cancel();
    after(0, 'started');
  });
  const second = after(10, 'cancelled');
  clock.moveTo(START + 10);
  expect(fired).toEqual([]);
  expect(clock.nextDueAt()).toBe(START + 10);
  clock.moveTo(START + 10);
  expect(fired).toEqual(['started at 10']);
  expect(clock.nextDueAt()).toBeUndefined();
});

test('it never goes back by a move, and does by setting how much it is ahead', async () => {
  const { base, clock, fired, after } = open({ aheadMs: 5000 });
  expect(clock.aheadMs).toBe(5000);
  clock.hold();
  clock.moveTo(START);
  expect(clock.now() - START).toBe(5000);
  clock.release();
  after(100, 'a');
  clock.setAhead(0);
  expect(clock.now()).toBe(START);
  await base.advance(5099);
  expect(fired).toEqual([]);
  await base.advance(1);
  expect(fired).toEqual(['a at 5100']);
});

test('a sleep ends with the signal', async () => {
  const { clock } = open();
  const aborted = new AbortController();
  const sleep = clock.sleep(1000, aborted.signal);
  aborted.abort(new Error('enough'));
  await expect(sleep).rejects.toThrow('enough');
});
