import { expect, test } from 'vitest';
import { type Called, findOrder, type Model } from './linearizability.ts';

/** A register: a number writes it, undefined reads it. */
const register: Model<number, number | undefined, number | undefined> = {
  initial: 0,
  step(state, call, answer) {
    if (call !== undefined) return call;
    return answer === state ? state : undefined;
  },
  name: String,
};
const write = (value: number, from: number, to: number): Called<number | undefined, number | undefined> => ({
  call: value,
  answer: undefined,
  from,
  to,
});
const read = (value: number, from: number, to: number): Called<number | undefined, number | undefined> => ({
  call: undefined,
  answer: value,
  from,
  to,
});

test('a read may see a write that is under way, or not', () => {
  for (const seen of [0, 1]) expect(findOrder([write(1, 0, 3), read(seen, 1, 2)], register)).toHaveLength(2);
});

test('a read may not miss a write that was answered before', () => {
  expect(findOrder([write(1, 0, 1), read(0, 2, 3)], register)).toBeUndefined();
});

test('what one read saw, a later one may not unsee', () => {
  const history = [write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)];
  expect(findOrder(history, register)).toBeUndefined();
});

test('the order found is one the calls may have had', () => {
  const history = [write(2, 0, 5), write(1, 1, 6), read(2, 2, 3), read(1, 7, 8)];
  expect(findOrder(history, register)?.map(({ call, answer }) => call ?? -(answer ?? 0))).toEqual([
    2, -2, 1, -1,
  ]);
});
