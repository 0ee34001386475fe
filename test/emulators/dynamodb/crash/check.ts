/** What a data folder must hold after a kill: items, indexes, sizes, counts, expiry times and stream agree. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { makeFakeClock } from '../../../../src/std/clock.ts';
import { openStore } from '../../../../src/std/store/store.ts';
import { canonical } from '../expressions/documents.ts';
import { runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';
import { callStreams } from '../streams/running-streams.ts';
import { plainSizeOfAll } from '../values/plain-size.ts';
import { type Effect, FIRST_EXPIRY_SECONDS, type Items, keyName, TABLE } from './load.ts';

/** The attributes an entry has; undefined = all of the item. */
const indexes: Readonly<Record<string, { keys: readonly string[]; names?: readonly string[] }>> = {
  'by-day': { keys: ['customer', 'day'], names: ['customer', 'id', 'day'] },
  'by-phase': { keys: ['phase'] },
  'by-phase-day': { keys: ['phase', 'day'], names: ['customer', 'id', 'phase', 'day', 'total'] },
};

/**
 * Opens the folder as the next session would. Unanswered requests may have been done, each as a whole or not at all.
 * Returns the items that are there.
 */
export async function checkAfterKill(
  folder: string,
  items: Items,
  unanswered: readonly Effect[],
): Promise<Items> {
  const db = await runDynamodb(openStore(folder), makeFakeClock(Date.now()));
  try {
    const found = new Map((await scanAll(db)).map((item) => [keyName(item), item]));
    const settled = new Map(items);
    for (const effect of unanswered) settle(settled, effect, found);
    expect([...found].map(canonical).sort()).toEqual([...settled].map(canonical).sort());
    await checkDescription(db, [...found.values()]);
    for (const name of Object.keys(indexes)) await checkIndex(db, name, [...found.values()]);
    await checkStream(db, found);
    return found;
  } finally {
    await db.close();
  }
}

/** All of the effect is there, or none of it. */
function settle(items: Items, effect: Effect, found: Items): void {
  const done = [...effect].every(([key, item]) => canonical(found.get(key)) === canonical(item));
  if (!done) return;
  for (const [key, item] of effect)
    if (item) items.set(key, item);
    else items.delete(key);
}

async function scanAll(db: TestDynamodb, more: JsonObject = {}): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  let start: JsonObject | undefined;
  do {
    const page = await db.call('Scan', {
      TableName: TABLE,
      ...more,
      ...(start && { ExclusiveStartKey: start }),
    });
    all.push(...(page.Items as JsonObject[]));
    start = page.LastEvaluatedKey as JsonObject | undefined;
  } while (start);
  return all;
}

function entriesOf(name: string, items: readonly JsonObject[]): readonly JsonObject[] {
  const { keys = [], names } = indexes[name] ?? {};
  return items
    .filter((item) => keys.every((key) => key in item))
    .map((item) =>
      names
        ? Object.fromEntries(Object.entries(item).filter(([attribute]) => names.includes(attribute)))
        : item,
    );
}

const sizeOf = (items: readonly JsonObject[]) =>
  items.reduce((sum, item) => sum + plainSizeOfAll(item as unknown as Item), 0);

async function checkIndex(db: TestDynamodb, name: string, items: readonly JsonObject[]): Promise<void> {
  const entries = await scanAll(db, { IndexName: name });
  expect(entries.map(canonical).sort(), name).toEqual(entriesOf(name, items).map(canonical).sort());
}

async function checkDescription(db: TestDynamodb, items: readonly JsonObject[]): Promise<void> {
  const { Table } = await db.call('DescribeTable', { TableName: TABLE });
  const table = Table as JsonObject;
  expect(table).toMatchObject({ ItemCount: items.length, TableSizeBytes: sizeOf(items) });
  const described = [
    ...(table.LocalSecondaryIndexes as JsonObject[]),
    ...(table.GlobalSecondaryIndexes as JsonObject[]),
  ];
  for (const index of described) {
    const entries = entriesOf(String(index.IndexName), items);
    expect(index).toMatchObject({ ItemCount: entries.length, IndexSizeBytes: sizeOf(entries) });
  }
}

/** The stream, read from its beginning, tells how the table came to be what it is. */
async function checkStream(db: TestDynamodb, found: Items): Promise<void> {
  const replayed: Items = new Map();
  const { Streams } = await callStreams(db, 'ListStreams', { TableName: TABLE });
  const [stream] = Streams as JsonObject[];
  if (!stream) throw new Error('the table has no stream');
  const { StreamDescription } = await callStreams(db, 'DescribeStream', {
    StreamArn: stream.StreamArn ?? '',
  });
  for (const shard of (StreamDescription as { Shards: JsonObject[] }).Shards) {
    const { ShardIterator } = await callStreams(db, 'GetShardIterator', {
      StreamArn: stream.StreamArn ?? '',
      ShardId: shard.ShardId ?? '',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    let next = ShardIterator;
    for (;;) {
      const page = await callStreams(db, 'GetRecords', { ShardIterator: next ?? '' });
      const records = page.Records as { readonly dynamodb: JsonObject }[];
      for (const { dynamodb } of records) {
        const { Keys, NewImage } = dynamodb as { Keys: JsonObject; NewImage?: JsonObject };
        if (NewImage) replayed.set(keyName(Keys), NewImage);
        else replayed.delete(keyName(Keys));
      }
      next = page.NextShardIterator;
      if (records.length === 0 || next === undefined) break;
    }
  }
  expect([...replayed].map(canonical).sort()).toEqual([...found].map(canonical).sort());
}

/** When the first of the times comes that items carry, those items go, and no others. */
export async function checkExpiry(folder: string, found: Items): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'sls-local-dynamodb-'));
  cpSync(folder, copy, { recursive: true });
  const clock = makeFakeClock(FIRST_EXPIRY_SECONDS * 1000);
  const db = await runDynamodb(openStore(copy), clock);
  try {
    const until = FIRST_EXPIRY_SECONDS + 500;
    await clock.advance((until - FIRST_EXPIRY_SECONDS) * 1000);
    const left = [...found.values()].filter((item) => expirySeconds(item) > until);
    expect((await scanAll(db)).map(canonical).sort()).toEqual(left.map(canonical).sort());
    await checkDescription(db, left);
    for (const name of Object.keys(indexes)) await checkIndex(db, name, left);
  } finally {
    await db.close();
    rmSync(copy, { recursive: true, force: true });
  }
}

function expirySeconds({ expires }: JsonObject): number {
  return expires ? Number((expires as { readonly N: string }).N) : Number.POSITIVE_INFINITY;
}
