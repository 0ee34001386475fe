import { expect, test } from 'vitest';
import { shrink } from '../../../src/chaos/shrink.ts';

const letters = [...'abcdefghijklmnop'];
const always = () => true;
const needs =
  (...wanted: string[]) =>
  async (part: readonly string[]) =>
    wanted.every((one) => part.includes(one));

test('what is left fails, and nothing of it can be left out', async () => {
  expect(await shrink(letters, { fails: needs('c', 'n'), mayTry: always })).toEqual(['c', 'n']);
  expect(await shrink(letters, { fails: needs('a', 'h', 'p'), mayTry: always })).toEqual(['a', 'h', 'p']);
  expect(await shrink(letters, { fails: needs(...letters), mayTry: always })).toEqual(letters);
});

test('what fails without anything needs nothing', async () => {
  expect(await shrink(letters, { fails: async () => true, mayTry: always })).toEqual([]);
});

test('it takes far fewer tries than there are parts', async () => {
  let tries = 0;
  const many = Array.from({ length: 200 }, (_, at) => String(at));
  const fails = (part: readonly string[]) => {
    tries++;
    return needs('150')(part);
  };
  expect(await shrink(many, { fails, mayTry: always })).toEqual(['150']);
  expect(tries).toBeLessThan(40);
});

test('when no more tries are left it answers the smallest that failed', async () => {
  let left = 3;
  const smaller = await shrink(letters, { fails: needs('a'), mayTry: () => left-- > 0 });
  expect(smaller.length).toBeLessThan(letters.length);
  expect(smaller).toContain('a');
});
