/** Draws what differs between two states. */
import type { Item } from '../../app/data-plain.ts';
import type {
  BucketDiff,
  ItemChange,
  ItemSide,
  QueueDiff,
  StateDiff,
  TableDiff,
} from '../../app/state-diff.ts';
import type { FactChange, FactsDiff } from '../../app/state-fact-diff.ts';
import { type AttributeChange, valueText } from '../../app/state-item-diff.ts';
import type { StreamDiff } from '../../app/state-stream-diff.ts';
import { paint } from '../colours.ts';
import { counted } from './words.ts';

/** `limit` items of each table; 0 = all. No line when nothing differs. */
export function diffLines(diff: StateDiff, limit: number): string[] {
  const { tables, queues, buckets = [], topics = [], parameters = [], secrets = [], events } = diff;
  const { streams = [], buses = [], archives = [], schedules = [] } = diff;
  const most = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  return [
    ...tables.flatMap((table) => tableLines(table, most)),
    ...queues.map(queueLine),
    ...buckets.flatMap((bucket) => bucketLines(bucket, most)),
    ...topics.flatMap((topic) => factLines('topic', topic)),
    ...streams.flatMap(streamLines),
    ...buses.flatMap((bus) => factLines('event bus', bus)),
    ...archives.flatMap((archive) => factLines('archive', archive)),
    ...schedules.flatMap((schedule) => factLines('schedule', schedule)),
    ...parameters.flatMap((parameter) => factLines('parameter', parameter)),
    ...secrets.flatMap((secret) => factLines('secret', secret)),
    ...(events ? [`events waiting: ${countsText(events)}`] : []),
  ];
}

function tableLines(table: TableDiff, limit: number): string[] {
  const { added, removed, changed, definition } = table;
  const items = [
    ...removed.map((one) => paint.red(`  - ${itemText(one)}`)),
    ...added.map((one) => paint.green(`  + ${itemText(one)}`)),
    ...changed.map((one) => `  ${paint.yellow('~')} ${changeText(one)}`),
  ];
  return [
    `${paint.bold(table.table)} ${statusText(table)}`,
    ...definition.map((member) => `  ${paint.yellow('~')} ${paint.dim('definition:')} ${member}`),
    ...limited(items, limit),
  ];
}

function limited(lines: readonly string[], limit: number): string[] {
  const left = lines.length - limit;
  return [
    ...lines.slice(0, limit),
    ...(left > 0 ? [paint.dim(`  … and ${left.toLocaleString('en-US')} more (--limit 0 shows all)`)] : []),
  ];
}

function bucketLines(
  { bucket, status, objects, added, removed, changed }: BucketDiff,
  limit: number,
): string[] {
  const what =
    status === 'added'
      ? paint.green(`(new bucket, ${counted(objects.after, 'object')})`)
      : status === 'removed'
        ? paint.red(`(bucket is gone, ${counted(objects.before, 'object')})`)
        : paint.dim(`(objects ${countsText(objects)})`);
  const lines = [
    ...removed.map((key) => paint.red(`  - ${key}`)),
    ...added.map((key) => paint.green(`  + ${key}`)),
    ...changed.map((key) => `  ${paint.yellow('~')} ${key}`),
  ];
  return [`${paint.bold(bucket)} ${what}`, ...limited(lines, limit)];
}

function streamLines({ stream, status, records, changes, shards }: StreamDiff): string[] {
  const what =
    status === 'added'
      ? paint.green(`(new stream, ${counted(records.after, 'record')})`)
      : status === 'removed'
        ? paint.red(`(stream is gone, ${counted(records.before, 'record')})`)
        : paint.dim(`(records ${countsText(records)})`);
  return [
    `${paint.bold(stream)} ${what}`,
    ...changes.map(factLine),
    ...shards.map(
      (shard) => `  ${shard.shard} ${countsText(shard)}: ${shard.added} added, ${shard.removed} removed`,
    ),
  ];
}

function factLines(kind: string, { name, status, changes }: FactsDiff): string[] {
  if (status === 'added') return [`${paint.bold(name)} ${paint.green(`(new ${kind})`)}`];
  if (status === 'removed') return [`${paint.bold(name)} ${paint.red(`(${kind} is gone)`)}`];
  return [`${paint.bold(name)} ${paint.dim(`(${kind} changed)`)}`, ...changes.map(factLine)];
}

function factLine({ name, before, after }: FactChange): string {
  const none = paint.dim('(none)');
  const from = before === undefined ? none : paint.red(before);
  return `  ${paint.yellow('~')} ${name}: ${from} → ${after === undefined ? none : paint.green(after)}`;
}

function statusText({ status, items, added, removed, changed }: TableDiff): string {
  if (status === 'added') return paint.green(`(new table, ${counted(items.after, 'item')})`);
  if (status === 'removed') return paint.red(`(table is gone, ${counted(items.before, 'item')})`);
  const parts = [
    ...(added.length > 0 ? [`${added.length.toLocaleString('en-US')} added`] : []),
    ...(removed.length > 0 ? [`${removed.length.toLocaleString('en-US')} removed`] : []),
    ...(changed.length > 0 ? [`${changed.length.toLocaleString('en-US')} changed`] : []),
  ];
  return paint.dim(parts.length === 0 ? '(same items)' : `(${parts.join(', ')})`);
}

function itemText({ key, item }: ItemSide): string {
  const rest = Object.entries(item).filter(([name]) => !Object.hasOwn(key, name));
  return [keyText(key), ...rest.map(([name, value]) => `${name}=${valueText(value)}`)].join('  ');
}

function changeText({ key, attributes }: ItemChange): string {
  return [keyText(key), ...attributes.map(attributeText)].join('  ');
}

function attributeText({ name, before, after }: AttributeChange): string {
  const from = before ? paint.red(valueText(before)) : paint.dim('(none)');
  const to = after ? paint.green(valueText(after)) : paint.dim('(none)');
  return `${name}: ${from} → ${to}`;
}

function keyText(key: Item): string {
  return Object.entries(key)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join('  ');
}

function queueLine({ queue, status, messages, added, removed }: QueueDiff): string {
  const what =
    status === 'added'
      ? paint.green(`(new queue, ${counted(messages.after, 'message')})`)
      : status === 'removed'
        ? paint.red(`(queue is gone, ${counted(messages.before, 'message')})`)
        : paint.dim(`(messages ${countsText(messages)}: ${added} added, ${removed} removed)`);
  return `${paint.bold(queue)} ${what}`;
}

function countsText({ before, after }: { readonly before: number; readonly after: number }): string {
  return `${before.toLocaleString('en-US')} → ${after.toLocaleString('en-US')}`;
}
