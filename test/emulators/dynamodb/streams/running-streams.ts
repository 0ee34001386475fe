/** The API of DynamoDB Streams under test, called as the wire calls it. */
import { ServiceError } from '../../../../emulators/_wire/service-error.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import type { JsonApi } from '../../../../src/model/service-api.ts';
import { callOperation } from '../../world.ts';
import { type TestDynamodb, tableInput } from '../running-dynamodb.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;

export type View = 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';

export const enabled = (view: View = 'NEW_AND_OLD_IMAGES'): JsonObject => ({
  StreamSpecification: { StreamEnabled: true, StreamViewType: view },
});
export const disabled: JsonObject = { StreamSpecification: { StreamEnabled: false } };

export function callStreams(db: TestDynamodb, operation: string, input: JsonObject): Promise<JsonObject> {
  const [api] = db.running.furtherApis ?? [];
  return callOperation(api as JsonApi, operation, input);
}

/** The text the service refuses the call with, behind its code where that is not ValidationException. */
export async function refusedStreams(
  db: TestDynamodb,
  operation: string,
  input: JsonObject,
): Promise<string> {
  try {
    const answer = await callStreams(db, operation, input);
    throw new Error(`${operation} was not refused but answered ${JSON.stringify(answer)}`);
  } catch (thrown) {
    if (!(thrown instanceof ServiceError)) throw thrown;
    return thrown.code === 'ValidationException' ? thrown.message : `${thrown.code}: ${thrown.message}`;
  }
}

/** Creates table `users` (hash key `id`) and answers the ARN of its stream. */
export async function createStream(db: TestDynamodb, view?: View, table = 'users'): Promise<string> {
  const answer = await db.call('CreateTable', { ...tableInput(table, 'id:S'), ...enabled(view) });
  return String((answer.TableDescription as JsonObject).LatestStreamArn);
}

export async function describe(db: TestDynamodb, streamArn: string, more: JsonObject = {}) {
  const answer = await callStreams(db, 'DescribeStream', { StreamArn: streamArn, ...more });
  return answer.StreamDescription as JsonObject & { Shards: JsonObject[] };
}

export async function shardOf(db: TestDynamodb, streamArn: string) {
  const [shard] = (await describe(db, streamArn)).Shards;
  return shard as {
    ShardId: string;
    SequenceNumberRange: { StartingSequenceNumber: string; EndingSequenceNumber?: string };
  };
}

/** An iterator, of the oldest record unless `more` says otherwise. */
export async function iteratorOf(
  db: TestDynamodb,
  streamArn: string,
  more: JsonObject = {},
): Promise<string> {
  const { ShardId } = await shardOf(db, streamArn);
  const input = { StreamArn: streamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON', ...more };
  return String((await callStreams(db, 'GetShardIterator', input)).ShardIterator);
}

export interface Page {
  readonly Records: readonly (JsonObject & {
    readonly eventName: string;
    readonly dynamodb: JsonObject & { readonly SequenceNumber: string; readonly Keys: JsonObject };
  })[];
  readonly NextShardIterator?: string;
}

export async function page(db: TestDynamodb, iterator: string, more: JsonObject = {}): Promise<Page> {
  return (await callStreams(db, 'GetRecords', { ShardIterator: iterator, ...more })) as unknown as Page;
}

/** All records there are, up to a page's limits. */
export async function recordsOf(db: TestDynamodb, streamArn: string): Promise<Page['Records']> {
  return (await page(db, await iteratorOf(db, streamArn))).Records;
}

export const put = (db: TestDynamodb, id: string, more: JsonObject = {}, table = 'users') =>
  db.call('PutItem', { TableName: table, Item: { id: { S: id }, ...more } });

export const remove = (db: TestDynamodb, id: string, table = 'users') =>
  db.call('DeleteItem', { TableName: table, Key: { id: { S: id } } });

/** The ids of the items the records are about, in order. */
export const idsIn = (records: Page['Records']) =>
  records.map(({ dynamodb }) => (dynamodb.Keys.id as { S: string }).S);
