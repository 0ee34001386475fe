import { execFile } from 'node:child_process';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  TransactionCanceledException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../emulators/_wire/endpoint.ts';
import type { ServiceApi } from '../../../src/model/service-api.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { TRACE_ID } from '../world.ts';
import { ordersTable, runDynamodb, type TestDynamodb } from './running-dynamodb.ts';

let db: TestDynamodb;
let endpoint: Endpoint;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;

beforeAll(async () => {
  db = await runDynamodb();
  endpoint = await startEndpoint({
    apis: () => [db.running.api as ServiceApi],
    tracer: { begin: () => ({ origin: { traceId: TRACE_ID }, end() {} }) },
    ids: randomIds,
    region: 'eu-west-1',
    accountId: '000000000000',
    port: 0,
  });
  client = new DynamoDBClient({
    endpoint: endpoint.listening.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  documents = DynamoDBDocumentClient.from(client);
  await client.send(new CreateTableCommand(ordersTable as never));
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: 'orders' });
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
  await db.close();
});

test('the document client writes, updates and reads plain objects', async () => {
  const TableName = 'orders';
  const Item = {
    customer: 'ann',
    id: 1,
    parts: [{ sku: 'x', n: 2 }],
    tags: new Set(['a']),
    raw: new Uint8Array([1, 2]),
  };
  await documents.send(new PutCommand({ TableName, Item }));
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName,
      Key: { customer: 'ann', id: 1 },
      UpdateExpression: 'SET parts[0].n = parts[0].n + :one ADD tags :t',
      ExpressionAttributeValues: { ':one': 1, ':t': new Set(['b']) },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  expect(Attributes).toEqual({ parts: [{ n: 3 }], tags: new Set(['a', 'b']) });
  const got = await documents.send(new GetCommand({ TableName, Key: { customer: 'ann', id: 1 } }));
  expect(got.Item).toEqual({ ...Item, parts: [{ sku: 'x', n: 3 }], tags: new Set(['a', 'b']) });
});

test('paginators walk through all pages', async () => {
  for (let id = 0; id < 25; id++)
    await documents.send(new PutCommand({ TableName: 'orders', Item: { customer: 'bob', id } }));
  const pages = paginateQuery(
    { client: documents, pageSize: 10 },
    {
      TableName: 'orders',
      KeyConditionExpression: 'customer = :c',
      ExpressionAttributeValues: { ':c': 'bob' },
    },
  );
  const counts = [];
  for await (const page of pages) counts.push(page.Count);
  expect(counts).toEqual([10, 10, 5]);
});

test('an index of several hash and range attributes is made and read', async () => {
  const names = ['tenant', 'area', 'day', 'n'];
  await client.send(
    new CreateTableCommand({
      TableName: 'events',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', ...names].map((AttributeName) => ({
        AttributeName,
        AttributeType: AttributeName === 'n' ? 'N' : 'S',
      })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-area',
          KeySchema: names.map((AttributeName, i) => ({ AttributeName, KeyType: i < 2 ? 'HASH' : 'RANGE' })),
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  for (let n = 0; n < 12; n++)
    await documents.send(
      new PutCommand({
        TableName: 'events',
        Item: { id: `${n}`, tenant: 't', area: `a${n % 2}`, day: `d${n % 3}`, n },
      }),
    );
  const read = async (KeyConditionExpression: string, values: Record<string, string | number>) => {
    const found: unknown[] = [];
    const pages = paginateQuery(
      { client: documents, pageSize: 2 },
      {
        TableName: 'events',
        IndexName: 'by-area',
        KeyConditionExpression,
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: values,
      },
    );
    for await (const { Items = [] } of pages) found.push(...Items.map((item) => item.n));
    return found;
  };
  const area = { ':t': 't', ':a': 'a1' };
  expect(await read('tenant = :t AND area = :a AND #day > :d', { ...area, ':d': 'd0' })).toEqual([
    1, 7, 5, 11,
  ]);
  expect(
    await read('tenant = :t AND area = :a AND #day = :d AND n BETWEEN :low AND :high', {
      ...area,
      ':d': 'd2',
      ':low': 6,
      ':high': 20,
    }),
  ).toEqual([11]);
  await expect(read('tenant = :t AND #day = :d', { ':t': 't', ':d': 'd1' })).rejects.toThrow(
    'HASH key attributes area must have equality conditions',
  );
});

test('errors arrive as the SDK’s own exceptions with their members', async () => {
  const put = { TableName: 'orders', Item: { customer: 'eve', id: 1 } };
  await documents.send(new PutCommand(put));
  const conditional = { ...put, ConditionExpression: 'attribute_not_exists(id)' };
  const refused = documents.send(
    new PutCommand({ ...conditional, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  );
  await expect(refused).rejects.toThrow(ConditionalCheckFailedException);
  await expect(refused).rejects.toMatchObject({ Item: { customer: { S: 'eve' }, id: { N: '1' } } });
  const cancelled = documents.send(
    new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName: 'orders', Item: { customer: 'eve', id: 2 } } },
        { Put: conditional },
      ],
    }),
  );
  await expect(cancelled).rejects.toThrow(TransactionCanceledException);
  await expect(cancelled).rejects.toMatchObject({
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
  });
  await expect(documents.send(new PutCommand({ ...put, Item: { customer: 1 } }))).rejects.toThrow(
    'One or more parameter values were invalid: Type mismatch for key customer expected: S actual: N',
  );
});

test('awscli lists the tables', async () => {
  const output = await new Promise<string>((done, fail) => {
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_DEFAULT_REGION: 'eu-west-1',
    };
    const args = ['dynamodb', 'list-tables', '--endpoint-url', endpoint.listening.url, '--output', 'json'];
    execFile('aws', args, { env }, (failure, stdout, stderr) =>
      failure ? fail(new Error(stderr)) : done(stdout),
    );
  });
  const { TableNames } = await client.send(new ListTablesCommand({}));
  expect(JSON.parse(output)).toEqual({ TableNames });
});
