import { expect, test } from 'vitest';
import { makeRecent } from '../../../src/trace/recent.ts';

test('the newest entries are kept, the oldest forgotten', () => {
  const recent = makeRecent<number>(3);
  for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) recent.add(key, at);
  expect(['a', 'b', 'c', 'd'].map(recent.get)).toEqual([undefined, 1, 2, 3]);
  recent.add('b', 9);
  recent.add('e', 4);
  expect(['b', 'c', 'd', 'e'].map(recent.get)).toEqual([undefined, 2, 3, 4]);
});
