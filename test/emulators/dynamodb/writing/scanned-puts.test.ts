/** What a table holds after puts that were not parsed is what it holds after the same puts parsed. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scanPut } from '../../../../emulators/dynamodb/writing/scan-put.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { ordersTable, runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';
import { type Client, connect, type Served, serve } from '../serving.ts';

let db: TestDynamodb;
let served: Served;
let client: Client;
beforeAll(async () => {
  db = await runDynamodb();
  served = await serve(db);
  client = connect(served.url, 1);
  for (const TableName of ['scanned', 'parsed'])
    await client.call('CreateTable', {
      ...ordersTable,
      TableName,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
});
afterAll(async () => {
  client.close();
  expect(served.bugs).toEqual([]);
  await served.close();
  await db.close();
});

/** Of a few keys, so that items are written over; now and then of a wrong type, empty or absent. */
const key = (type: 'S' | 'N', values: readonly string[]) =>
  fc.option(
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...values).map((value) => ({ [type]: value })) },
      fc.constantFrom<JsonObject>({ S: '' }, { S: '5' }, { N: '5' }, { BOOL: true }, { L: [] }),
    ),
    { nil: undefined, freq: 12 },
  );
const items = fc.array(
  fc.record({
    customer: key('S', ['a', 'b', 'ab']),
    id: key('N', ['1', '2', '-3', '10.5']),
    day: key('S', ['monday', 'tuesday']),
    phase: key('S', ['open', 'paid']),
    total: fc.option(fc.constantFrom<JsonObject>({ N: '7' }, { S: 'x'.repeat(130) }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 20 },
);

const reads = [
  { operation: 'Scan', input: {} },
  ...['by-day', 'by-phase', 'by-phase-day'].map((IndexName) => ({ operation: 'Scan', input: { IndexName } })),
  {
    operation: 'Query',
    input: {
      IndexName: 'by-phase',
      KeyConditionExpression: 'phase = :p',
      ExpressionAttributeValues: { ':p': { S: 'paid' } },
    },
  },
];

test('puts of a table with indexes and a stream', async () => {
  await fc.assert(
    fc.asyncProperty(items, async (all) => {
      for (const each of all) {
        const put = { TableName: 'scanned', Item: JSON.parse(JSON.stringify(each)) as JsonObject };
        if (Object.keys(put.Item).length > 0) expect(scanPut(JSON.stringify(put))).toBeDefined();
        const scanned = await client.call('PutItem', put);
        const parsed = await client.call('PutItem', { ...put, TableName: 'parsed', ReturnValues: 'NONE' });
        expect(scanned).toEqual(parsed);
      }
      for (const { operation, input } of reads) {
        const read = (TableName: string) =>
          client.call(operation, { ...input, TableName, ReturnConsumedCapacity: 'NONE' });
        expect(await read('scanned')).toEqual(await read('parsed'));
      }
    }),
    { numRuns: 40 },
  );
  const [scanned, parsed] = [await imagesOf('scanned'), await imagesOf('parsed')];
  expect(scanned.length).toBeGreaterThan(20);
  expect(scanned).toEqual(parsed);
  const sizes = await Promise.all(['scanned', 'parsed'].map(sizeOf));
  expect(sizes[0]).toEqual(sizes[1]);
});

test('pages of items that were not parsed end where those of parsed ones do', async () => {
  for (let id = 0; id < 120; id++) {
    const Item = { customer: { S: 'pages' }, id: { N: `${id}` }, text: { S: 'x'.repeat(9000 + id) } };
    await client.call('PutItem', { TableName: 'scanned', Item });
    await client.call('PutItem', { TableName: 'parsed', Item, ReturnValues: 'NONE' });
  }
  const lastOfPage = async (TableName: string) => {
    const { body } = await client.call('Query', {
      TableName,
      KeyConditionExpression: 'customer = :c',
      ExpressionAttributeValues: { ':c': { S: 'pages' } },
    });
    return body.LastEvaluatedKey;
  };
  expect(await lastOfPage('scanned')).toMatchObject({ customer: { S: 'pages' } });
  expect(await lastOfPage('scanned')).toEqual(await lastOfPage('parsed'));
});

async function sizeOf(TableName: string) {
  const { Table } = (await db.call('DescribeTable', { TableName })) as {
    Table: { TableSizeBytes: number; ItemCount: number };
  };
  return [Table.TableSizeBytes, Table.ItemCount];
}

/** The changes its stream tells of. */
async function imagesOf(TableName: string) {
  const { Table } = (await db.call('DescribeTable', { TableName })) as {
    Table: { LatestStreamArn: string };
  };
  const StreamArn = Table.LatestStreamArn;
  const call = async <T>(operation: string, input: JsonObject) =>
    (await client.call(`DynamoDBStreams_20120810.${operation}`, input)).body as T;
  const { StreamDescription } = await call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    'DescribeStream',
    { StreamArn },
  );
  const images: unknown[] = [];
  for (const { ShardId } of StreamDescription.Shards) {
    let { ShardIterator } = await call<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    for (;;) {
      const { Records, NextShardIterator } = await call<{
        Records: { eventName: string; dynamodb: JsonObject }[];
        NextShardIterator: string;
      }>('GetRecords', { ShardIterator });
      if (Records.length === 0) break;
      for (const { eventName, dynamodb } of Records) {
        const { Keys, NewImage, OldImage, SizeBytes } = dynamodb;
        images.push({ eventName, Keys, NewImage, OldImage, SizeBytes });
      }
      ShardIterator = NextShardIterator;
    }
  }
  return images;
}
