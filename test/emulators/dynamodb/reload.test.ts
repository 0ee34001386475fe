import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { TableResource } from '../../../src/model/resources.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store/store.ts';
import { saveState } from '../saved-state.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb, tableInput } from './running-dynamodb.ts';

let store: FileStore;
let db: TestDynamodb;
beforeEach(async () => {
  store = openTemporaryStore();
  db = await runDynamodb(store);
});
afterEach(() => db.close());

const put = (item: JsonObject, table = 'orders') => db.call('PutItem', { TableName: table, Item: item });
const scan = async (table = 'orders', more: JsonObject = {}) =>
  (await db.call('Scan', { TableName: table, ...more })).Items;
const names = async () => (await db.call('ListTables', {})).TableNames;

test('tables, items, index entries and sizes are those of the saved state', async () => {
  await db.call('CreateTable', ordersTable);
  await put(order('ann', 1, { phase: { S: 'new' } }));
  const described = await db.call('DescribeTable', { TableName: 'orders' });
  const restore = await saveState(store);
  await put(order('ann', 1, { phase: { S: 'done' } }));
  await put(order('bob', 2, { phase: { S: 'new' } }));
  await db.call('CreateTable', tableInput('later', 'id:S'));
  await restore(db.running);
  expect(await names()).toEqual(['orders']);
  expect(await scan()).toEqual([order('ann', 1, { phase: { S: 'new' } })]);
  expect(await scan('orders', { IndexName: 'by-phase' })).toHaveLength(1);
  expect(await db.call('DescribeTable', { TableName: 'orders' })).toEqual(described);
  await put(order('cyd', 3));
  expect(await scan()).toHaveLength(2);
});

test('a table deleted since is back with its items, and one deleted and made anew is the old one', async () => {
  for (const name of ['orders', 'users']) {
    await db.call('CreateTable', tableInput(name, 'id:S'));
    await put({ id: { S: 'saved' } }, name);
  }
  const restore = await saveState(store);
  for (const name of ['orders', 'users']) await db.call('DeleteTable', { TableName: name });
  await db.call('CreateTable', tableInput('users', 'email:S'));
  await put({ email: { S: 'x' } }, 'users');
  await restore(db.running);
  expect(await scan('orders')).toEqual([{ id: { S: 'saved' } }]);
  expect(await scan('users')).toEqual([{ id: { S: 'saved' } }]);
});

test('nothing of what the saved state does not have is left in the store', async () => {
  await db.call('CreateTable', tableInput('orders', 'id:S'));
  await put({ id: { S: '1' } });
  const before = store.names();
  const restore = await saveState(store);
  await db.call('CreateTable', ordersTableNamed('later'));
  await put(order('ann', 1), 'later');
  await restore(db.running);
  expect(store.names()).toEqual(before);
});

test('items of the saved state expire by their own time', async () => {
  await db.call('CreateTable', tableInput('orders', 'id:S'));
  await db.call('UpdateTimeToLive', {
    TableName: 'orders',
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' },
  });
  const until = Math.floor(db.world.clock.now() / 1000) + 60;
  await put({ id: { S: '1' }, until: { N: String(until) } });
  const restore = await saveState(store);
  await db.call('DeleteTable', { TableName: 'orders' });
  await restore(db.running);
  await db.world.clock.advance(59_000);
  expect(await scan()).toHaveLength(1);
  await db.world.clock.advance(2000);
  expect(await scan()).toHaveLength(0);
});

test('a transaction repeated with its token is done again: the saved state does not have it', async () => {
  await db.call('CreateTable', tableInput('orders', 'id:S'));
  const restore = await saveState(store);
  const transact = () =>
    db.call('TransactWriteItems', {
      ClientRequestToken: 'token',
      TransactItems: [{ Put: { TableName: 'orders', Item: { id: { S: '1' } } } }],
    });
  await transact();
  await restore(db.running);
  await transact();
  expect(await scan()).toEqual([{ id: { S: '1' } }]);
});

test('what the project has and the saved state has not is made in the same turn', async () => {
  const restore = await saveState(store);
  const table: TableResource = {
    kind: 'table',
    name: 'orders',
    attributes: { id: 'S' },
    key: { hash: 'id' },
    globalIndexes: [],
    localIndexes: [],
    billingMode: 'PAY_PER_REQUEST',
  };
  await db.running.apply([table], []);
  await put({ id: { S: '1' } });
  await restore(db.running, [table]);
  expect(await scan()).toEqual([]);
});

test('a stream holds the records of the saved state and goes on from there', async () => {
  await db.call(
    'CreateTable',
    tableInput('orders', 'id:S', undefined, {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  await put({ id: { S: '1' } });
  const arn = db.running.streams.streamOf('orders') ?? '';
  const restore = await saveState(store);
  await put({ id: { S: '2' } });
  await db.call('DeleteTable', { TableName: 'orders' });
  await restore(db.running);
  const records = () => db.running.streams.read(arn, 0, 100).map(({ record }) => record);
  expect(db.running.streams.streamOf('orders')).toBe(arn);
  expect(records()).toMatchObject([{ dynamodb: { Keys: { id: { S: '1' } } } }]);
  await put({ id: { S: '3' } });
  expect(records()).toMatchObject([{}, { dynamodb: { Keys: { id: { S: '3' } } } }]);
});

function ordersTableNamed(name: string): JsonObject {
  return { ...ordersTable, TableName: name };
}
