import { execFile } from 'node:child_process';
import {
  BatchExecuteStatementCommand,
  CreateTableCommand,
  DuplicateItemException,
  DynamoDBClient,
  ExecuteStatementCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchExecuteStatementCommand as BatchExecuteDocuments,
  DynamoDBDocumentClient,
  ExecuteStatementCommand as ExecuteDocuments,
  ExecuteTransactionCommand as TransactDocuments,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../emulators/_wire/endpoint.ts';
import type { ServiceApi } from '../../../../src/model/service-api.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { TRACE_ID } from '../../world.ts';
import { ordersTable, runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';

let db: TestDynamodb;
let endpoint: Endpoint;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;
const targets: (string | undefined)[] = [];

beforeAll(async () => {
  db = await runDynamodb();
  endpoint = await startEndpoint({
    apis: () => [db.running.api as ServiceApi],
    tracer: {
      begin(start) {
        targets.push(start.target);
        return { origin: { traceId: TRACE_ID }, end() {} };
      },
    },
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
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
  await db.close();
});

test('the document client runs statements with plain values', async () => {
  const Item = {
    customer: 'ann',
    id: 1,
    tags: new Set(['a']),
    parts: [{ sku: 'x' }],
    raw: new Uint8Array([1, 2]),
  };
  await documents.send(
    new ExecuteDocuments({
      Statement: "INSERT INTO orders VALUE {'customer': ?, 'id': ?, 'tags': ?, 'parts': ?, 'raw': ?}",
      Parameters: [Item.customer, Item.id, Item.tags, Item.parts, Item.raw],
    }),
  );
  const { Items } = await documents.send(
    new ExecuteDocuments({
      Statement:
        'UPDATE "orders" SET tags = set_add(tags, <<\'b\'>>), parts[0].n = 2 WHERE customer = ? AND id = ? RETURNING ALL NEW *',
      Parameters: ['ann', 1],
    }),
  );
  expect(Items).toEqual([{ ...Item, tags: new Set(['a', 'b']), parts: [{ sku: 'x', n: 2 }] }]);
  const found = await documents.send(
    new ExecuteDocuments({
      Statement: "SELECT parts[0].n FROM orders WHERE customer = 'ann' AND raw = ?",
      Parameters: [Item.raw],
    }),
  );
  expect(found.Items).toEqual([{ n: 2 }]);
});

test('a statement is read page by page', async () => {
  for (let id = 0; id < 5; id++)
    await documents.send(
      new ExecuteDocuments({
        Statement: "INSERT INTO orders VALUE {'customer': 'bob', 'id': ?}",
        Parameters: [id],
      }),
    );
  const ids: unknown[] = [];
  const sizes: number[] = [];
  let NextToken: string | undefined;
  do {
    const page = await documents.send(
      new ExecuteDocuments({
        Statement: "SELECT id FROM orders WHERE customer = 'bob' ORDER BY id DESC",
        Limit: 2,
        NextToken,
      }),
    );
    ids.push(...(page.Items ?? []).map(({ id }) => id));
    sizes.push(page.Items?.length ?? 0);
    NextToken = page.NextToken;
  } while (NextToken);
  expect(ids).toEqual([4, 3, 2, 1, 0]);
  expect(sizes).toEqual([2, 2, 1]);
});

test('errors arrive as the SDK’s own exceptions, and per statement in a batch', async () => {
  const insert = { Statement: "INSERT INTO orders VALUE {'customer': 'eve', 'id': 1}" };
  await client.send(new ExecuteStatementCommand(insert));
  await expect(client.send(new ExecuteStatementCommand(insert))).rejects.toThrow(DuplicateItemException);
  await expect(client.send(new ExecuteStatementCommand({ Statement: 'SELEC' }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  const batch = await client.send(new BatchExecuteStatementCommand({ Statements: [insert] }));
  expect(batch.Responses).toEqual([
    {
      TableName: 'orders',
      Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
    },
  ]);
  const read = await documents.send(
    new BatchExecuteDocuments({
      Statements: [
        { Statement: 'SELECT * FROM orders WHERE customer = ? AND id = ?', Parameters: ['eve', 1] },
      ],
    }),
  );
  expect(read.Responses?.[0]?.Item).toEqual({ customer: 'eve', id: 1 });
  const cancelled = documents.send(
    new TransactDocuments({
      TransactStatements: [
        { Statement: "INSERT INTO orders VALUE {'customer': 'eve', 'id': ?}", Parameters: [2] },
        { Statement: "UPDATE orders SET n = 1 WHERE customer = 'eve' AND id = ?", Parameters: [9] },
      ],
    }),
  );
  await expect(cancelled).rejects.toThrow(TransactionCanceledException);
  await expect(cancelled).rejects.toMatchObject({
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
  });
});

test('a trace names the table a statement is about', async () => {
  targets.length = 0;
  await client.send(new ExecuteStatementCommand({ Statement: 'SELECT * FROM "orders"."by-day"' }));
  await client.send(
    new BatchExecuteStatementCommand({
      Statements: [{ Statement: "DELETE FROM orders WHERE customer = 'x' AND id = 1" }],
    }),
  );
  expect(targets).toEqual(['orders', 'orders']);
});

test('awscli runs a statement', async () => {
  const output = await new Promise<string>((done, fail) => {
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_DEFAULT_REGION: 'eu-west-1',
    };
    const args = [
      'dynamodb',
      'execute-statement',
      '--endpoint-url',
      endpoint.listening.url,
      '--output',
      'json',
    ];
    args.push(
      '--statement',
      "SELECT id FROM orders WHERE customer = 'bob' AND id < ?",
      '--parameters',
      '[{"N":"2"}]',
    );
    execFile('aws', args, { env }, (failure, stdout, stderr) =>
      failure ? fail(new Error(stderr)) : done(stdout),
    );
  });
  expect(JSON.parse(output)).toEqual({ Items: [{ id: { N: '0' } }, { id: { N: '1' } }] });
});
