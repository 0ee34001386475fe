import { expect, test } from 'vitest';
import { shortIds } from '../../../../src/loaders/cloudformation/function-ids.ts';

test('the last part is enough where it is unique', () => {
  expect(
    shortIds([
      ['Shop', 'Create'],
      ['Shop', 'Read'],
    ]),
  ).toEqual(['Create', 'Read']);
});

test('equal last parts take as many parts before them as tell them apart', () => {
  expect(
    shortIds([
      ['Dev', 'Shop', 'Create'],
      ['Prod', 'Shop', 'Create'],
      ['Dev', 'Admin', 'Create'],
      ['Dev', 'Shop', 'Read'],
    ]),
  ).toEqual(['Dev-Shop-Create', 'Prod-Shop-Create', 'Admin-Create', 'Read']);
});

test('paths that are wholly equal are numbered', () => {
  expect(shortIds([['F'], ['F'], ['F']])).toEqual(['F', 'F-2', 'F-3']);
});
