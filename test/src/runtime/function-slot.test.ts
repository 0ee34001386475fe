/** Who waits for an instance of a function. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FunctionSlot } from '../../../src/runtime/function-slot.ts';
import { PATIENCE_MS } from '../../../src/runtime/scale-policy.ts';
import { functionNamed } from './preparing-pool.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function slotWith(...since: number[]): FunctionSlot {
  const slot = new FunctionSlot(functionNamed('waited-for'));
  for (const at of since) slot.waiters.push({ since: at, resolve: () => {}, reject: () => {} });
  return slot;
}

// The last two are rounded one way in a difference and the other way in a sum.
test.each([0, 0.1, 1234.5678, 244.332145627002, 16_373.05460395173])(
  'one who waits since %d is overdue or watched at every moment',
  (since) => {
    for (const offset of [-1, -0.001, -1e-9, -1e-12, 0, 1e-12, 1e-9, 0.001, 1]) {
      const slot = slotWith(since);
      const now = since + PATIENCE_MS + offset;
      const { overdue } = slot.load(1, now);
      slot.watchPatience(now, () => {});
      expect([offset, overdue + vi.getTimerCount()]).toEqual([offset, 1]);
      vi.clearAllTimers();
    }
  },
);

test('the first who has patience left is watched, behind those who have none', () => {
  const slot = slotWith(0, 5, 12);
  const looks: number[] = [];
  expect(slot.load(1, 40).overdue).toBe(2);
  slot.watchPatience(40, () => looks.push(1));
  vi.advanceTimersByTime(1);
  expect(looks).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(looks).toEqual([1]);
});

test('one who waits takes no code that is older than itself, and old code only when its start began after others had become old', () => {
  const slot = slotWith(100);
  expect(slot.settlesFor(99, 110)).toBe(false);
  expect(slot.settlesFor(100, 110)).toBe(false);
  // Begun together with the one before: the same edit may have outrun both.
  expect(slot.settlesFor(105, 111)).toBe(false);
  expect(slot.settlesFor(112, 120)).toBe(false);
  expect(slot.settlesFor(119, 130)).toBe(false);
  expect(slot.settlesFor(121, 130)).toBe(true);
});
