import { expect, test } from 'vitest';
import { makeLentCredentials } from '../../../src/app/lent-credentials.ts';

test('what was lent counts for its owner, over any number of hands', () => {
  const lent = makeLentCredentials();
  lent.lend('role', 'instance');
  lent.lend('role-of-role', 'role');
  expect(['instance', 'role', 'role-of-role', 'other'].map(lent.ownerOf)).toEqual([
    'instance',
    'instance',
    'instance',
    'other',
  ]);
});

test('the oldest are forgotten first', () => {
  const lent = makeLentCredentials();
  for (let at = 0; at <= 10_000; at++) lent.lend(`key-${at}`, 'instance');
  expect(lent.ownerOf('key-0')).toBe('key-0');
  expect(lent.ownerOf('key-1')).toBe('instance');
});
