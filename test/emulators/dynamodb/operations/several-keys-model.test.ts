import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

/** Indexes keyed by any number of attributes, written to, queried and cut into pages, beside a sorted list of the items. */
let db: TestDynamodb;
let run = 0;
beforeAll(async () => {
  db = await runDynamodb();
});
afterAll(() => db.close());

/** Attributes with one type each; the values are in the service's order. */
const VALUES: Readonly<Record<string, readonly JsonObject[]>> = {
  s: ['a', 'a\0', 'a\0b', 'ab', 'é'].map((S) => ({ S })),
  n: ['-10', '-9.5', '0', '9', '10'].map((N) => ({ N })),
  b: [[0], [0, 0], [0, 1], [1], [255]].map((bytes) => ({ B: Buffer.from(bytes).toString('base64') })),
  t: ['', 'x', 'xy'].map((S) => ({ S: `t${S}` })),
  m: ['1', '1.5', '20'].map((N) => ({ N })),
  u: ['k', 'l'].map((S) => ({ S })),
};
const NAMES = Object.keys(VALUES);
const typeOf = (name: string) => Object.keys(VALUES[name]?.[0] ?? {})[0] ?? '';

interface Keyed {
  readonly hashes: readonly string[];
  readonly ranges: readonly string[];
}

const keys: fc.Arbitrary<Keyed> = fc
  .tuple(fc.shuffledSubarray(NAMES, { minLength: 1 }), fc.nat(3))
  .map(([names, more]) => {
    const hashes = names.slice(0, 1 + Math.min(more, names.length - 1));
    return { hashes, ranges: names.slice(hashes.length, hashes.length + 4) };
  });

/** Places in the lists of values; undefined for an attribute an item does not have. */
type Places = Readonly<Record<string, number | undefined>>;
const items: fc.Arbitrary<readonly Places[]> = fc.array(
  fc.record(
    Object.fromEntries(
      NAMES.map((name) => [
        name,
        fc.option(fc.nat((VALUES[name]?.length ?? 1) - 1), { nil: undefined, freq: 12 }),
      ]),
    ),
  ),
  { minLength: 5, maxLength: 40 },
);

const operators = fc.constantFrom('=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with');
/** How many range attributes are asked for, where, and how the last one is. */
const asks = fc.record({
  from: fc.nat(),
  ranges: fc.nat(4),
  operator: operators,
  low: fc.nat(4),
  high: fc.nat(4),
  forward: fc.boolean(),
  limit: fc.integer({ min: 1, max: 5 }),
  shuffle: fc.nat(),
});
type Ask = typeof asks extends fc.Arbitrary<infer T> ? T : never;

function indexInput({ hashes, ranges }: Keyed): JsonObject {
  const element = (KeyType: string) => (AttributeName: string) => ({ AttributeName, KeyType });
  return {
    IndexName: 'index',
    KeySchema: [...hashes.map(element('HASH')), ...ranges.map(element('RANGE'))],
    Projection: { ProjectionType: 'ALL' },
  };
}

const definitions = ({ hashes, ranges }: Keyed) =>
  [...hashes, ...ranges].map((name) => ({ AttributeName: name, AttributeType: typeOf(name) }));

const itemOf = (places: Places, id: number): JsonObject => ({
  id: { N: String(id) },
  ...Object.fromEntries(
    NAMES.flatMap((name) => {
      const place = places[name];
      return place === undefined ? [] : [[name, VALUES[name]?.[place] ?? {}]];
    }),
  ),
});

/** `value` as far as begins_with sees it. */
const bytesOf = (value: JsonObject | undefined) =>
  'B' in (value ?? {}) ? Buffer.from(String(value?.B), 'base64') : Buffer.from(String(value?.S));

function meets(name: string, place: number, { operator, low, high }: Bounds): boolean {
  switch (operator) {
    case '=':
      return place === low;
    case '<':
      return place < low;
    case '<=':
      return place <= low;
    case '>':
      return place > low;
    case '>=':
      return place >= low;
    case 'BETWEEN':
      return place >= low && place <= high;
    default: {
      const prefix = bytesOf(VALUES[name]?.[low]);
      return bytesOf(VALUES[name]?.[place]).subarray(0, prefix.length).equals(prefix);
    }
  }
}
interface Bounds {
  readonly operator: string;
  readonly low: number;
  readonly high: number;
}

/** The request, and which items of those in the index it asks for. */
function queryOf({ hashes, ranges }: Keyed, pivot: Places, ask: Ask) {
  const asked = ranges.slice(0, ask.ranges);
  const last = asked.at(-1);
  const inList = (place: number) => Math.min(place, (VALUES[last ?? '']?.length ?? 1) - 1);
  const [low, high] = [inList(ask.low), inList(ask.high)].sort((x, y) => x - y) as [number, number];
  const operator = ask.operator === 'begins_with' && last && typeOf(last) === 'N' ? '>=' : ask.operator;
  const equal = [...hashes, ...asked.slice(0, -1)];
  const values: Record<string, JsonObject> = {};
  const clauses = equal.map((name, i) => {
    values[`:e${i}`] = VALUES[name]?.[pivot[name] ?? 0] ?? {};
    return `#${name} = :e${i}`;
  });
  if (last !== undefined) {
    values[':low'] = VALUES[last]?.[low] ?? {};
    if (operator === 'BETWEEN') values[':high'] = VALUES[last]?.[high] ?? {};
    clauses.push(
      operator === 'BETWEEN'
        ? `#${last} BETWEEN :low AND :high`
        : operator === 'begins_with'
          ? `begins_with(#${last}, :low)`
          : `#${last} ${operator} :low`,
    );
  }
  const turn = ask.shuffle % clauses.length;
  const input: JsonObject = {
    IndexName: 'index',
    KeyConditionExpression: [...clauses.slice(turn), ...clauses.slice(0, turn)].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries([...hashes, ...asked].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: values,
    ScanIndexForward: ask.forward,
  };
  const wanted = (places: Places) =>
    equal.every((name) => places[name] === (pivot[name] ?? 0)) &&
    (last === undefined || meets(last, places[last] ?? -1, { operator, low, high }));
  return { input, wanted };
}

async function readAll(operation: string, input: JsonObject): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  let ExclusiveStartKey: JsonObject | undefined;
  do {
    const page = await db.call(operation, { ...input, ...(ExclusiveStartKey && { ExclusiveStartKey }) });
    if (input.Limit !== undefined) expect(page.Count).toBeLessThanOrEqual(Number(input.Limit));
    all.push(...(page.Items as JsonObject[]));
    ExclusiveStartKey = page.LastEvaluatedKey as JsonObject | undefined;
  } while (ExclusiveStartKey);
  return all;
}

const idOf = (item: JsonObject) => Number((item.id as { N: string }).N);

test('queries and scans of an index of several attributes, in pages too, are those of a sorted list', async () => {
  await fc.assert(
    fc.asyncProperty(keys, items, asks, fc.boolean(), async (key, all, ask, isLate) => {
      const TableName = `several-${run++}`;
      const table = tableInput(TableName, 'id:N');
      const AttributeDefinitions = [...(table.AttributeDefinitions as JsonObject[]), ...definitions(key)];
      const index = indexInput(key);
      await db.call(
        'CreateTable',
        isLate ? table : { ...table, AttributeDefinitions, GlobalSecondaryIndexes: [index] },
      );
      for (const [id, places] of all.entries())
        await db.call('PutItem', { TableName, Item: itemOf(places, id) });
      if (isLate) {
        await db.call('UpdateTable', {
          TableName,
          AttributeDefinitions,
          GlobalSecondaryIndexUpdates: [{ Create: index }],
        });
        await db.running.settled();
      }

      const names = [...key.hashes, ...key.ranges];
      const present = all
        .map((places, id) => ({ places, id }))
        .filter(({ places }) => names.every((name) => places[name] !== undefined));
      const scanned = await readAll('Scan', { TableName, IndexName: 'index', Limit: ask.limit });
      expect(scanned.map(idOf).sort((x, y) => x - y)).toEqual(present.map(({ id }) => id));

      const pivot = present[ask.from % Math.max(1, present.length)]?.places ?? all[0] ?? {};
      const { input, wanted } = queryOf(key, pivot, ask);
      const found = await readAll('Query', { TableName, ...input, Limit: ask.limit });
      const expected = present.filter(({ places }) => wanted(places));
      expect(found.map(idOf).sort((x, y) => x - y)).toEqual(expected.map(({ id }) => id));
      const position = (item: JsonObject) => key.ranges.map((name) => all[idOf(item)]?.[name] ?? -1).join();
      const places = found.map(position);
      expect(places).toEqual(
        [...places].sort((x, y) => (ask.forward ? 1 : -1) * (x < y ? -1 : x > y ? 1 : 0)),
      );
      expect(await readAll('Query', { TableName, ...input })).toEqual(found);
      const turned = { ...input, ScanIndexForward: !ask.forward, Limit: ask.limit };
      expect(await readAll('Query', { TableName, ...turned })).toEqual(found.toReversed());

      // Nothing is left of an entry whose item is gone.
      for (const id of all.keys()) await db.call('DeleteItem', { TableName, Key: { id: { N: String(id) } } });
      expect(await readAll('Scan', { TableName, IndexName: 'index' })).toEqual([]);
      await db.call('DeleteTable', { TableName });
    }),
    { numRuns: 60 },
  );
});
