import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChangeCause, CommittedChange } from '../../../emulators/dynamodb/table-store.ts';
import { TRACE_ID } from '../world.ts';
import { runDynamodb, type TestDynamodb, tableInput } from './running-dynamodb.ts';

let db: TestDynamodb;
let feed: { changes: readonly CommittedChange[]; cause: ChangeCause }[];
let stop: () => void;
beforeEach(async () => {
  db = await runDynamodb();
  feed = [];
  await db.call('CreateTable', tableInput('users', 'id:S'));
  stop = db.running.onChange((changes, cause) => feed.push({ changes, cause }));
});
afterEach(() => db.close());

const images = () =>
  feed.flatMap(({ changes }) => changes.map(({ before, after }) => [before?.item, after?.item]));
const a = { id: { S: 'a' } };
const b = { id: { S: 'b' } };

test('every commit is told once, with old and new images and the span that made it', async () => {
  await db.call('PutItem', { TableName: 'users', Item: a });
  await db.call('UpdateItem', {
    TableName: 'users',
    Key: a,
    UpdateExpression: 'SET n = :n',
    ExpressionAttributeValues: { ':n': { N: '1' } },
  });
  await db.call('DeleteItem', { TableName: 'users', Key: a });
  expect(images()).toEqual([
    [undefined, a],
    [a, { ...a, n: { N: '1' } }],
    [{ ...a, n: { N: '1' } }, undefined],
  ]);
  expect(feed[0]?.cause).toEqual({
    kind: 'call',
    origin: { traceId: TRACE_ID, parentId: '53995c3f42cd8ad8' },
  });
});

test('a transaction is one commit, a refused one none', async () => {
  const put = (Item: typeof a) => ({
    Put: { TableName: 'users', Item, ConditionExpression: 'attribute_not_exists(id)' },
  });
  await db.call('TransactWriteItems', { TransactItems: [put(a), put(b)] });
  await db.failure('TransactWriteItems', { TransactItems: [put(a), put({ id: { S: 'c' } })] });
  expect(feed).toHaveLength(1);
  expect(images()).toEqual([
    [undefined, a],
    [undefined, b],
  ]);
});

test('a delete of what is not there is no change', async () => {
  await db.call('DeleteItem', { TableName: 'users', Key: a });
  await db.call('BatchWriteItem', { RequestItems: { users: [{ DeleteRequest: { Key: a } }] } });
  expect(feed).toEqual([]);
});

test('a listener that stopped hears nothing more', async () => {
  stop();
  await db.call('PutItem', { TableName: 'users', Item: a });
  expect(feed).toEqual([]);
});
