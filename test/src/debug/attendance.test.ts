import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeAttendance } from '../../../src/debug/attendance.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const attendance = makeAttendance({ quietMs: 200, setUpMs: 1000 });
  let present = false;
  void attendance.present().then(() => {
    present = true;
  });
  return { attendance, isPresent: () => present };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('a debugger counts when it is set up and has been quiet for a moment', async () => {
  const { attendance, isPresent } = open();
  const visit = attendance.came(Promise.resolve());
  await pass(150);
  visit.spoke();
  await pass(150);
  expect(isPresent()).toBe(false);
  await pass(50);
  expect(isPresent()).toBe(true);
});

test('one that never sets up its instances counts after the time it has for that', async () => {
  const { attendance, isPresent } = open();
  attendance.came(new Promise(() => {}));
  await pass(999);
  expect(isPresent()).toBe(false);
  await pass(1);
  expect(isPresent()).toBe(true);
});

test('one that left does not count, before it was set up or after', async () => {
  const { attendance, isPresent } = open();
  attendance.came(Promise.resolve()).left();
  await pass(2000);
  expect(isPresent()).toBe(false);
  const visit = attendance.came(Promise.resolve());
  await pass(200);
  expect(isPresent()).toBe(true);
  visit.left();
  let again = false;
  void attendance.present().then(() => {
    again = true;
  });
  await pass(2000);
  expect(again).toBe(false);
});

test('with one there nobody waits', async () => {
  const { attendance } = open();
  attendance.came(Promise.resolve());
  await pass(200);
  await attendance.present();
});
