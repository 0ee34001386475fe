import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

/** Range keys of each type: a query gives what a plain sort and filter of all items gives. */
let db: TestDynamodb;
let run = 0;
beforeAll(async () => {
  db = await runDynamodb();
});
afterAll(() => db.close());

interface Kind {
  readonly type: 'S' | 'N' | 'B';
  readonly values: fc.Arbitrary<string>;
  readonly compare: (a: string, b: string) => number;
  readonly begins?: (value: string, prefix: string) => boolean;
}

const bytes = (text: string) => Buffer.from(text, 'base64');
const utf8 = (text: string) => new TextEncoder().encode(text);

const kinds: readonly Kind[] = [
  {
    type: 'S',
    values: fc.string({
      unit: fc.constantFrom('\0', 'a', 'é', '\u{ffff}', '😀'),
      minLength: 1,
      maxLength: 4,
    }),
    compare: (a, b) => Buffer.compare(utf8(a), utf8(b)),
    begins: (value, prefix) => value.startsWith(prefix),
  },
  {
    type: 'N',
    values: fc.oneof(
      fc.integer({ min: -20, max: 20 }).map(String),
      fc
        .double({ min: -1e6, max: 1e6, noNaN: true })
        .map((n) => (Math.abs(n) < 1e-9 ? '0' : String(Number(n.toPrecision(6))))),
    ),
    compare: (a, b) => Number(a) - Number(b),
  },
  {
    type: 'B',
    values: fc
      .uint8Array({ minLength: 1, maxLength: 3 })
      .map((all) =>
        Buffer.from(all.map((byte) => [0, 1, 0x7f, 0x80, 0xff][byte % 5] ?? 0)).toString('base64'),
      ),
    compare: (a, b) => Buffer.compare(bytes(a), bytes(b)),
    begins: (value, prefix) => bytes(value).toString('latin1').startsWith(bytes(prefix).toString('latin1')),
  },
];

const operators = ['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with'] as const;

function holds(
  kind: Kind,
  operator: (typeof operators)[number],
  value: string,
  a: string,
  b: string,
): boolean {
  const order = kind.compare(value, a);
  switch (operator) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case 'BETWEEN':
      return order >= 0 && kind.compare(value, b) <= 0;
    case 'begins_with':
      return kind.begins?.(value, a) ?? false;
  }
}

for (const kind of kinds)
  test(`keys of type ${kind.type} are found and ordered as their values are`, async () => {
    const written = (value: string): JsonObject => ({ [kind.type]: value });
    const ranges = fc.constantFrom(
      ...operators.filter((operator) => operator !== 'begins_with' || kind.begins),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(kind.values, { maxLength: 12, comparator: (a, b) => kind.compare(a, b) === 0 }),
        fc.array(fc.tuple(ranges, kind.values, kind.values), { minLength: 3, maxLength: 8 }),
        async (values, questions) => {
          const TableName = `keys-${run++}`;
          await db.call('CreateTable', {
            ...tableInput(TableName, 'id:S', `at:${kind.type}`),
            AttributeDefinitions: [
              { AttributeName: 'id', AttributeType: 'S' },
              { AttributeName: 'at', AttributeType: kind.type },
              { AttributeName: 'all', AttributeType: 'S' },
            ],
            GlobalSecondaryIndexes: [
              {
                IndexName: 'index',
                KeySchema: [
                  { AttributeName: 'all', KeyType: 'HASH' },
                  { AttributeName: 'at', KeyType: 'RANGE' },
                ],
                Projection: { ProjectionType: 'ALL' },
              },
            ],
          });
          for (const value of values)
            await db.call('PutItem', {
              TableName,
              Item: { id: { S: 'x' }, at: written(value), all: { S: 'y' } },
            });
          for (const [operator, x, y] of questions) {
            const [a, b] = operator === 'BETWEEN' && kind.compare(x, y) > 0 ? [y, x] : [x, y];
            const range =
              operator === 'BETWEEN'
                ? '#at BETWEEN :a AND :b'
                : operator === 'begins_with'
                  ? 'begins_with(#at, :a)'
                  : `#at ${operator} :a`;
            const expected = values.filter((value) => holds(kind, operator, value, a, b)).sort(kind.compare);
            for (const IndexName of [undefined, 'index']) {
              const { Items } = await db.call('Query', {
                TableName,
                ...(IndexName && { IndexName }),
                KeyConditionExpression: `#hash = :hash AND ${range}`,
                ExpressionAttributeNames: { '#at': 'at', '#hash': IndexName ? 'all' : 'id' },
                ExpressionAttributeValues: {
                  ':hash': { S: IndexName ? 'y' : 'x' },
                  ':a': written(a),
                  ...(operator === 'BETWEEN' && { ':b': written(b) }),
                },
              });
              const found = (Items as JsonObject[]).map(
                (item) => (item.at as Record<string, string>)[kind.type] ?? '',
              );
              expect(found.map((value) => expected.findIndex((e) => kind.compare(e, value) === 0))).toEqual(
                expected.map((_, i) => i),
              );
            }
          }
          await db.call('DeleteTable', { TableName });
        },
      ),
      { numRuns: 25 },
    );
  });
