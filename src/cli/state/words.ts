/** Snapshots and their sizes in words. */
import { itemsIn, messagesIn, objectsIn, recordsIn } from '../../app/state-contents.ts';
import type { Snapshot } from '../../app/state-snapshots.ts';

/** `2 tables with 100,000 items, 1 queue with 3 messages`. */
export function contentsText(snapshot: Snapshot): string {
  const { tables, queues, buckets = [], topics = [], parameters = [], secrets = [], events } = snapshot;
  const { streams = [], buses = [], archives = [], schedules = [] } = snapshot;
  const rules = buses.reduce((sum, bus) => sum + bus.rules, 0);
  const archived = archives.reduce((sum, archive) => sum + archive.events, 0);
  return [
    `${counted(tables.length, 'table')} with ${counted(itemsIn(snapshot), 'item')}`,
    `${counted(queues.length, 'queue')} with ${counted(messagesIn(snapshot), 'message')}`,
    ...(buckets.length > 0
      ? [`${counted(buckets.length, 'bucket')} with ${counted(objectsIn(snapshot), 'object')}`]
      : []),
    ...(topics.length > 0 ? [counted(topics.length, 'topic')] : []),
    ...(streams.length > 0
      ? [`${counted(streams.length, 'stream')} with ${counted(recordsIn(snapshot), 'record')}`]
      : []),
    ...(buses.length > 0
      ? [`${counted(buses.length, 'event bus', 'event buses')} with ${counted(rules, 'rule')}`]
      : []),
    ...(archives.length > 0
      ? [`${counted(archives.length, 'archive')} with ${counted(archived, 'event')}`]
      : []),
    ...(schedules.length > 0 ? [counted(schedules.length, 'schedule')] : []),
    ...(parameters.length > 0 ? [counted(parameters.length, 'parameter')] : []),
    ...(secrets.length > 0 ? [counted(secrets.length, 'secret')] : []),
    ...(events > 0 ? [counted(events, 'event waiting', 'events waiting')] : []),
  ].join(', ');
}

/** `1 item`, `2,000 items`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** `312 KB`, `48.9 MB`. */
export function bytesText(bytes: number): string {
  const kb = bytes / 1024;
  if (kb < 1024) return `${Math.ceil(kb)} KB`;
  const mb = kb / 1024;
  return mb < 1024 ? `${mb.toFixed(1)} MB` : `${(mb / 1024).toFixed(1)} GB`;
}

/** `clicks (3 + 2 records)`, `bus orders (2 rules)`, …: what has a name besides tables, queues and buckets. */
export function holdsText({ streams = [], buses = [], archives = [], schedules = [] }: Snapshot): string {
  return [
    ...streams.map(({ name, records, shards }) => {
      const each = shards.map((shard) => shard.records.toLocaleString('en-US')).join(' + ');
      return `stream ${name} (${each === '' ? records : each} ${each === '1' ? 'record' : 'records'})`;
    }),
    ...buses.map(({ name, rules }) => `bus ${name} (${counted(rules, 'rule')})`),
    ...archives.map(({ name, events }) => `archive ${name} (${counted(events, 'event')})`),
    ...schedules.map((name) => `schedule ${name}`),
  ].join(', ');
}
