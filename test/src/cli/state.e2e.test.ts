import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Snapshot } from '../../../src/app/state-snapshots.ts';
import { ask, copyProject, type Dev, runCli, startDev } from './session-under-test.ts';

const copy = copyProject('shop-native');
let dev: Dev;
let db: DynamoDBClient;
let sqs: SQSClient;

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const start = async () => {
  dev = await startDev(copy.root, ['--backend', 'process']);
  const options = { endpoint: dev.ready.aws, region: 'us-east-1', credentials, maxAttempts: 1 };
  db = new DynamoDBClient(options);
  sqs = new SQSClient(options);
};
beforeAll(start);
afterEach(async () => {
  for (const { name } of await listed()) await state('rm', name);
});
afterAll(async () => {
  await dev.stop();
  copy.remove();
});

const state = (...args: string[]) => runCli(['state', ...args, '-C', copy.root]);
const listed = async () => JSON.parse((await state('list', '--json')).stdout) as Snapshot[];
const put = (id: string, more: Record<string, { S: string } | { N: string }> = {}) =>
  db.send(new PutItemCommand({ TableName: 'shop-orders', Item: { id: { S: id }, ...more } }));
const get = async (id: string) =>
  (await db.send(new GetItemCommand({ TableName: 'shop-orders', Key: { id: { S: id } } }))).Item;
const remove = (id: string) =>
  db.send(new DeleteItemCommand({ TableName: 'shop-orders', Key: { id: { S: id } } }));

/** What a script of the user's would do. */
const post = (path: string, body: object) =>
  ask(`${dev.ready.aws}/_sls-local/state/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sls-local': 'test' },
    body: JSON.stringify(body),
  });

test('save, change, compare, restore, compare again', async () => {
  await put('kept', { total: { N: '1' } });
  await put('gone');
  const saved = await state('save', 'base');
  expect(saved).toMatchObject({ code: 0, stderr: '' });
  expect(saved.stdout).toMatch(
    /^saved base: 1 table with 2 items, 2 queues with 0 messages, \d+ KB in \d+ ms\n$/,
  );
  await put('kept', { total: { N: '2' } });
  await remove('gone');
  await put('new', { note: { S: 'hello' } });
  expect((await state('diff', 'base')).stdout).toBe(
    [
      'shop-orders (1 added, 1 removed, 1 changed)',
      '  - id="gone"',
      '  + id="new"  note="hello"',
      '  ~ id="kept"  total: 1 → 2',
      '',
    ].join('\n'),
  );
  expect((await state('diff', 'base', 'now', '--exit-code')).code).toBe(1);
  const restored = await state('restore', 'base');
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(await get('kept')).toEqual({ id: { S: 'kept' }, total: { N: '1' } });
  expect([await get('gone'), await get('new')]).toEqual([{ id: { S: 'gone' } }, undefined]);
  expect(await state('diff', 'base', '--exit-code')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(dev.events).toContainEqual({
    type: 'notice',
    level: 'info',
    message: 'the state is now that of the snapshot "base"',
  });
  for (const id of ['kept', 'gone']) await remove(id);
});

test('--json gives the whole difference', async () => {
  await state('save', 'one');
  await put('a', { total: { N: '12345678901234567890123456789012345678' } });
  await state('save', 'two');
  const { stdout } = await state('diff', 'one', 'two', '--json');
  const item = { id: { S: 'a' }, total: { N: '12345678901234567890123456789012345678' } };
  expect(JSON.parse(stdout)).toEqual({
    tables: [
      {
        table: 'shop-orders',
        status: 'changed',
        items: { before: 0, after: 1 },
        definition: [],
        added: [{ key: { id: { S: 'a' } }, item }],
        removed: [],
        changed: [],
      },
    ],
    queues: [],
  });
  await remove('a');
});

test('a taken name, an unknown one and a wrong one are refused with what to do', async () => {
  await state('save', 'base');
  const again = await state('save', 'base');
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('replace it with --force');
  expect((await state('save', 'base', '--force')).code).toBe(0);
  const unknown = await state('restore', 'bass');
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('there is: base') });
  expect(await state('save', '../x')).toMatchObject({ code: 2, stderr: expect.stringContaining('"../x"') });
  expect(await state('diff', 'base', 'nope')).toMatchObject({ code: 2 });
});

test('tables and queues made since are gone after a restore, those of the project are there', async () => {
  await state('save', 'base');
  await db.send(
    new CreateTableCommand({
      TableName: 'scratch',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await state('restore', 'base');
  expect((await db.send(new ListTablesCommand({}))).TableNames).toEqual(['shop-orders']);
});

test('a message of the snapshot reaches the function that waits for messages', async () => {
  const queue = `${dev.ready.aws}/000000000000/shop-orders-queue`;
  await put('order');
  await post('save', { name: 'before' });
  const body = JSON.stringify({ id: 'order' });
  await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: body, DelaySeconds: 3 }));
  await post('save', { name: 'waiting' });
  await post('restore', { name: 'before' });
  expect((await state('diff', 'waiting', 'now')).stdout).toBe(
    'shop-orders-queue (messages 1 → 0: 0 added, 1 removed)\n',
  );
  await post('restore', { name: 'waiting' });
  await dev.ended((row) => row.functionId === 'Worker' && row.outcome?.status === 'ok');
  expect((await get('order'))?.status).toEqual({ S: 'processed' });
  await remove('order');
});

test('requests under way during restores are all answered, each by one state as a whole', async () => {
  const both = (n: number) => ['left', 'right'].map((id) => ({ id: { S: id }, n: { N: String(n) } }));
  await db.send(
    new BatchWriteItemCommand({
      RequestItems: { 'shop-orders': both(0).map((Item) => ({ PutRequest: { Item } })) },
    }),
  );
  const { QueueUrl: url } = await sqs.send(new CreateQueueCommand({ QueueName: 'beside' }));
  expect((await post('save', { name: 'base' })).status).toBe(200);

  let over = false;
  const counts = { writes: 0, reads: 0, orders: 0, receives: 0 };
  const loop = async (work: () => Promise<void>) => {
    while (!over) await work();
  };
  const clients = [
    loop(async () => {
      const TransactItems = both(++counts.writes).map((Item) => ({
        Put: { TableName: 'shop-orders', Item },
      }));
      await db.send(new TransactWriteItemsCommand({ TransactItems }));
    }),
    ...[1, 2].map(() =>
      loop(async () => {
        const Keys = ['left', 'right'].map((id) => ({
          Get: { TableName: 'shop-orders', Key: { id: { S: id } } },
        }));
        const { Responses = [] } = await db.send(new TransactGetItemsCommand({ TransactItems: Keys }));
        const [left, right] = Responses.map(({ Item }) => Item?.n?.N);
        expect(left).toBeDefined();
        expect(left).toBe(right);
        counts.reads++;
      }),
    ),
    loop(async () => {
      const made = await ask(`${dev.ready.http}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ item: 'book' }),
      });
      expect(made.status).toBe(201);
      const { id } = made.body as { id: string };
      const found = await ask(`${dev.ready.http}/orders/${id}`);
      expect([200, 404]).toContain(found.status);
      counts.orders++;
    }),
    loop(async () => {
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 1 }));
      counts.receives++;
    }),
  ];
  for (let round = 0; round < 25; round++) {
    const { status, body } = await post('restore', { name: 'base' });
    expect({ status, body }).toMatchObject({ status: 200, body: { name: 'base' } });
  }
  over = true;
  await Promise.all(clients);
  expect(Math.min(counts.writes, counts.reads, counts.orders, counts.receives)).toBeGreaterThan(0);

  await post('restore', { name: 'base' });
  expect((await get('left'))?.n).toEqual({ N: '0' });
  const after = await state('diff', 'base', '--json');
  expect(JSON.parse(after.stdout)).toEqual({ tables: [], queues: [] });
  for (const id of ['left', 'right']) await remove(id);
});

test('without a session the same commands work on the folder, and the next session has what was restored', async () => {
  await put('a', { total: { N: '1' } });
  await state('save', 'base');
  await put('a', { total: { N: '2' } });
  // Nothing is flushed or closed.
  expect(await dev.stop('SIGKILL')).toBeNull();
  expect((await state('diff', 'base')).stdout).toContain('total: 1 → 2');
  expect(await state('save', 'later')).toMatchObject({ code: 0, stderr: '' });
  expect(await state('restore', 'base')).toMatchObject({ code: 0, stderr: '' });
  expect((await state('diff', 'base', 'now', '--exit-code')).code).toBe(0);
  await start();
  expect((await get('a'))?.total).toEqual({ N: '1' });
  await state('restore', 'later');
  expect((await get('a'))?.total).toEqual({ N: '2' });
  await remove('a');
});

test('snapshots are not touched by a kill of the session, and the journal is not by a restore', async () => {
  await state('save', 'base');
  const before = await ask(`${dev.ready.http}/orders/nobody`);
  const trace = String(before.headers.get('x-sls-local-trace'));
  await state('restore', 'base');
  await dev.stop('SIGKILL');
  await start();
  expect((await listed()).map(({ name }) => name)).toEqual(['base']);
  const rows = (await runCli(['traces', '--json', '-C', copy.root])).stdout;
  expect(rows).toContain(trace);
});

test('in a folder where nothing ever ran the commands say so', async () => {
  const empty = join(copy.root, '..', 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'serverless.yml'), 'service: x\n');
  for (const args of [
    ['save', 'x'],
    ['restore', 'x'],
    ['diff', 'now', 'now'],
  ]) {
    const { code, stderr } = await runCli(['state', ...args, '-C', empty]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('sls-local dev') });
  }
  expect((await runCli(['state', 'list', '--json', '-C', empty])).stdout).toBe('[]\n');
  rmSync(empty, { recursive: true });
});
