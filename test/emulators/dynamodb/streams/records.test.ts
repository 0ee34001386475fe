import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTableStore } from '../../../../emulators/dynamodb/store.ts';
import { TRACE_ID } from '../../world.ts';
import { runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';
import {
  callStreams,
  createStream,
  enabled,
  idsIn,
  put,
  recordsOf,
  remove,
  type View,
} from './running-streams.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
});
afterEach(() => db.close());

/** Insert, change and delete of one item, as the service's own example event has them ("Process DynamoDB records with Lambda"). */
async function threeChanges(view: View) {
  const TableName = 'examples';
  const answer = await db.call('CreateTable', { ...tableInput(TableName, 'Id:N'), ...enabled(view) });
  const { LatestStreamArn } = answer.TableDescription as { LatestStreamArn: string };
  const Id = { N: '101' };
  await db.call('PutItem', { TableName, Item: { Message: { S: 'New item!' }, Id } });
  await db.call('PutItem', { TableName, Item: { Message: { S: 'This item has changed' }, Id } });
  await db.call('DeleteItem', { TableName, Key: { Id } });
  return recordsOf(db, LatestStreamArn);
}

const first = { Message: { S: 'New item!' }, Id: { N: '101' } };
const second = { Message: { S: 'This item has changed' }, Id: { N: '101' } };

test('a record has the form, and counts the bytes, of the service’s own example', async () => {
  const records = await threeChanges('NEW_AND_OLD_IMAGES');
  const change = (SizeBytes: number, images: object) => ({
    ApproximateCreationDateTime: 1767225600,
    Keys: { Id: { N: '101' } },
    ...images,
    SequenceNumber: expect.stringMatching(/^\d{21}$/),
    SizeBytes,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  });
  const record = (eventName: string, dynamodb: object) => ({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    dynamodb,
  });
  expect(records).toEqual([
    record('INSERT', change(26, { NewImage: first })),
    record('MODIFY', change(59, { NewImage: second, OldImage: first })),
    record('REMOVE', change(38, { OldImage: second })),
  ]);
  const numbers = records.map(({ dynamodb }) => BigInt(dynamodb.SequenceNumber));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => (a < b ? -1 : 1)));
  expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(3);
});

test.each<[View, object[]]>([
  ['KEYS_ONLY', [{ SizeBytes: 5 }, { SizeBytes: 5 }, { SizeBytes: 5 }]],
  ['NEW_IMAGE', [{ NewImage: first, SizeBytes: 26 }, { NewImage: second, SizeBytes: 38 }, { SizeBytes: 5 }]],
  ['OLD_IMAGE', [{ SizeBytes: 5 }, { OldImage: first, SizeBytes: 26 }, { OldImage: second, SizeBytes: 38 }]],
])('a stream with the view %s holds no image but those', async (view, expected) => {
  const shown = (await threeChanges(view)).map(({ dynamodb }) => {
    const {
      ApproximateCreationDateTime: _at,
      SequenceNumber: _number,
      Keys,
      StreamViewType,
      ...more
    } = dynamodb;
    expect({ Keys, StreamViewType }).toEqual({ Keys: { Id: { N: '101' } }, StreamViewType: view });
    return more;
  });
  expect(shown).toEqual(expected);
});

test('both keys of an item stand in the record, hash key first', async () => {
  const answer = await db.call('CreateTable', {
    ...tableInput('orders', 'who:S', 'no:B'),
    ...enabled('KEYS_ONLY'),
  });
  const { LatestStreamArn } = answer.TableDescription as { LatestStreamArn: string };
  await db.call('PutItem', {
    TableName: 'orders',
    Item: { no: { B: 'AQI=' }, x: { NULL: true }, who: { S: 'ann' } },
  });
  const [record] = await recordsOf(db, LatestStreamArn);
  expect(JSON.stringify(record?.dynamodb.Keys)).toBe('{"who":{"S":"ann"},"no":{"B":"AQI="}}');
});

test('a write that changes nothing leaves no record', async () => {
  const arn = await createStream(db);
  const item = {
    n: { N: '1' },
    tags: { SS: ['a', 'b'] },
    deep: { M: { x: { L: [{ BOOL: true }] }, y: { S: '' } } },
  };
  await put(db, 'a', item);
  await put(db, 'a', item);
  await put(db, 'a', {
    deep: { M: { y: { S: '' }, x: { L: [{ BOOL: true }] } } },
    tags: { SS: ['b', 'a'] },
    n: { N: '1.0' },
  });
  const key = { TableName: 'users', Key: { id: { S: 'a' } } };
  await db.call('UpdateItem', key);
  await db.call('UpdateItem', {
    ...key,
    UpdateExpression: 'SET n = :one REMOVE nothing ADD tags :a',
    ExpressionAttributeValues: { ':one': { N: '1' }, ':a': { SS: ['a'] } },
  });
  await remove(db, 'nobody');
  await db.failure('PutItem', {
    TableName: 'users',
    Item: { id: { S: 'a' } },
    ConditionExpression: 'attribute_not_exists(id)',
  });
  expect((await recordsOf(db, arn)).map(({ eventName }) => eventName)).toEqual(['INSERT']);
  // The same size and the same length of text, and yet another item.
  await put(db, 'a', { ...item, n: { N: '2' } });
  expect((await recordsOf(db, arn)).map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY']);
});

test('every way to write leaves its records, in the order of the changes', async () => {
  const arn = await createStream(db);
  const other = await createStream(db, 'KEYS_ONLY', 'others');
  const Put = (TableName: string, id: string) => ({ Put: { TableName, Item: { id: { S: id } } } });
  await db.call('TransactWriteItems', {
    TransactItems: [Put('users', 'a'), Put('others', 'b'), Put('users', 'c')],
  });
  await db.call('BatchWriteItem', {
    RequestItems: {
      users: [{ DeleteRequest: { Key: { id: { S: 'a' } } } }, { PutRequest: { Item: { id: { S: 'd' } } } }],
    },
  });
  await db.call('UpdateItem', {
    TableName: 'users',
    Key: { id: { S: 'e' } },
    UpdateExpression: 'SET x = :x',
    ExpressionAttributeValues: { ':x': { S: 'new' } },
  });
  const records = await recordsOf(db, arn);
  expect(records.map(({ eventName }) => eventName)).toEqual([
    'INSERT',
    'INSERT',
    'REMOVE',
    'INSERT',
    'INSERT',
  ]);
  expect(idsIn(records)).toEqual(['a', 'c', 'a', 'd', 'e']);
  expect(idsIn(await recordsOf(db, other))).toEqual(['b']);
});

test('an item that expired is told from a deleted one by who did it, in the spelling of the API', async () => {
  const arn = await createStream(db);
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'until' };
  await db.call('UpdateTimeToLive', { TableName: 'users', TimeToLiveSpecification });
  await put(db, 'deleted');
  await remove(db, 'deleted');
  await put(db, 'expired', { until: { N: String(db.world.clock.now() / 1000 + 60) } });
  await db.world.clock.advance(61_000);
  const removals = (await recordsOf(db, arn)).filter(({ eventName }) => eventName === 'REMOVE');
  expect(removals).toMatchObject([
    { dynamodb: { Keys: { id: { S: 'deleted' } } } },
    {
      dynamodb: { Keys: { id: { S: 'expired' } }, ApproximateCreationDateTime: 1767225660 },
      userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
    },
  ]);
  expect(removals[0]).not.toHaveProperty('userIdentity');
  const log = db.running.streams.read(arn, 0, 100).map(({ origin }) => origin?.traceId);
  expect(log).toEqual([TRACE_ID, TRACE_ID, TRACE_ID, undefined]);
});

test('names and texts that need escaping arrive as they were written', async () => {
  const arn = await createStream(db);
  const odd = { 'a"b\\': { S: '\u2028"\n💡' }, __proto__x: { S: 'x' } };
  await put(db, '"\\\n', odd);
  expect(await recordsOf(db, arn)).toMatchObject([
    { dynamodb: { Keys: { id: { S: '"\\\n' } }, NewImage: { id: { S: '"\\\n' }, ...odd } } },
  ]);
});

test('a change and its record are one: what cannot be recorded is not written', async () => {
  await createStream(db);
  await put(db, 'a');
  const tables = openTableStore(db.world.store, () => {
    throw new Error('the disk is full');
  });
  const table = tables.find('users');
  if (!table) throw new Error('users is gone');
  const [entry] = tables.range(table, undefined, { from: new Uint8Array() });
  if (!entry) throw new Error('there is no item');
  const deletion = { table, key: entry.key, before: entry.stored, after: undefined };
  expect(() => tables.commit([deletion], { kind: 'expiry' })).toThrow('the disk is full');
  expect(tables.itemCount(table)).toBe(1);
});

test('a table without a stream leaves no records', async () => {
  await db.call('CreateTable', tableInput('plain', 'id:S'));
  await put(db, 'a', {}, 'plain');
  expect(await callStreams(db, 'ListStreams', {})).toEqual({ Streams: [] });
  expect(db.running.streams.streamOf('plain')).toBeUndefined();
});
