import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Store } from '../../../src/model/platform.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store/store.ts';
import { makeWriteGroup } from '../../../src/std/write-group.ts';
import { runDynamodb, type TestDynamodb, tableInput } from './running-dynamodb.ts';
import { type Client, connect, type Served, serve } from './serving.ts';

let store: FileStore;
/** How many works each shared transaction had. */
let groups: number[];
let counted: Store;
beforeEach(() => {
  store = openTemporaryStore();
  groups = [];
  counted = {
    ...store,
    writeAll(works) {
      groups.push(works.length);
      return store.writeAll(works);
    },
  };
});

test('writes of one turn are one transaction, and each is answered by itself', async () => {
  const map = store.map<string>('m');
  const group = makeWriteGroup(counted);
  const prepared: string[] = [];
  const put = (name: string) =>
    group.add(
      () => prepared.push(name),
      () => {
        if (map.has(name)) throw new Error(`${name} is there`);
        map.put(name, name);
        return name;
      },
    );
  const ended = await Promise.allSettled([put('a'), put('a'), put('b')]);
  expect(ended).toMatchObject([{ value: 'a' }, { reason: { message: 'a is there' } }, { value: 'b' }]);
  expect(prepared).toEqual(['a', 'a', 'b']);
  expect([...map.keys()]).toEqual(['a', 'b']);
  expect(groups).toEqual([3]);
  await store.close();
});

test('writes that come alone are soon done at once, until others come with them again', async () => {
  const group = makeWriteGroup(counted);
  const add = () =>
    group.add(
      () => {},
      () => 'done',
    );
  let waited = 0;
  let ended = add();
  for (; ended instanceof Promise; ended = add()) {
    expect(await ended).toBe('done');
    waited++;
  }
  expect(ended).toBe('done');
  expect(groups).toEqual(Array.from({ length: waited }, () => 1));
  let atOnce = 1;
  while (!(add() instanceof Promise)) atOnce++;
  expect(atOnce).toBeGreaterThan(5 * waited);
  // The last one waits for company, and gets it.
  expect(await add()).toBe('done');
  expect(groups.slice(waited)).toEqual([2]);
  const last = add();
  expect(last).toBeInstanceOf(Promise);
  await last;
  await store.close();
});

test('a single write without company among many does not end their sharing', async () => {
  const group = makeWriteGroup(counted);
  const add = () =>
    group.add(
      () => {},
      () => 'done',
    );
  for (let round = 0; round < 20; round++) {
    await Promise.all([add(), add()]);
    expect(add()).toBeInstanceOf(Promise);
    await new Promise((turn) => setImmediate(turn));
  }
  expect(groups).toEqual(Array.from({ length: 20 }, () => [2, 1]).flat());
  await store.close();
});

test('nobody is answered where the transaction cannot be committed', async () => {
  const broken = makeWriteGroup({
    ...store,
    writeAll: (works) => works.map(() => ({ failure: new Error('the disk is full') })),
  });
  const add = () =>
    broken.add(
      () => {},
      () => 'done',
    );
  expect(await Promise.allSettled([add(), add()])).toMatchObject([
    { reason: { message: 'the disk is full' } },
    { reason: { message: 'the disk is full' } },
  ]);
  await store.close();
});

const COUNTER = { id: { S: 'counter' } };

test('many clients’ writes of one item over HTTP all count, and refused conditions refuse their own write only', async () => {
  const db: TestDynamodb = await runDynamodb(counted);
  const served: Served = await serve(db);
  const client: Client = connect(served.url, 16);
  await client.call('CreateTable', {
    ...tableInput('things', 'id:S'),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  });
  const add = () =>
    client.call('UpdateItem', {
      TableName: 'things',
      Key: COUNTER,
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    });
  const putOnce = (id: number) =>
    client.call('PutItem', {
      TableName: 'things',
      Item: { id: { S: `${id % 20}` }, by: { N: `${id}` } },
      ConditionExpression: 'attribute_not_exists(id)',
    });
  const both = Array.from({ length: 200 }, (_, i) => [add(), putOnce(i)] as const);
  const counts = await Promise.all(both.map(([counted]) => counted));
  const puts = await Promise.all(both.map(([, put]) => put));
  const seen = counts.map(({ body }) => Number(((body.Attributes as JsonObject).n as { N: string }).N));
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  expect(puts.filter(({ code }) => code === undefined)).toHaveLength(20);
  expect(new Set(puts.map(({ code }) => code))).toEqual(
    new Set([undefined, 'ConditionalCheckFailedException']),
  );
  expect(Math.max(...groups)).toBeGreaterThan(1);

  const { body } = await client.call('DescribeTable', { TableName: 'things' });
  const { LatestStreamArn: StreamArn, ItemCount } = body.Table as JsonObject;
  expect(ItemCount).toBe(21);
  const stream = await client.call('DynamoDBStreams_20120810.DescribeStream', {
    StreamArn: StreamArn as string,
  });
  const [shard] = (stream.body.StreamDescription as JsonObject).Shards as JsonObject[];
  const iterator = await client.call('DynamoDBStreams_20120810.GetShardIterator', {
    StreamArn: StreamArn as string,
    ShardId: shard?.ShardId as string,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const page = await client.call('DynamoDBStreams_20120810.GetRecords', {
    ShardIterator: iterator.body.ShardIterator as string,
  });
  const images = (page.body.Records as { dynamodb: { NewImage: JsonObject } }[]).map(
    ({ dynamodb }) => dynamodb.NewImage,
  );
  expect(images).toHaveLength(220);
  expect(images.flatMap(({ n }) => (n ? [Number((n as { N: string }).N)] : []))).toEqual(
    Array.from({ length: 200 }, (_, i) => i + 1),
  );
  client.close();
  await served.close();
  expect(served.bugs).toEqual([]);
  await db.close();
});

test('the first writes of a table after a restart, and of one that gets a time to live, find their maps open', async () => {
  const first = await runDynamodb(counted);
  await first.call('CreateTable', tableInput('things', 'id:S'));
  await first.running.close();
  const db = await runDynamodb(counted);
  const served = await serve(db);
  const client = connect(served.url, 8);
  const put = (id: string) =>
    client.call('PutItem', { TableName: 'things', Item: { id: { S: id }, until: { N: '99999999999' } } });
  const all = await Promise.all(['a', 'b', 'c', 'd'].map(put));
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'until' };
  const more = await Promise.all([
    put('e'),
    client.call('UpdateTimeToLive', { TableName: 'things', TimeToLiveSpecification }),
    put('f'),
    put('g'),
  ]);
  expect([...all, ...more].map(({ status }) => status)).toEqual(Array(8).fill(200));
  const missing = await Promise.all([put('h'), client.call('PutItem', { TableName: 'none', Item: COUNTER })]);
  expect(missing.map(({ code }) => code)).toEqual([undefined, 'ResourceNotFoundException']);
  client.close();
  await served.close();
  expect(served.bugs).toEqual([]);
  await db.close();
});

afterEach(() => store.close().catch(() => {}));
