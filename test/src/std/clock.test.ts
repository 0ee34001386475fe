import { expect, test } from 'vitest';
import { makeFakeClock, makeSystemClock } from '../../../src/std/clock.ts';

test('a fake clock fires what falls due in order, also what the fired ones add', async () => {
  const clock = makeFakeClock(0);
  const fired: string[] = [];
  clock.after(20, () => fired.push('b'));
  clock.after(10, () => {
    fired.push('a');
    clock.after(5, () => fired.push(`a2@${clock.now()}`));
  });
  clock.after(100, () => fired.push('late'));
  await clock.advance(50);
  expect(fired).toEqual(['a', 'a2@15', 'b']);
  expect(clock.now()).toBe(50);
  expect(clock.waiting).toBe(1);
});

test('a cancelled timer never fires and sleep rejects with the reason of its signal', async () => {
  const clock = makeFakeClock(0);
  clock.after(1, () => expect.unreachable()).cancel();
  const abort = new AbortController();
  const sleeping = clock.sleep(10, abort.signal);
  abort.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  await clock.advance(20);
  expect(clock.waiting).toBe(0);
});

test('a frozen system clock stands still, fires nothing, and goes on where it stood', async () => {
  const clock = makeSystemClock();
  const real = performance.now();
  let fired = false;
  clock.freeze();
  clock.freeze();
  const stood = clock.now();
  clock.after(1, () => {
    fired = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(clock.now()).toBe(stood);
  expect(fired).toBe(false);
  clock.thaw();
  expect(clock.frozen).toBe(true);
  clock.thaw();
  await clock.sleep(2);
  expect(fired).toBe(true);
  expect(clock.now() - stood).toBeLessThan(performance.now() - real - 25);
});

test('timers of a system clock fire in the order they are due, whichever was set first, but for cancelled ones', async () => {
  const clock = makeSystemClock();
  const fired: string[] = [];
  const far = clock.after(60_000, () => fired.push('far'));
  clock.after(200, () => fired.push('third'));
  const never = clock.after(1, () => fired.push('never'));
  clock.after(4, () => {
    fired.push('first');
    clock.after(1, () => fired.push('second'));
  });
  never.cancel();
  await new Promise<void>((resolve) => void clock.after(201, resolve));
  expect(fired).toEqual(['first', 'second', 'third']);
  far.cancel();
});

test('a timer may cancel one that is due with it, or hold the clock before it fires', async () => {
  const clock = makeSystemClock();
  const fired: string[] = [];
  clock.after(5, () => {
    fired.push('first');
    second.cancel();
    clock.freeze();
  });
  const second = clock.after(5.2, () => fired.push('second'));
  const third = new Promise<void>((resolve) => {
    clock.after(5.4, () => {
      fired.push('third');
      resolve();
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(fired).toEqual(['first']);
  clock.thaw();
  await third;
  expect(fired).toEqual(['first', 'third']);
});
