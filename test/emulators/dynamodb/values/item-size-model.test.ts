import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributeValue } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import { itemSize, itemSizes, pageSize } from '../../../../emulators/dynamodb/values/item-size.ts';
import { attributeValues } from '../expressions/documents.ts';
import { plainPageSize, plainSizeOfAll } from './plain-size.ts';

test('an item counts what the rules say of its names and values', () => {
  const names = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀'), minLength: 1, maxLength: 3 });
  const texts = names.map((S): AttributeValue => ({ S }));
  const numbers = fc
    .integer({ min: -1_000_000, max: 1_000_000 })
    .map((n): AttributeValue => ({ N: String(n) }));
  const items = fc.dictionary(names, fc.oneof(attributeValues, texts, numbers), { noNullPrototype: true });
  fc.assert(
    fc.property(items, (item) => {
      expect(itemSize(item)).toBe(plainSizeOfAll(item));
      const sizes = itemSizes(item);
      expect(sizes.size).toBe(plainSizeOfAll(item));
      for (const range of [...Object.keys(item), 'none'])
        expect(pageSize(item, sizes, range)).toBe(plainPageSize(item, range));
    }),
    { numRuns: 500 },
  );
});
