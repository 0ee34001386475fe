import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TableResource } from '../../../../src/model/resources.ts';
import { runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
});
afterEach(() => db.close());

const users: TableResource = {
  kind: 'table',
  name: 'users',
  attributes: { id: 'S', mail: 'S' },
  key: { hash: 'id' },
  globalIndexes: [
    { name: 'by-mail', key: { hash: 'mail' }, projection: { type: 'ALL', nonKeyAttributes: [] } },
  ],
  localIndexes: [],
  billingMode: 'PAY_PER_REQUEST',
};
const plain: TableResource = { ...users, attributes: { id: 'S' }, globalIndexes: [] };
const apply = (...resources: TableResource[]) => db.running.apply(resources, []);
const put = () =>
  db.call('PutItem', { TableName: 'users', Item: { id: { S: '1' }, mail: { S: 'a@b' }, until: { N: '1' } } });
const byMail = () => db.call('Scan', { TableName: 'users', IndexName: 'by-mail' });

test('tables of the project are made when they are not there, and left as they are when they are', async () => {
  await apply(users);
  await put();
  await apply({ ...users, place: { file: 'serverless.yml', line: 9 } });
  expect(await byMail()).toMatchObject({ Count: 1 });
  expect((await db.call('DescribeTable', { TableName: 'users' })).Table).toMatchObject({
    TableStatus: 'ACTIVE',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    GlobalSecondaryIndexes: [{ IndexName: 'by-mail' }],
  });
});

test('an index the project adds is filled, one it takes out goes, and the items stay', async () => {
  await apply(plain);
  await put();
  await apply(users);
  expect(await byMail()).toMatchObject({ Count: 1 });
  await apply(plain);
  expect(await db.refusal('Scan', { TableName: 'users', IndexName: 'by-mail' })).toContain(
    'does not have the specified index',
  );
  expect(await db.call('Scan', { TableName: 'users' })).toMatchObject({ Count: 1 });
});

test('an index whose projection changes is made anew', async () => {
  await apply(users);
  await put();
  const [index] = users.globalIndexes;
  await apply({
    ...users,
    globalIndexes: index ? [{ ...index, projection: { type: 'KEYS_ONLY', nonKeyAttributes: [] } }] : [],
  });
  expect((await byMail()).Items).toEqual([{ id: { S: '1' }, mail: { S: 'a@b' } }]);
});

test('an index made by hand stays while the project does not change', async () => {
  await apply(plain);
  await db.call('UpdateTable', {
    TableName: 'users',
    AttributeDefinitions: [{ AttributeName: 'mail', AttributeType: 'S' }],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName: 'by-mail',
          KeySchema: [{ AttributeName: 'mail', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      },
    ],
  });
  await apply(plain);
  expect(await byMail()).toMatchObject({ Count: 0 });
});

test('the time to live of the project is in force', async () => {
  await apply({ ...plain, ttlAttribute: 'until' });
  const until = String(Math.floor(db.world.clock.now() / 1000) + 1);
  await db.call('PutItem', { TableName: 'users', Item: { id: { S: '1' }, until: { N: until } } });
  await db.world.clock.advance(1000);
  expect(await db.call('Scan', { TableName: 'users' })).toMatchObject({ Count: 0 });
});

test('a table that leaves the project keeps its items, and the user is told once', async () => {
  await apply(users);
  await put();
  await apply();
  await apply();
  expect(db.world.notices).toEqual(['table users is no longer in the project; it and its items are kept']);
  expect(await db.call('Scan', { TableName: 'users' })).toMatchObject({ Count: 1 });
  await apply(users);
  expect(await byMail()).toMatchObject({ Count: 1 });
});

test('a table whose key changed in the project is kept as it is, and the user is told', async () => {
  await apply(plain);
  await put();
  await apply({ ...plain, attributes: { id: 'N' } });
  expect(db.world.notices).toEqual([
    'table users is stored with the key id (S), the project now says id (N): the stored table is kept as it is; delete it to have it created anew',
  ]);
  expect(await db.call('Scan', { TableName: 'users' })).toMatchObject({ Count: 1 });
});

test('tables made by hand are nothing to the project', async () => {
  await db.call('CreateTable', {
    TableName: 'mine',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await apply(users);
  expect(await db.call('ListTables', {})).toEqual({ TableNames: ['mine', 'users'] });
  expect(db.world.notices).toEqual([]);
});
