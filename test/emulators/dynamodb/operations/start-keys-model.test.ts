import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';

/** A read goes on behind any key, whether an item has it or not, while items come and go between its pages. */
let db: TestDynamodb;
let run = 0;
beforeAll(async () => {
  db = await runDynamodb();
});
afterAll(() => db.close());

type Type = 'S' | 'N' | 'B';
/** Values of each type in the order of the service. */
const ORDER: Readonly<Record<Type, readonly string[]>> = {
  S: ['A', 'Z', 'a', 'aa', 'ab', 'b', 'é', '￿', '😀'],
  N: ['-100000000000000000000', '-10', '-2', '-0.5', '0', '0.00000000000000000001', '9', '10', '11'],
  B: [[0], [0, 0], [0, 1], [1], [127], [128], [255], [255, 0]].map((bytes) =>
    Buffer.from(bytes).toString('base64'),
  ),
};
const types = fc.constantFrom<Type>('S', 'N', 'B');

interface Shape {
  readonly hash: Type;
  readonly range: Type | undefined;
  /** Range of the local and of the global index, whose hash is `group`. */
  readonly by: Type;
}
const shapes: fc.Arbitrary<Shape> = fc.record({
  hash: types,
  range: fc.option(types, { nil: undefined, freq: 3 }),
  by: types,
});

/** Places in the lists above. */
interface Row {
  readonly hash: number;
  readonly range: number;
  readonly group: number;
  /** None: not in the indexes. */
  readonly by: number | undefined;
}
const rows = fc.uniqueArray(
  fc.record({
    hash: fc.integer({ min: 0, max: 2 }),
    range: fc.integer({ min: 0, max: 7 }),
    group: fc.integer({ min: 0, max: 1 }),
    by: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 5 }),
  }),
  { maxLength: 24, selector: ({ hash, range }) => `${hash}/${range}` },
);

const typedValue = (type: Type, place: number): JsonObject => ({ [type]: ORDER[type][place] ?? '' });

function keyOf({ hash, range }: Shape, row: Row): JsonObject {
  // Without a range key the hash tells rows apart.
  if (!range) return { hash: typedValue(hash, (row.hash * 8 + row.range) % ORDER[hash].length) };
  return { hash: typedValue(hash, row.hash), range: typedValue(range, row.range) };
}
const indexed = ({ by }: Shape, row: Row): JsonObject => ({
  group: { S: String(row.group) },
  ...(row.by !== undefined && { by: typedValue(by, row.by) }),
});
const itemOf = (shape: Shape, row: Row): JsonObject => ({ ...keyOf(shape, row), ...indexed(shape, row) });

async function createTable({ hash, range, by }: Shape): Promise<string> {
  const TableName = `start-${run++}`;
  const key = (...names: string[]) =>
    names.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' }));
  const Projection = { ProjectionType: 'ALL' };
  const attributes: [string, Type][] = [
    ['hash', hash],
    ['group', 'S'],
    ['by', by],
  ];
  if (range) attributes.push(['range', range]);
  await db.call('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes.map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: range ? key('hash', 'range') : key('hash'),
    GlobalSecondaryIndexes: [{ IndexName: 'by-group', KeySchema: key('group', 'by'), Projection }],
    ...(range && {
      LocalSecondaryIndexes: [{ IndexName: 'local', KeySchema: key('hash', 'by'), Projection }],
    }),
  });
  return TableName;
}

async function pages(operation: string, input: JsonObject): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  let start = input.ExclusiveStartKey as JsonObject | undefined;
  do {
    const page = await db.call(operation, { ...input, ...(start && { ExclusiveStartKey: start }) });
    items.push(...(page.Items as JsonObject[]));
    start = page.LastEvaluatedKey as JsonObject | undefined;
  } while (start);
  return items;
}

const text = (item: JsonObject | undefined) => JSON.stringify(Object.entries(item ?? {}).sort());
const texts = (items: readonly JsonObject[]) => items.map(text);
/** Distinct rows of a table without range key may have one key: the last one stays. */
const distinct = (shape: Shape, all: readonly Row[]) => [
  ...new Map(all.map((row) => [text(keyOf(shape, row)), row])).values(),
];

interface Reading {
  readonly operation: 'Query' | 'Scan';
  readonly IndexName: string | undefined;
  readonly forward: boolean;
}
const readings: fc.Arbitrary<Reading> = fc.oneof(
  fc.record({
    operation: fc.constant('Scan' as const),
    IndexName: fc.constantFrom(undefined, 'by-group', 'local'),
    forward: fc.constant(true),
  }),
  fc.record({
    operation: fc.constant('Query' as const),
    IndexName: fc.constantFrom(undefined, 'by-group', 'local'),
    forward: fc.boolean(),
  }),
);

/** The request without its page, of the rows that are asked for. */
function requestOf(shape: Shape, { operation, IndexName, forward }: Reading, pivot: Row): JsonObject {
  const more = IndexName === undefined ? {} : { IndexName };
  if (operation === 'Scan') return more;
  const name = IndexName === 'by-group' ? 'group' : 'hash';
  return {
    ...more,
    KeyConditionExpression: '#h = :h',
    ExpressionAttributeNames: { '#h': name },
    ExpressionAttributeValues: { ':h': itemOf(shape, pivot)[name] ?? {} },
    ScanIndexForward: forward,
  };
}

const startOf = (shape: Shape, IndexName: string | undefined, row: Row): JsonObject => {
  if (IndexName === undefined) return keyOf(shape, row);
  const { group, ...local } = itemOf(shape, row);
  return IndexName === 'local' ? local : { ...local, group: group ?? {} };
};

test('a read goes on behind any key, forwards and backwards, though no item has it any more', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes,
      rows,
      readings,
      fc.nat(),
      fc.integer({ min: 1, max: 5 }),
      fc.func(fc.boolean()),
      async (shape, all, reading, at, Limit, isTaken) => {
        const { operation, IndexName } = reading;
        if (IndexName === 'local' && !shape.range) return;
        const present = distinct(shape, all).filter(({ by }) => IndexName === undefined || by !== undefined);
        const pivot = present[at % Math.max(1, present.length)];
        if (!pivot || (operation === 'Query' && IndexName === undefined && !shape.range)) return;
        const TableName = await createTable(shape);
        for (const row of present) await db.call('PutItem', { TableName, Item: itemOf(shape, row) });
        const request = { TableName, ...requestOf(shape, reading, pivot) };
        const whole = texts(await pages(operation, request));
        expect([...whole].sort()).toEqual(
          texts(present.map((row) => itemOf(shape, row)))
            .filter((item) => whole.includes(item))
            .sort(),
        );
        const place = whole.indexOf(text(itemOf(shape, pivot)));
        expect(place).toBeGreaterThanOrEqual(0);

        const gone = present.filter((row) => row === pivot || isTaken(row.hash, row.range));
        for (const row of gone) await db.call('DeleteItem', { TableName, Key: keyOf(shape, row) });
        const goneTexts = texts(gone.map((row) => itemOf(shape, row)));
        const behind = whole.slice(place + 1).filter((item) => !goneTexts.includes(item));
        const ExclusiveStartKey = startOf(shape, IndexName, pivot);
        expect(texts(await pages(operation, { ...request, ExclusiveStartKey, Limit }))).toEqual(behind);
        expect(texts(await pages(operation, { ...request, ExclusiveStartKey }))).toEqual(behind);

        // What comes back while a read is under way is seen where it is still to come, and only there.
        const first = await db.call(operation, { ...request, Limit });
        for (const row of gone) await db.call('PutItem', { TableName, Item: itemOf(shape, row) });
        const last = first.LastEvaluatedKey as JsonObject | undefined;
        if (last) {
          const lastText = text((first.Items as JsonObject[]).at(-1));
          const rest = await pages(operation, { ...request, ExclusiveStartKey: last, Limit });
          expect(texts(rest)).toEqual(whole.slice(whole.indexOf(lastText) + 1));
        }
        await db.call('DeleteTable', { TableName });
      },
    ),
    { numRuns: 120 },
  );
});

test('a query gives its keys in the order of their type, and turned round backwards', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes,
      rows,
      fc.boolean(),
      fc.integer({ min: 1, max: 5 }),
      async (shape, all, isLocal, Limit) => {
        const { range, by } = shape;
        if (!range) return;
        const TableName = await createTable(shape);
        for (const row of all) await db.call('PutItem', { TableName, Item: itemOf(shape, row) });
        const name = isLocal ? 'by' : 'range';
        const values = ORDER[isLocal ? by : range];
        for (const hash of [0, 1, 2]) {
          const input: JsonObject = {
            TableName,
            KeyConditionExpression: '#h = :h',
            ExpressionAttributeNames: { '#h': 'hash' },
            ExpressionAttributeValues: { ':h': typedValue(shape.hash, hash) },
            ...(isLocal && { IndexName: 'local' }),
            Limit,
          };
          const found = await pages('Query', input);
          const wanted = all.filter((row) => row.hash === hash && (!isLocal || row.by !== undefined));
          const places = wanted.map((row) => (isLocal ? (row.by ?? 0) : row.range)).sort((a, b) => a - b);
          expect(found.map((item) => Object.values(item[name] as JsonObject)[0])).toEqual(
            places.map((place) => values[place]),
          );
          expect(texts(await pages('Query', { ...input, ScanIndexForward: false }))).toEqual(
            texts(found.toReversed()),
          );
        }
        await db.call('DeleteTable', { TableName });
      },
    ),
    { numRuns: 60 },
  );
});
