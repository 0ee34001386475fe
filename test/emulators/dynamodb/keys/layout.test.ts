import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type KeyBounds,
  makeIndexLayout,
  makeTableLayout,
  segmentBounds,
  type TableLayout,
} from '../../../../emulators/dynamodb/keys/layout.ts';
import { meets, type RangeCondition } from '../../../../emulators/dynamodb/keys/range-condition.ts';
import type { AttributeValue, Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import { compareValues, equalValues } from '../../../../emulators/dynamodb/values/compare.ts';

const smallText = fc.string({
  unit: fc.constantFrom('\0', '\u0001', 'a', 'b', 'ÿ', '😀', '\uffff'),
  maxLength: 4,
});
const smallBytes = fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const smallNumber = fc.integer({ min: -120, max: 120 }).map((n) => String(n / 10));
const valuesOfType: Record<string, fc.Arbitrary<AttributeValue>> = {
  S: smallText.map((S) => ({ S })),
  B: smallBytes.map((B) => ({ B })),
  N: smallNumber.map((N) => ({ N })),
};

function conditions(value: fc.Arbitrary<AttributeValue>, type: string): fc.Arbitrary<RangeCondition> {
  const operators = type === 'N' ? [] : ['begins_with' as const];
  const single = fc.record({
    operator: fc.constantFrom(
      '=' as const,
      '<' as const,
      '<=' as const,
      '>' as const,
      '>=' as const,
      ...operators,
    ),
    value,
  });
  return fc.oneof(single, fc.record({ operator: fc.constant('BETWEEN' as const), low: value, high: value }));
}

const within = (key: Uint8Array, { from, to }: KeyBounds) =>
  Buffer.compare(key, from) >= 0 && (!to || Buffer.compare(key, to) < 0);

/** What a query finds: the plain way, and by the bounds and order of keys. */
function checkQuery(
  layout: TableLayout,
  items: readonly Item[],
  hash: AttributeValue,
  condition?: RangeCondition,
) {
  const expected = items
    .filter((item) => item.h && equalValues(item.h, hash))
    .filter((item) => !condition || (item.r && meets(item.r, condition)))
    .sort((a, b) => (a.r && b.r ? (compareValues(a.r, b.r) ?? 0) : 0));
  const bounds = layout.bounds(hash, condition);
  const found = items
    .map((item) => ({ item, key: layout.keyOf(item) }))
    .filter(({ key }) => within(key, bounds))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ item }) => item);
  expect(found.map((item) => item.r)).toEqual(expected.map((item) => item.r));
}

for (const type of ['S', 'N', 'B']) {
  const value = valuesOfType[type] as fc.Arbitrary<AttributeValue>;
  const items = fc.array(fc.record({ h: value, r: value }), { maxLength: 30 });

  test(`a table with keys of type ${type} finds by its bounds what a plain filter finds`, () => {
    const layout = makeTableLayout({ hash: 'h', range: 'r' });
    fc.assert(
      fc.property(
        items,
        value,
        fc.option(conditions(value, type), { nil: undefined }),
        (all, hash, condition) => checkQuery(layout, all, hash, condition),
      ),
    );
  });

  test(`an index with keys of type ${type} finds by its bounds what a plain filter finds`, () => {
    const layout = makeIndexLayout({ hash: 'h', range: 'r' }, { hash: 'id' });
    fc.assert(
      fc.property(
        items,
        value,
        fc.option(conditions(value, type), { nil: undefined }),
        (all, hash, condition) =>
          checkQuery(
            layout,
            all.map((item, i) => ({ ...item, id: { S: String(i) } })),
            hash,
            condition,
          ),
      ),
    );
  });
}

test('segments of a scan share all keys without a gap', () => {
  const layout = makeTableLayout({ hash: 'h' });
  for (const total of [1, 2, 3, 7, 4096, 1_000_000])
    for (let i = 0; i < 50; i++) {
      const key = layout.keyOf({ h: { S: `key ${i}` } });
      const share = Buffer.from(key).readUInt32BE() / 2 ** 32;
      const segment = Math.floor(share * total);
      const near = [segment - 1, segment, segment + 1].filter((each) => each >= 0 && each < total);
      expect(near.filter((each) => within(key, segmentBounds(each, total)))).toHaveLength(1);
    }
});

test('the scan order is that of the service', () => {
  const layout = makeTableLayout({ hash: 'h' });
  const inOrder = (values: AttributeValue[]) =>
    values.sort((a, b) => Buffer.compare(layout.keyOf({ h: a }), layout.keyOf({ h: b })));
  const texts = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'aardman', 'hello', 'zapf', 'äáöü'];
  expect(inOrder(texts.map((S) => ({ S }))).map((value) => Object.values(value)[0])).toEqual(
    '2 8 9 1 6 hello 0 5 4 äáöü aardman 7 3 zapf'.split(' '),
  );
  const numbers = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-0.09', '999.9', '0.012345', '-999.9'];
  expect(inOrder(numbers.map((N) => ({ N }))).map((value) => Object.values(value)[0])).toEqual(
    '7 999.9 8 3 2 -999.9 9 4 -0.09 6 1 0 0.012345 5'.split(' '),
  );
});

test('a partition that is come back to stands where it stood', () => {
  const layout = makeTableLayout({ hash: 'h' });
  const texts = ['', 'a', 'ba', 'aa', 'aab', 'é', 'aé', '\uffff', '😀', 'a😀'];
  const places = () => texts.map((S) => Buffer.from(layout.keyOf({ h: { S } })).toString('hex'));
  const first = places();
  expect(new Set(first).size).toBe(texts.length);
  expect(places()).toEqual(first);
  expect(texts.map((S) => Buffer.from(layout.bounds({ S }, undefined).from).toString('hex'))).toEqual(first);
});

test('the longest keys stay below what a map takes', () => {
  const longest = { S: '\0'.repeat(2048) };
  const range = { S: '\0'.repeat(1024) };
  const table = makeTableLayout({ hash: 'h', range: 'r' });
  const index = makeIndexLayout({ hash: 'h', range: 'r' }, { hash: 'h', range: 'r' });
  expect(table.keyOf({ h: longest, r: range }).length).toBeLessThan(4000);
  expect(index.keyOf({ h: longest, r: range }).length).toBeLessThan(4000);
});
