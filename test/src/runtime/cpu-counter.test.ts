import { expect, test } from 'vitest';
import { type CpuCounter, countByKernel, countByRuntime } from '../../../src/runtime/cpu-counter.ts';

const LONG = 10;
const SHORT = 1;

test('without a word of the runtime the kernel’s count is taken at both ends', () => {
  const counts = [100, 140, 141, undefined];
  const counter = countByKernel(() => counts.shift());
  expect(counter.end(counter.begin(), undefined, LONG)).toBe(40);
  expect(counter.end(counter.begin(), undefined, LONG)).toBeUndefined();
});

/** The kernel is asked once the event is out. */
async function begin(counter: CpuCounter): Promise<number | undefined> {
  const from = counter.begin();
  await new Promise((resolve) => setImmediate(resolve));
  return from;
}

function makeCounted(others: boolean) {
  const kernel = { used: 100, asked: 0 };
  const read = () => {
    kernel.asked++;
    return kernel.used;
  };
  return { kernel, counter: countByRuntime(read, others) };
}

test('a runtime that tells is taken at its word, and the kernel asked once', async () => {
  const { kernel, counter } = makeCounted(false);
  for (const told of [25, 3]) {
    const from = await begin(counter);
    kernel.used += 1000;
    expect(counter.end(from, told, LONG)).toBe(told);
  }
  expect(kernel.asked).toBe(1);
});

test('what it did not live to tell of is what the kernel counts beyond what was told', async () => {
  const { kernel, counter } = makeCounted(false);
  counter.end(await begin(counter), 20, LONG);
  const from = await begin(counter);
  kernel.used = 420;
  expect(counter.end(from, undefined, LONG)).toBe(300);
});

test('programs it started are counted in events that took a while', async () => {
  const { kernel, counter } = makeCounted(true);
  let from = await begin(counter);
  kernel.used = 105;
  expect(counter.end(from, 5, SHORT)).toBe(5);
  expect(kernel.asked, 'a short one').toBe(1);
  from = await begin(counter);
  kernel.used = 165;
  expect(counter.end(from, 20, LONG)).toBe(60);
  from = await begin(counter);
  kernel.used = 166;
  expect(counter.end(from, 7, LONG), 'the kernel says less').toBe(7);
});

test('with the next event begun, what is told counts', async () => {
  const { kernel, counter } = makeCounted(true);
  await begin(counter);
  kernel.used = 190;
  expect(counter.end(undefined, 20, LONG)).toBe(20);
  expect(counter.end(undefined, undefined, LONG)).toBeUndefined();
});
