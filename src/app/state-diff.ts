/** What differs between two saved states: tables, their items, queues, buckets, topics, streams, event buses, schedules, parameters, secrets. */
import {
  parseSavedItem,
  readSavedTables,
  type SavedItem,
  type SavedTable,
} from '../../emulators/dynamodb/saved-tables.ts';
import { readSavedArchives, readSavedBuses } from '../../emulators/eventbridge/saved-buses.ts';
import { readSavedStreams } from '../../emulators/kinesis/saved-streams.ts';
import { readSavedBuckets, type SavedBucket, type SavedObject } from '../../emulators/s3/saved-buckets.ts';
import { readSavedSchedules } from '../../emulators/scheduler/saved-schedules.ts';
import { readSavedSecrets } from '../../emulators/secretsmanager/saved-secrets.ts';
import { readSavedTopics } from '../../emulators/sns/saved-topics.ts';
import { readSavedQueues, type SavedQueue } from '../../emulators/sqs/saved-queues.ts';
import { readSavedParameters } from '../../emulators/ssm/saved-parameters.ts';
import { countAsyncJobs } from '../invoke/async-jobs.ts';
import type { Store } from '../model/platform.ts';
import type { Item } from './data-plain.ts';
import { diffFacts, type FactsDiff } from './state-fact-diff.ts';
import { type AttributeChange, diffItems } from './state-item-diff.ts';
import { type Merged, mergeOrdered } from './state-merge.ts';
import { diffStream, type StreamDiff } from './state-stream-diff.ts';

export interface StateDiff {
  /** Only what differs; by name. */
  readonly tables: readonly TableDiff[];
  readonly queues: readonly QueueDiff[];
  /** Absent = none differs. */
  readonly buckets?: readonly BucketDiff[];
  readonly topics?: readonly FactsDiff[];
  readonly streams?: readonly StreamDiff[];
  readonly buses?: readonly FactsDiff[];
  readonly archives?: readonly FactsDiff[];
  readonly schedules?: readonly FactsDiff[];
  readonly parameters?: readonly FactsDiff[];
  readonly secrets?: readonly FactsDiff[];
  /** Asynchronous invocations not run to their end; absent = as many in both. */
  readonly events?: Counts;
}

export interface Counts {
  readonly before: number;
  readonly after: number;
}

export interface TableDiff {
  readonly table: string;
  readonly status: 'added' | 'removed' | 'changed';
  readonly items: Counts;
  /** Members of its definition that differ: `globalIndexes`, `ttlAttribute`, … */
  readonly definition: readonly string[];
  /** Items with types. */
  readonly added: readonly ItemSide[];
  readonly removed: readonly ItemSide[];
  readonly changed: readonly ItemChange[];
}

export interface ItemSide {
  readonly key: Item;
  readonly item: Item;
}

export interface ItemChange {
  readonly key: Item;
  readonly attributes: readonly AttributeChange[];
}

export interface BucketDiff {
  readonly bucket: string;
  readonly status: 'added' | 'removed' | 'changed';
  readonly objects: Counts;
  /** Keys. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Those whose content differs. */
  readonly changed: readonly string[];
}

export interface QueueDiff {
  readonly queue: string;
  readonly status: 'added' | 'removed' | 'changed';
  readonly messages: Counts;
  readonly added: number;
  readonly removed: number;
}

/** Both stores must stand still meanwhile. */
export function diffStates(before: Store, after: Store): StateDiff {
  const tables = paired(readSavedTables(before), readSavedTables(after)).map(diffTable);
  const queues = paired(readSavedQueues(before), readSavedQueues(after)).map(diffQueue);
  const buckets = anyOf(paired(readSavedBuckets(before), readSavedBuckets(after)).map(diffBucket));
  const facts = <T extends { readonly name: string; readonly facts: Readonly<Record<string, string>> }>(
    read: (store: Store) => readonly T[],
  ) => anyOf(paired(read(before), read(after)).map(diffFacts));
  const streams = anyOf(paired(readSavedStreams(before), readSavedStreams(after)).map(diffStream));
  const buses = facts(readSavedBuses);
  const archives = facts(readSavedArchives);
  const schedules = facts(readSavedSchedules);
  const topics = facts(readSavedTopics);
  const parameters = facts(readSavedParameters);
  const secrets = facts(readSavedSecrets);
  const events = { before: countAsyncJobs(before), after: countAsyncJobs(after) };
  return {
    tables: tables.filter((table) => table !== undefined),
    queues: queues.filter((queue) => queue !== undefined),
    ...(buckets && { buckets }),
    ...(topics && { topics }),
    ...(streams && { streams }),
    ...(buses && { buses }),
    ...(archives && { archives }),
    ...(schedules && { schedules }),
    ...(parameters && { parameters }),
    ...(secrets && { secrets }),
    ...(events.before === events.after ? {} : { events }),
  };
}

/** Undefined where there is none. */
function anyOf<T>(diffs: readonly (T | undefined)[]): readonly T[] | undefined {
  const found = diffs.filter((diff) => diff !== undefined);
  return found.length === 0 ? undefined : found;
}

export function isSame({ tables, queues, ...others }: StateDiff): boolean {
  return tables.length === 0 && queues.length === 0 && Object.keys(others).length === 0;
}

type Pair<T> = Merged<T>;

function paired<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]): Pair<T>[] {
  const byName = (a: T, b: T) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  return [...mergeOrdered([...before].sort(byName), [...after].sort(byName), byName)];
}

function statusOf({ before, after }: Pair<unknown>): TableDiff['status'] {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

function diffTable(pair: Pair<SavedTable>): TableDiff | undefined {
  const { before, after } = pair;
  const added: ItemSide[] = [];
  const removed: ItemSide[] = [];
  const changed: ItemChange[] = [];
  const byKey = (a: SavedItem, b: SavedItem) => Buffer.compare(a.key, b.key);
  for (const { before: was, after: is } of mergeOrdered(before?.read() ?? [], after?.read() ?? [], byKey)) {
    if (!was) added.push(side(is, after));
    else if (!is) removed.push(side(was, before));
    else if (was.json !== is.json) {
      const item = parseSavedItem(is.json);
      const attributes = diffItems(parseSavedItem(was.json), item);
      if (attributes.length > 0) changed.push({ key: keyOf(item, after), attributes });
    }
  }
  const definition = before && after ? differingMembers(before, after) : [];
  const status = statusOf(pair);
  if (status === 'changed' && added.length + removed.length + changed.length + definition.length === 0)
    return undefined;
  return {
    table: (after ?? before)?.name ?? '',
    status,
    items: { before: before?.items ?? 0, after: after?.items ?? 0 },
    definition,
    added,
    removed,
    changed,
  };
}

function side(saved: SavedItem | undefined, table: SavedTable | undefined): ItemSide {
  const item = saved ? parseSavedItem(saved.json) : {};
  return { key: keyOf(item, table), item };
}

function keyOf(item: Item, table: SavedTable | undefined): Item {
  const names = table?.keyNames ?? [];
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

function differingMembers(before: SavedTable, after: SavedTable): string[] {
  return Object.keys(after.definition).filter(
    (name) => JSON.stringify(before.definition[name]) !== JSON.stringify(after.definition[name]),
  );
}

function diffQueue(pair: Pair<SavedQueue>): QueueDiff | undefined {
  const { before, after } = pair;
  let [both, added, removed] = [0, 0, 0];
  const numbers = mergeOrdered(before?.messages() ?? [], after?.messages() ?? [], (a, b) => a - b);
  for (const { before: was, after: is } of numbers)
    if (was === undefined) added++;
    else if (is === undefined) removed++;
    else both++;
  const status = statusOf(pair);
  if (status === 'changed' && added + removed === 0) return undefined;
  return {
    queue: (after ?? before)?.name ?? '',
    status,
    messages: { before: both + removed, after: both + added },
    added,
    removed,
  };
}

function diffBucket(pair: Pair<SavedBucket>): BucketDiff | undefined {
  const { before, after } = pair;
  const [added, removed, changed]: [string[], string[], string[]] = [[], [], []];
  let same = 0;
  const byKey = (a: SavedObject, b: SavedObject) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
  for (const { before: was, after: is } of mergeOrdered(
    before?.objects() ?? [],
    after?.objects() ?? [],
    byKey,
  ))
    if (!was) added.push(is?.key ?? '');
    else if (!is) removed.push(was.key);
    else if (was.etag !== is.etag) changed.push(is.key);
    else same++;
  const status = statusOf(pair);
  if (status === 'changed' && added.length + removed.length + changed.length === 0) return undefined;
  const both = same + changed.length;
  return {
    bucket: (after ?? before)?.name ?? '',
    status,
    objects: { before: both + removed.length, after: both + added.length },
    ...{ added, removed, changed },
  };
}
