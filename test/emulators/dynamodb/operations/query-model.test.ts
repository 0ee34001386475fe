import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';

/** Random writes, then every way of reading must agree with a plain map of the items. */
let db: TestDynamodb;
let run = 0;
beforeAll(async () => {
  db = await runDynamodb();
});
afterAll(() => db.close());

const writes = fc.array(
  fc.record({
    customer: fc.constantFrom('a', 'b'),
    id: fc.integer({ min: 0, max: 6 }),
    phase: fc.option(fc.constantFrom('new', 'paid'), { nil: undefined }),
    day: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
    kind: fc.constantFrom('put', 'update', 'delete'),
  }),
  { maxLength: 40 },
);
type Write = {
  customer: string;
  id: number;
  phase: string | undefined;
  day: string | undefined;
  kind: string;
};

async function apply(
  table: string,
  { customer, id, phase, day, kind }: Write,
  model: Map<string, JsonObject>,
) {
  const key = order(customer, id);
  const name = JSON.stringify(key);
  const attributes: JsonObject = { ...(phase && { phase: { S: phase } }), ...(day && { day: { S: day } }) };
  if (kind === 'delete') {
    await db.call('DeleteItem', { TableName: table, Key: key });
    model.delete(name);
  } else if (kind === 'put') {
    await db.call('PutItem', { TableName: table, Item: { ...key, ...attributes } });
    model.set(name, { ...key, ...attributes });
  } else if (phase || model.has(name)) {
    const { phase: _, ...others } = model.get(name) ?? key;
    const UpdateExpression = phase ? 'SET phase = :p' : 'REMOVE phase';
    const values = phase ? { ExpressionAttributeValues: { ':p': { S: phase } } } : {};
    await db.call('UpdateItem', { TableName: table, Key: key, UpdateExpression, ...values });
    model.set(name, { ...others, ...(phase && { phase: { S: phase } }) } as JsonObject);
  } else {
    // Taking something away from what is not there makes nothing.
    await db.call('UpdateItem', { TableName: table, Key: key, UpdateExpression: 'REMOVE phase' });
  }
}

/** All pages of a read. */
async function readAll(operation: string, input: JsonObject): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  let start: JsonObject | undefined;
  do {
    const page = await db.call(operation, { ...input, ...(start && { ExclusiveStartKey: start }) });
    items.push(...(page.Items as JsonObject[]));
    start = page.LastEvaluatedKey as JsonObject | undefined;
  } while (start);
  return items;
}

const text = (item: JsonObject) => JSON.stringify(Object.entries(item).sort());
const asSet = (items: Iterable<JsonObject>) => [...items].map(text).sort();

test('after any writes, tables and indexes read as a plain map of the items says', async () => {
  await fc.assert(
    fc.asyncProperty(
      writes,
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (all, Limit, ScanIndexForward) => {
        const table = `orders-${run++}`;
        await db.call('CreateTable', { ...ordersTable, TableName: table });
        const model = new Map<string, JsonObject>();
        for (const write of all) await apply(table, write, model);
        const items = [...model.values()];

        expect(asSet(await readAll('Scan', { TableName: table, Limit }))).toEqual(asSet(items));
        const query = (KeyConditionExpression: string, values: JsonObject, more: JsonObject = {}) =>
          readAll('Query', {
            TableName: table,
            KeyConditionExpression,
            ExpressionAttributeValues: values,
            Limit,
            ScanIndexForward,
            ...more,
          });
        const ofA = items.filter((item) => text(item).includes('"customer",{"S":"a"}'));
        const number = (item: JsonObject) => Number((item.id as { N: string }).N);
        const sorted = ofA.sort((x, y) => (ScanIndexForward ? 1 : -1) * (number(x) - number(y)));
        expect((await query('customer = :c', { ':c': { S: 'a' } })).map(text)).toEqual(sorted.map(text));

        const isNew = items.filter((item) => text(item).includes('"phase",{"S":"new"}'));
        expect(asSet(await query('phase = :p', { ':p': { S: 'new' } }, { IndexName: 'by-phase' }))).toEqual(
          asSet(isNew),
        );
        const late = await query(
          'phase = :p AND #d >= :d',
          { ':p': { S: 'new' }, ':d': { S: '2' } },
          {
            IndexName: 'by-phase-day',
            ExpressionAttributeNames: { '#d': 'day' },
          },
        );
        const day = (item: JsonObject) => (item.day as { S: string } | undefined)?.S ?? '';
        expect(asSet(late)).toEqual(asSet(isNew.filter((item) => day(item) >= '2')));
        const days = late.map(day);
        expect(days).toEqual(
          [...days].sort((x, y) => (ScanIndexForward ? 1 : -1) * (x < y ? -1 : x > y ? 1 : 0)),
        );

        const { Table } = await db.call('DescribeTable', { TableName: table });
        expect(Table).toMatchObject({ ItemCount: items.length });
        await db.call('DeleteTable', { TableName: table });
      },
    ),
    { numRuns: 40 },
  );
});
