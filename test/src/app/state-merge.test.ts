import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeOrdered } from '../../../src/app/state-merge.ts';

test('every member of either sequence comes once, in order, beside its equal where there is one', () => {
  const ascending = fc.uniqueArray(fc.integer({ min: 0, max: 30 })).map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(ascending, ascending, (before, after) => {
      const merged = [...mergeOrdered(before, after, (a, b) => a - b)];
      const expected = [...new Set([...before, ...after])].sort((a, b) => a - b);
      expect(merged).toEqual(
        expected.map((n) => ({
          before: before.includes(n) ? n : undefined,
          after: after.includes(n) ? n : undefined,
        })),
      );
    }),
  );
});
