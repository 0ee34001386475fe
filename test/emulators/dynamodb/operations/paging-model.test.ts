import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';

/** However a read is cut into pages, together they say what one page says. */
let db: TestDynamodb;
const TABLE = 'books';

beforeAll(async () => {
  db = await runDynamodb();
  const index = (IndexName: string, hash: string, range: string | undefined, Projection: JsonObject) => ({
    IndexName,
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' },
      ...(range ? [{ AttributeName: range, KeyType: 'RANGE' }] : []),
    ],
    Projection,
  });
  await db.call('CreateTable', {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'shelf', AttributeType: 'S' },
      { AttributeName: 'place', AttributeType: 'N' },
      { AttributeName: 'genre', AttributeType: 'S' },
      { AttributeName: 'code', AttributeType: 'B' },
    ],
    KeySchema: [
      { AttributeName: 'shelf', KeyType: 'HASH' },
      { AttributeName: 'place', KeyType: 'RANGE' },
    ],
    LocalSecondaryIndexes: [
      index('local-code', 'shelf', 'code', { ProjectionType: 'KEYS_ONLY' }),
      index('local-genre', 'shelf', 'genre', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['pages'] }),
    ],
    GlobalSecondaryIndexes: [
      index('by-genre', 'genre', undefined, { ProjectionType: 'ALL' }),
      index('by-genre-code', 'genre', 'code', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['pages'] }),
    ],
  });
  // Many entries with equal index keys, some items without them, some of 100 KB.
  for (let i = 0; i < 160; i++) {
    const genre = ['crime', 'poetry', undefined, 'crime', 'crime'][i % 5];
    await db.call('PutItem', {
      TableName: TABLE,
      Item: {
        shelf: { S: ['low', 'high', 'höchst'][i % 3] ?? '' },
        place: { N: String((i * 37) % 161) },
        pages: { N: String(i % 7) },
        ...(genre && { genre: { S: genre } }),
        ...(i % 4 > 0 && { code: { B: Buffer.from([i % 3, 0, i % 2]).toString('base64') } }),
        ...(i % 8 === 0 && { text: { S: 'x'.repeat(100_000) } }),
      },
    });
  }
});
afterAll(() => db.close());

interface Whole {
  readonly items: readonly string[] | undefined;
  readonly count: number;
  readonly scanned: number;
}

const text = (item: JsonObject) => JSON.stringify(Object.entries(item).sort());

async function readAll(operation: string, input: JsonObject): Promise<Whole> {
  let items: string[] | undefined;
  let count = 0;
  let scanned = 0;
  let ExclusiveStartKey: JsonObject | undefined;
  do {
    const page: JsonObject = await db.call(operation, {
      TableName: TABLE,
      ...input,
      ...(ExclusiveStartKey && { ExclusiveStartKey }),
    });
    if (input.Limit !== undefined) expect(page.ScannedCount).toBeLessThanOrEqual(Number(input.Limit));
    if (page.Items) {
      expect(page.Items).toHaveLength(Number(page.Count));
      items = [...(items ?? []), ...(page.Items as JsonObject[]).map(text)];
    }
    count += Number(page.Count);
    scanned += Number(page.ScannedCount);
    ExclusiveStartKey = page.LastEvaluatedKey as JsonObject | undefined;
  } while (ExclusiveStartKey);
  return { items, count, scanned };
}

const limits = fc.integer({ min: 1, max: 70 });
const filters = fc.constantFrom<JsonObject>(
  {},
  { FilterExpression: 'pages > :p', ExpressionAttributeValues: { ':p': { N: '3' } } },
  {
    FilterExpression: 'attribute_exists(pages) AND pages IN (:p)',
    ExpressionAttributeValues: { ':p': { N: '5' } },
  },
);
const reads = fc.constantFrom<JsonObject>({}, { ConsistentRead: true });

function selections(index: string | undefined): fc.Arbitrary<JsonObject> {
  const all: JsonObject[] = [{}, { Select: 'COUNT' }, { ProjectionExpression: 'pages, shelf' }];
  if (!index?.startsWith('by-genre-')) all.push({ Select: 'ALL_ATTRIBUTES' });
  if (index) all.push({ Select: 'ALL_PROJECTED_ATTRIBUTES' });
  return fc.constantFrom(...all);
}

const scans = fc
  .constantFrom(undefined, 'local-code', 'local-genre', 'by-genre', 'by-genre-code')
  .chain((index) =>
    fc.record({
      index: fc.constant<JsonObject>(index ? { IndexName: index } : {}),
      selection: selections(index),
      read: index?.startsWith('by') ? fc.constant<JsonObject>({}) : reads,
    }),
  );

test('the pages of a scan, and those of its segments, are the whole table or index once', async () => {
  await fc.assert(
    fc.asyncProperty(
      scans,
      filters,
      limits,
      fc.integer({ min: 1, max: 9 }),
      async (scan, filter, Limit, total) => {
        const input = { ...scan.index, ...scan.selection, ...scan.read, ...filter };
        const whole = await readAll('Scan', input);
        expect(await readAll('Scan', { ...input, Limit })).toEqual(whole);
        const segments: Whole[] = [];
        for (let Segment = 0; Segment < total; Segment++)
          segments.push(await readAll('Scan', { ...input, Segment, TotalSegments: total, Limit }));
        const sum = (of: (part: Whole) => number) => segments.reduce((all, part) => all + of(part), 0);
        expect(sum(({ count }) => count)).toBe(whole.count);
        expect(sum(({ scanned }) => scanned)).toBe(whole.scanned);
        const parts = segments.flatMap(({ items }) => items ?? []);
        expect(parts.sort()).toEqual([...(whole.items ?? [])].sort());
      },
    ),
    { numRuns: 40 },
  );
});

const hash = fc.constantFrom('low', 'high', 'höchst');
const genre = fc.constantFrom('crime', 'poetry');
const place = fc.integer({ min: 0, max: 160 }).map((n): JsonObject => ({ N: String(n) }));
const code = fc
  .uint8Array({ maxLength: 3, max: 3 })
  .map((bytes): JsonObject => ({ B: Buffer.from(bytes).toString('base64') || 'AA==' }));

function rangeOf(name: string, value: fc.Arbitrary<JsonObject>): fc.Arbitrary<[string, JsonObject]> {
  const operators = ['=', '<', '<=', '>', '>='].map((operator) =>
    value.map((v): [string, JsonObject] => [` AND ${name} ${operator} :r`, { ':r': v }]),
  );
  return fc.oneof(fc.constant<[string, JsonObject]>(['', {}]), ...operators);
}

const queries = fc.oneof(
  fc.record({
    index: fc.constant<string | undefined>(undefined),
    hash: hash.map((S) => ['shelf', S] as const),
    range: rangeOf('place', place),
    selection: selections(undefined),
    read: reads,
  }),
  fc.record({
    index: fc.constant<string | undefined>('local-code'),
    hash: hash.map((S) => ['shelf', S] as const),
    range: rangeOf('code', code),
    selection: selections('local-code'),
    read: reads,
  }),
  fc.record({
    index: fc.constant<string | undefined>('by-genre'),
    hash: genre.map((S) => ['genre', S] as const),
    range: fc.constant<[string, JsonObject]>(['', {}]),
    selection: selections('by-genre'),
    read: fc.constant<JsonObject>({}),
  }),
  fc.record({
    index: fc.constant<string | undefined>('by-genre-code'),
    hash: genre.map((S) => ['genre', S] as const),
    range: rangeOf('code', code),
    selection: selections('by-genre-code'),
    read: fc.constant<JsonObject>({}),
  }),
);

test('a query by the whole key has one page, and no key to go on from, though its limit is reached', async () => {
  await db.call('CreateTable', {
    TableName: 'plain',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await db.call('PutItem', { TableName: 'plain', Item: { id: { S: 'a' } } });
  const input = { Limit: 1, ExpressionAttributeValues: { ':a': { S: 'a' } } };
  const plain = await db.call('Query', { ...input, TableName: 'plain', KeyConditionExpression: 'id = :a' });
  expect(plain).toEqual({ Items: [{ id: { S: 'a' } }], Count: 1, ScannedCount: 1 });
  const whole = await db.call('Query', {
    ...input,
    TableName: TABLE,
    Select: 'COUNT',
    KeyConditionExpression: 'shelf = :a AND place = :p',
    ExpressionAttributeValues: { ':a': { S: 'low' }, ':p': { N: '0' } },
  });
  expect(whole).toEqual({ Count: 1, ScannedCount: 1 });
});

test('the pages of a query are the whole answer in order, and backwards the same turned round', async () => {
  await fc.assert(
    fc.asyncProperty(queries, filters, limits, async (query, filter, Limit) => {
      const [name, S] = query.hash;
      const [range, bound] = query.range;
      const input: JsonObject = {
        ...(query.index !== undefined && { IndexName: query.index }),
        ...query.selection,
        ...query.read,
        ...filter,
        KeyConditionExpression: `${name} = :h${range}`,
        ExpressionAttributeValues: {
          ':h': { S },
          ...bound,
          ...(filter.ExpressionAttributeValues as JsonObject),
        },
      };
      const whole = await readAll('Query', input);
      expect(await readAll('Query', { ...input, Limit })).toEqual(whole);
      const backwards = { ...whole, items: whole.items?.toReversed() };
      expect(await readAll('Query', { ...input, ScanIndexForward: false })).toEqual(backwards);
      expect(await readAll('Query', { ...input, ScanIndexForward: false, Limit })).toEqual(backwards);
    }),
    { numRuns: 80 },
  );
});
