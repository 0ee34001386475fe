/** What is in a store of the emulated state, in numbers. */
import { readSavedTables } from '../../emulators/dynamodb/saved-tables.ts';
import { readSavedArchives, readSavedBuses } from '../../emulators/eventbridge/saved-buses.ts';
import { readSavedStreams } from '../../emulators/kinesis/saved-streams.ts';
import { readSavedBuckets } from '../../emulators/s3/saved-buckets.ts';
import { readSavedSchedules } from '../../emulators/scheduler/saved-schedules.ts';
import { readSavedSecrets } from '../../emulators/secretsmanager/saved-secrets.ts';
import { readSavedTopics } from '../../emulators/sns/saved-topics.ts';
import { readSavedQueues } from '../../emulators/sqs/saved-queues.ts';
import { readSavedParameters } from '../../emulators/ssm/saved-parameters.ts';
import { countAsyncJobs } from '../invoke/async-jobs.ts';
import type { Store } from '../model/platform.ts';
import { openStore } from '../std/store/store.ts';

export interface StateContents {
  readonly tables: readonly { readonly name: string; readonly items: number }[];
  readonly queues: readonly { readonly name: string; readonly messages: number }[];
  /** Absent = none. */
  readonly buckets?: readonly { readonly name: string; readonly objects: number }[];
  readonly topics?: readonly { readonly name: string; readonly subscriptions: number }[];
  /** `shards`: records in each, in the order they were made. */
  readonly streams?: readonly {
    readonly name: string;
    readonly records: number;
    readonly shards: readonly { readonly id: string; readonly records: number }[];
  }[];
  readonly buses?: readonly { readonly name: string; readonly rules: number }[];
  readonly archives?: readonly { readonly name: string; readonly events: number }[];
  /** Names. */
  readonly schedules?: readonly string[];
  readonly parameters?: readonly string[];
  readonly secrets?: readonly string[];
  /** Asynchronous invocations not run to their end. */
  readonly events: number;
}

/** Messages counted before the event loop turns. */
const COUNT_STEP = 5000;

/** Of a store in a folder that nobody writes. */
export async function readContents(folder: string): Promise<StateContents> {
  const store = openStore(folder, { readOnly: true });
  try {
    return await contentsOf(store);
  } finally {
    await store.close();
  }
}

async function contentsOf(store: Store): Promise<StateContents> {
  const tables = readSavedTables(store).map(({ name, items }) => ({ name, items }));
  const queues: { name: string; messages: number }[] = [];
  for (const { name, messages } of readSavedQueues(store))
    queues.push({ name, messages: await count(messages()) });
  const buckets: { name: string; objects: number }[] = [];
  for (const { name, objects } of readSavedBuckets(store))
    buckets.push({ name, objects: await count(objects()) });
  const topics = readSavedTopics(store).map(({ name, subscriptions }) => ({
    name,
    subscriptions: subscriptions.length,
  }));
  const streams: { name: string; records: number; shards: { id: string; records: number }[] }[] = [];
  for (const { name, shards } of readSavedStreams(store)) {
    const counted: { id: string; records: number }[] = [];
    for (const { id, indexes } of shards) counted.push({ id, records: await count(indexes()) });
    streams.push({ name, records: counted.reduce((sum, { records }) => sum + records, 0), shards: counted });
  }
  const buses = readSavedBuses(store).map(({ name, rules }) => ({ name, rules: rules.length }));
  const archives = readSavedArchives(store).map(({ name, events }) => ({ name, events }));
  const schedules = readSavedSchedules(store).map(({ name }) => name);
  const parameters = readSavedParameters(store).map(({ name }) => name);
  const secrets = readSavedSecrets(store).map(({ name }) => name);
  return {
    ...{ tables, queues },
    ...(buckets.length > 0 && { buckets }),
    ...(topics.length > 0 && { topics }),
    ...(streams.length > 0 && { streams }),
    ...(buses.length > 0 && { buses }),
    ...(archives.length > 0 && { archives }),
    ...(schedules.length > 0 && { schedules }),
    ...(parameters.length > 0 && { parameters }),
    ...(secrets.length > 0 && { secrets }),
    events: countAsyncJobs(store),
  };
}

async function count(numbers: Iterable<unknown>): Promise<number> {
  let counted = 0;
  for (const _ of numbers)
    if (++counted % COUNT_STEP === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  return counted;
}

export function itemsIn({ tables }: StateContents): number {
  return tables.reduce((sum, { items }) => sum + items, 0);
}

export function objectsIn({ buckets = [] }: StateContents): number {
  return buckets.reduce((sum, { objects }) => sum + objects, 0);
}

export function recordsIn({ streams = [] }: StateContents): number {
  return streams.reduce((sum, { records }) => sum + records, 0);
}

export function messagesIn({ queues }: StateContents): number {
  return queues.reduce((sum, { messages }) => sum + messages, 0);
}
