import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { attributeValues, canonical } from './expressions/documents.ts';
import { runDynamodb, type TestDynamodb, tableInput } from './running-dynamodb.ts';
import { type Client, connect, type Served, serve } from './serving.ts';

let db: TestDynamodb;
let served: Served;
let client: Client;
let arn: string;
let shard: string;

beforeAll(async () => {
  db = await runDynamodb();
  served = await serve(db);
  client = connect(served.url, 4);
  const { body } = await client.call('CreateTable', {
    ...tableInput('things', 'id:N'),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  arn = String((body.TableDescription as JsonObject).LatestStreamArn);
  const described = await client.call('DynamoDBStreams_20120810.DescribeStream', { StreamArn: arn });
  const [first] = (described.body.StreamDescription as JsonObject).Shards as JsonObject[];
  shard = String(first?.ShardId);
});
afterAll(async () => {
  client.close();
  await served.close();
  await db.close();
  expect(served.bugs).toEqual([]);
});

const rare = fc.constantFrom<JsonObject>(
  { S: '' },
  { S: '\0\u001f"\\\u2028😀\uffff' },
  { B: '' },
  { N: `0.${'0'.repeat(129)}1` },
  { N: `-${'9'.repeat(38)}${'0'.repeat(88)}` },
  { N: '12345678901234567.890123456789' },
  { SS: [''] },
  { BS: ['', 'AA=='] },
  JSON.parse('{"M":{"__proto__":{"N":"1"},"constructor":{"S":"x"},"a.b":{"NULL":true},"B":{"L":[]}}}'),
  { L: [] },
  { M: {} },
);
const attributes = fc.dictionary(
  fc.oneof(
    fc.constantFrom('a', 'B', 'BS', '__proto__', 'toString', 'é😀', 'with space'),
    fc.string({ minLength: 1 }),
  ),
  fc.oneof(
    attributeValues.map((value) => value as unknown as JsonObject),
    rare,
  ),
  { maxKeys: 4 },
);

let next = 0;

test('what is put comes back the same, over JSON and CBOR, from get, from a query and from the stream', async () => {
  const iterator = await client.call('DynamoDBStreams_20120810.GetShardIterator', {
    StreamArn: arn,
    ShardId: shard,
    ShardIteratorType: 'LATEST',
  });
  let ShardIterator = String(iterator.body.ShardIterator);
  await fc.assert(
    fc.asyncProperty(attributes, fc.boolean(), fc.boolean(), async (more, putsCbor, getsCbor) => {
      const key = { id: { N: String(next++) } };
      const Item = JSON.parse(JSON.stringify({ ...more, ...key })) as JsonObject;
      const wanted = canonical(Item);
      const write = putsCbor ? client.callCbor : client.call;
      const read = getsCbor ? client.callCbor : client.call;
      expect(await write('PutItem', { TableName: 'things', Item })).toMatchObject({ status: 200 });
      const got = await read('GetItem', { TableName: 'things', Key: key });
      expect(canonical(got.body.Item)).toBe(wanted);
      const { body } = await read('Query', {
        TableName: 'things',
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': key.id },
      });
      expect((body.Items as JsonObject[]).map(canonical)).toEqual([wanted]);
      const page = await client.call('DynamoDBStreams_20120810.GetRecords', { ShardIterator });
      const records = page.body.Records as { readonly dynamodb: JsonObject }[];
      expect(records.map(({ dynamodb }) => canonical(dynamodb.NewImage))).toEqual([wanted]);
      ShardIterator = String(page.body.NextShardIterator);
    }),
    { numRuns: 150 },
  );
});

/** Ways to write an item; each begins with its key alone. */
const writes: Readonly<Record<string, (item: JsonObject, key: JsonObject) => readonly [string, JsonObject]>> =
  {
    UpdateItem: (item, key) => {
      const names = Object.keys(item).filter((name) => !Object.hasOwn(key, name));
      const sets = names.map((_, i) => `#n${i} = :v${i}`);
      return [
        'UpdateItem',
        {
          TableName: 'things',
          Key: key,
          ...(sets.length > 0 && {
            UpdateExpression: `SET ${sets.join(', ')}`,
            ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#n${i}`, name])),
            ExpressionAttributeValues: Object.fromEntries(
              names.map((name, i) => [`:v${i}`, Object.getOwnPropertyDescriptor(item, name)?.value]),
            ),
          }),
        },
      ];
    },
    BatchWriteItem: (Item) => ['BatchWriteItem', { RequestItems: { things: [{ PutRequest: { Item } }] } }],
    TransactWriteItems: (Item) => [
      'TransactWriteItems',
      { TransactItems: [{ Put: { TableName: 'things', Item } }] },
    ],
    PartiQL: (item) => {
      const names = Object.keys(item).filter((name) => !name.includes("'"));
      return [
        'ExecuteStatement',
        {
          Statement: `INSERT INTO "things" VALUE {${names.map((name) => `'${name}': ?`).join(', ')}}`,
          Parameters: names.map((name) => Object.getOwnPropertyDescriptor(item, name)?.value),
        },
      ];
    },
  };

const reads: Readonly<Record<string, (key: JsonObject) => Promise<unknown>>> = {
  BatchGetItem: async (key) => {
    const { body } = await client.call('BatchGetItem', { RequestItems: { things: { Keys: [key] } } });
    return ((body.Responses as JsonObject).things as JsonObject[])[0];
  },
  TransactGetItems: async (Key) => {
    const { body } = await client.call('TransactGetItems', {
      TransactItems: [{ Get: { TableName: 'things', Key } }],
    });
    return (body.Responses as JsonObject[])[0]?.Item;
  },
  PartiQL: async ({ id }) => {
    const { body } = await client.call('ExecuteStatement', {
      Statement: 'SELECT * FROM "things" WHERE id = ?',
      Parameters: [id as JsonObject],
    });
    return (body.Items as JsonObject[])[0];
  },
  DeleteItem: async (Key) => {
    const { body } = await client.call('DeleteItem', { TableName: 'things', Key, ReturnValues: 'ALL_OLD' });
    return body.Attributes;
  },
};

test.each(Object.keys(writes))(
  '%s writes what batches, transactions, statements and deletes give back',
  async (way) => {
    await fc.assert(
      fc.asyncProperty(attributes, fc.boolean(), async (more, isCbor) => {
        const key = { id: { N: String(next++) } };
        const item = JSON.parse(JSON.stringify({ ...more, ...key })) as JsonObject;
        if (way === 'PartiQL')
          for (const name of Object.keys(item)) if (name.includes("'")) delete item[name];
        const [operation, input] = writes[way]?.(item, key) ?? ['', {}];
        const send = isCbor ? client.callCbor : client.call;
        expect(await send(operation, input)).toMatchObject({ status: 200 });
        for (const read of Object.values(reads)) expect(canonical(await read(key))).toBe(canonical(item));
        expect((await client.call('GetItem', { TableName: 'things', Key: key })).body).toEqual({});
      }),
      { numRuns: 40 },
    );
  },
);
