import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventbridge } from '../../../emulators/eventbridge/index.ts';
import { kinesis } from '../../../emulators/kinesis/index.ts';
import { scheduler } from '../../../emulators/scheduler/index.ts';
import { openSecretStore } from '../../../emulators/secretsmanager/store.ts';
import { openSnsStore } from '../../../emulators/sns/store.ts';
import { openParameterStore, type ParameterType } from '../../../emulators/ssm/store.ts';
import { readContents } from '../../../src/app/state-contents.ts';
import { diffStates, isSame } from '../../../src/app/state-diff.ts';
import { openAsyncJobs } from '../../../src/invoke/async-jobs.ts';
import type { JsonObject, RunningEmulator } from '../../../src/model/emulator.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { type FileStore, openStore } from '../../../src/std/store/store.ts';
import {
  order,
  ordersTable,
  runDynamodb,
  type TestDynamodb,
  tableInput,
} from '../../emulators/dynamodb/running-dynamodb.ts';
import { type RunningSqs, startSqs } from '../../emulators/sqs/running-queue.ts';
import { callOperation, makeWorld } from '../../emulators/world.ts';

let folder: string;
let store: FileStore;
let tables: TestDynamodb;
let queues: RunningSqs;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-diff-'));
  store = openStore(join(folder, 'data'));
  tables = await runDynamodb(store);
  queues = await startSqs(makeWorld(store));
});
afterEach(async () => {
  await queues.emulator.close();
  await tables.running.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (table: string, item: JsonObject) => tables.call('PutItem', { TableName: table, Item: item });

/** What `change` changes. */
async function diffOf(change: () => Promise<unknown>) {
  const copy = mkdtempSync(join(folder, 'copy-'));
  await store.copyTo(copy);
  const before = openStore(copy, { readOnly: true });
  await change();
  const diff = diffStates(before, store);
  await before.close();
  return diff;
}

test('equal states have no difference', async () => {
  await tables.call('CreateTable', ordersTable);
  await put('orders', order('ann', 1));
  await queues.send(await queues.queue('work'), 'x');
  const diff = await diffOf(async () => {});
  expect(diff).toEqual({ tables: [], queues: [] });
  expect(isSame(diff)).toBe(true);
});

test('items added, removed and changed are told with their keys, changes by attribute', async () => {
  await tables.call('CreateTable', ordersTable);
  for (let id = 1; id <= 50; id++) await put('orders', order('ann', id, { total: { N: '1' } }));
  const diff = await diffOf(async () => {
    await put('orders', order('ann', 7, { total: { N: '2' }, note: { S: 'hi' } }));
    await put('orders', order('bob', 1));
    await tables.call('DeleteItem', { TableName: 'orders', Key: order('ann', 9) });
  });
  expect(diff.tables).toEqual([
    {
      table: 'orders',
      status: 'changed',
      items: { before: 50, after: 50 },
      definition: [],
      added: [{ key: order('bob', 1), item: order('bob', 1) }],
      removed: [{ key: order('ann', 9), item: order('ann', 9, { total: { N: '1' } }) }],
      changed: [
        {
          key: order('ann', 7),
          attributes: [
            { name: 'note', after: { S: 'hi' } },
            { name: 'total', before: { N: '1' }, after: { N: '2' } },
          ],
        },
      ],
    },
  ]);
});

test('the order of attributes and of the members of a set is no difference, that of a list is', async () => {
  await tables.call('CreateTable', tableInput('things', 'id:S'));
  const item = (more: JsonObject): JsonObject => ({ id: { S: '1' }, ...more });
  await put('things', item({ m: { M: { a: { S: '1' }, b: { S: '2' } } }, s: { SS: ['x', 'y'] } }));
  expect(
    isSame(
      await diffOf(() =>
        put('things', { s: { SS: ['y', 'x'] }, m: { M: { b: { S: '2' }, a: { S: '1' } } }, id: { S: '1' } }),
      ),
    ),
  ).toBe(true);
  await put('things', item({ l: { L: [{ S: 'x' }, { S: 'y' }] } }));
  const { tables: changed } = await diffOf(() => put('things', item({ l: { L: [{ S: 'y' }, { S: 'x' }] } })));
  expect(changed[0]?.changed[0]?.attributes.map(({ name }) => name)).toEqual(['l']);
});

test('tables made and deleted are told with their items, and one made anew under its name is compared by its items', async () => {
  for (const name of ['gone', 'same']) {
    await tables.call('CreateTable', tableInput(name, 'id:S'));
    await put(name, { id: { S: '1' } });
  }
  const diff = await diffOf(async () => {
    for (const name of ['gone', 'same']) await tables.call('DeleteTable', { TableName: name });
    for (const name of ['new', 'same']) await tables.call('CreateTable', tableInput(name, 'id:S'));
    await put('same', { id: { S: '1' } });
    await put('new', { id: { S: '2' } });
  });
  const item = (id: string) => ({ key: { id: { S: id } }, item: { id: { S: id } } });
  expect(diff.tables).toMatchObject([
    { table: 'gone', status: 'removed', items: { before: 1, after: 0 }, removed: [item('1')] },
    { table: 'new', status: 'added', items: { before: 0, after: 1 }, added: [item('2')] },
  ]);
});

test('what changed of a definition is named', async () => {
  await tables.call('CreateTable', tableInput('things', 'id:S'));
  const diff = await diffOf(() =>
    tables.call('UpdateTimeToLive', {
      TableName: 'things',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' },
    }),
  );
  expect(diff.tables).toMatchObject([{ table: 'things', definition: ['ttlAttribute'], changed: [] }]);
});

test('queues are compared by their messages, those in flight included', async () => {
  const url = await queues.queue('work');
  await queues.queue('gone');
  await queues.send(url, '1');
  await queues.send(url, '2');
  const diff = await diffOf(async () => {
    const [first] = await queues.receive(url, { MaxNumberOfMessages: 1 });
    await queues.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first?.handle ?? '' });
    for (const body of ['3', '4', '5']) await queues.send(url, body);
    await queues.call('DeleteQueue', { QueueUrl: url.replace('work', 'gone') });
    await queues.queue('new');
  });
  expect(diff.queues).toEqual([
    { queue: 'gone', status: 'removed', messages: { before: 0, after: 0 }, added: 0, removed: 0 },
    { queue: 'new', status: 'added', messages: { before: 0, after: 0 }, added: 0, removed: 0 },
    { queue: 'work', status: 'changed', messages: { before: 2, after: 4 }, added: 3, removed: 1 },
  ]);
});

test('asynchronous events that wait are counted', async () => {
  const diff = await diffOf(async () =>
    openAsyncJobs(store).add('worker', 1, {
      request: { functionId: 'worker', event: '{}', cause: { kind: 'cli' }, requestId: 'r' },
      attempt: 1,
      postponed: 0,
      postponedNow: false,
      enqueuedAt: 1,
    }),
  );
  expect(diff).toEqual({ tables: [], queues: [], events: { before: 0, after: 1 } });
});

test('topics, parameters and secrets are told by name, and what of them changed; secret values are not shown', async () => {
  const parameters = openParameterStore(store);
  const version = (number: number, value: string) => ({
    ...{ version: number, value, tier: 'Standard' as const, dataType: 'text', at: 0 },
  });
  const put = (name: string, type: ParameterType, number: number, value: string) => {
    parameters.save({ name, type, latest: number, tags: {}, labels: {} });
    parameters.saveVersion(name, version(number, value));
  };
  const secrets = openSecretStore(store);
  const secret = (name: string, id: string) => ({
    ...{ arn: `arn:${name}`, name, tags: {}, createdAt: 0, changedAt: 0 },
    versions: [{ id, stages: ['AWSCURRENT'], at: 0 }],
  });
  const topics = openSnsStore(store);
  const topic = { arn: 'arn:news', name: 'news', fifo: false, attributes: {}, tags: {}, deleted: 0 };
  put('/plain', 'String', 1, 'a');
  put('/hidden', 'SecureString', 1, 'old');
  secrets.save(secret('db', 'v1'));
  topics.saveTopic(topic);
  const diff = await diffOf(async () => {
    put('/plain', 'String', 2, 'b');
    put('/hidden', 'SecureString', 2, 'new');
    put('/more', 'String', 1, 'c');
    secrets.save(secret('db', 'v2'));
    topics.saveSubscription({
      ...{ arn: 'arn:s', topicArn: 'arn:news', protocol: 'sqs', endpoint: 'arn:q', attributes: {} },
      ...{ number: 1, authenticated: false },
    });
  });
  expect(diff).toEqual({
    tables: [],
    queues: [],
    topics: [
      {
        name: 'news',
        status: 'changed',
        changes: [{ name: 'subscription sqs arn:q', after: 'confirmed' }],
      },
    ],
    parameters: [
      { name: '/hidden', status: 'changed', changes: [{ name: 'version', before: '1', after: '2' }] },
      { name: '/more', status: 'added', changes: [] },
      {
        name: '/plain',
        status: 'changed',
        changes: [
          { name: 'value', before: 'a', after: 'b' },
          { name: 'version', before: '1', after: '2' },
        ],
      },
    ],
    secrets: [{ name: 'db', status: 'changed', changes: [{ name: 'version', before: 'v1', after: 'v2' }] }],
  });
  expect(isSame(diff)).toBe(false);
});

test('streams are compared shard by shard, buses, archives and schedules by what they say', async () => {
  const given = makeWorld(store).context;
  const streams = await kinesis.start(given);
  const events = await eventbridge.start(given);
  const timers = await scheduler.start(given);
  const call = async (emulator: RunningEmulator, operation: string, input: JsonObject) =>
    (await callOperation(emulator.api as JsonApi, operation, input)) as JsonObject;
  const record = (ExplicitHashKey: string) =>
    call(streams, 'PutRecord', { StreamName: 'clicks', Data: 'YQ==', PartitionKey: 'a', ExplicitHashKey });
  const low = '0';
  const high = String(2n ** 128n - 1n);
  await call(streams, 'CreateStream', { StreamName: 'clicks', ShardCount: 2 });
  await call(streams, 'CreateStream', { StreamName: 'gone', ShardCount: 1 });
  await record(low);
  await call(events, 'CreateEventBus', { Name: 'orders' });
  const nightly = { kind: 'schedule', group: 'default', name: 'nightly' } as const;
  const declare = (expression: string) =>
    timers.apply(
      [{ ...nightly, settings: JSON.stringify({ ...TARGET, ScheduleExpression: expression }) }],
      [],
    );
  await declare('rate(1 day)');

  const diff = await diffOf(async () => {
    await record(high);
    await record(high);
    await call(streams, 'DeleteStream', { StreamName: 'gone' });
    await call(events, 'PutRule', {
      Name: 'placed',
      EventBusName: 'orders',
      EventPattern: '{"source":["shop"]}',
    });
    const { Arn } = await call(events, 'DescribeEventBus', { Name: 'orders' });
    await call(events, 'CreateArchive', { ArchiveName: 'kept', EventSourceArn: Arn ?? '' });
    await call(events, 'PutEvents', {
      Entries: [{ EventBusName: 'orders', Source: 'shop', DetailType: 'd', Detail: '{}' }],
    });
    await declare('rate(2 days)');
  });
  expect(diff.streams).toEqual([
    {
      ...{ stream: 'clicks', status: 'changed', records: { before: 1, after: 3 }, changes: [] },
      shards: [{ shard: 'shardId-000000000001', before: 0, after: 2, added: 2, removed: 0 }],
    },
    { stream: 'gone', status: 'removed', records: { before: 0, after: 0 }, changes: [], shards: [] },
  ]);
  expect(diff.buses).toEqual([
    {
      ...{ name: 'orders', status: 'changed' },
      changes: [{ name: 'rule placed', after: '{"source":["shop"]} → nobody' }],
    },
  ]);
  expect(diff.archives).toEqual([{ name: 'kept', status: 'added', changes: [] }]);
  expect(diff.schedules).toEqual([
    {
      ...{ name: 'nightly', status: 'changed' },
      changes: [{ name: 'expression', before: 'rate(1 day)', after: 'rate(2 days)' }],
    },
  ]);

  const copy = mkdtempSync(join(folder, 'copy-'));
  await store.copyTo(copy);
  expect(await readContents(copy)).toMatchObject({
    streams: [{ name: 'clicks', records: 3, shards: [{ records: 1 }, { records: 2 }] }],
    buses: [{ name: 'orders', rules: 1 }],
    archives: [{ name: 'kept', events: 1 }],
    schedules: ['nightly'],
  });
  for (const emulator of [streams, events, timers]) await emulator.close();
});

const TARGET = {
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: 'arn:aws:sqs:eu-west-1:000000000000:work', RoleArn: 'arn:aws:iam::000000000000:role/r' },
};
