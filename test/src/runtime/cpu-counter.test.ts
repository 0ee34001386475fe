import { expect, test } from 'vitest';
import { makeCpuCounter } from '../../../src/runtime/cpu-counter.ts';

test('the kernel’s count is taken at both ends, and counts what the runtime does not see', () => {
  const counts = [100, 140];
  const counter = makeCpuCounter(() => counts.shift(), false);
  expect(counter.end(counter.begin(), 25)).toBe(40);
});

test('what the runtime tells counts where the kernel says less, or nothing', () => {
  const counts = [100, 101];
  const counter = makeCpuCounter(() => counts.shift(), false);
  expect(counter.end(counter.begin(), 25)).toBe(25);
  expect(counter.end(counter.begin(), 7)).toBe(7);
  expect(counter.end(counter.begin(), undefined)).toBeUndefined();
});

test('of a runtime that tells, the kernel is asked between events and for one that is not told of', () => {
  let [asked, used] = [0, 50];
  const counter = makeCpuCounter(() => {
    asked++;
    return used;
  }, true);
  counter.rest();
  expect([counter.end(counter.begin(), 3), asked]).toEqual([3, 1]);
  // It has not rested since: what the kernel counted is not this event's alone.
  expect([counter.end(counter.begin(), undefined), asked]).toEqual([undefined, 1]);
  counter.rest();
  const from = counter.begin();
  used = 350;
  expect(counter.end(from, undefined)).toBe(300);
});
