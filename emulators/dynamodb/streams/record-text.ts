/** What a committed change becomes in a stream: the text that is stored, and the record read back from it. */
import type { TraceContext } from '../../../src/model/invocation.ts';
import type { StoredItem } from '../stored-item.ts';
import type { ChangeCause, CommittedChange } from '../table-store.ts';
import type { Table } from '../tables/table.ts';
import type { StreamView } from '../tables/table-record.ts';
import { attributeOf, type Item } from '../values/attribute-value.ts';
import { equalValues } from '../values/compare.ts';
import { itemSize } from '../values/item-size.ts';
import { sequenceNumber } from './sequence-number.ts';
import type { StreamRecord } from './stream-log.ts';

export interface RecordContext {
  readonly sequence: number;
  /** Epoch ms, whole. */
  readonly at: number;
  /** 32 hex. */
  readonly eventId: string;
  readonly region: string;
  readonly view: StreamView;
  readonly cause: ChangeCause;
}

/** What of a change a record is made of. */
export interface RecordedChange extends Pick<CommittedChange, 'before' | 'after'> {
  readonly table: Pick<Table, 'keyNames'>;
}

/** Nothing is recorded of a write that leaves the item as it was (Developer Guide, "Change data capture for DynamoDB Streams"). */
export function isRecorded({ before, after }: CommittedChange): boolean {
  if (!before || !after) return true;
  if (before.json === after.json) return false;
  return before.size !== after.size || !equalValues({ M: before.item }, { M: after.item });
}

/**
 * `<at>,<JSON of { record, origin }>`. The images are the items' own texts, so that nothing is serialized a second time.
 * SizeBytes counts the keys and each image that is there.
 */
export function recordText(change: RecordedChange, context: RecordContext): string {
  const { table, before, after } = change;
  const { sequence, at, eventId, region, view, cause } = context;
  const keys = keysOf(table, change);
  const newImage = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? after : undefined;
  const oldImage = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? before : undefined;
  const size = itemSize(keys) + (newImage?.size ?? 0) + (oldImage?.size ?? 0);
  const eventName = before && after ? 'MODIFY' : after ? 'INSERT' : 'REMOVE';
  const record =
    `{"eventID":"${eventId}","eventName":"${eventName}","eventVersion":"1.1","eventSource":"aws:dynamodb",` +
    `"awsRegion":${JSON.stringify(region)},` +
    // Rounded down to the second, as the API reference says.
    `"dynamodb":{"ApproximateCreationDateTime":${Math.floor(at / 1000)},"Keys":${JSON.stringify(keys)},` +
    `${image('NewImage', newImage)}${image('OldImage', oldImage)}` +
    `"SequenceNumber":"${sequenceNumber(sequence)}","SizeBytes":${size},"StreamViewType":"${view}"}` +
    `${cause.kind === 'expiry' ? EXPIRED : ''}}`;
  const origin = cause.kind === 'call' ? `,"origin":${JSON.stringify(cause.origin)}` : '';
  return `${at},{"record":${record}${origin}}`;
}

/** By this a consumer tells expiry from a delete. The API spells its members so; the event of a function lower-case. */
const EXPIRED = ',"userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}';

export function readRecord(sequence: number, text: string): StreamRecord {
  const { record, origin } = JSON.parse(text.slice(text.indexOf(',') + 1)) as {
    record: StreamRecord['record'];
    origin?: TraceContext;
  };
  return { sequence, at: recordedAt(text), record, ...(origin && { origin }) };
}

/** The record's own SizeBytes. */
export function sizeOf({ record }: StreamRecord): number {
  return (record.dynamodb as { SizeBytes: number }).SizeBytes;
}

/** Epoch ms. */
export function recordedAt(text: string): number {
  return Number(text.slice(0, text.indexOf(',')));
}

export function keysOf({ keyNames }: Pick<Table, 'keyNames'>, { before, after }: RecordedChange): Item {
  const item = (after ?? before)?.item ?? {};
  return Object.fromEntries(
    keyNames.flatMap((name) => {
      const value = attributeOf(item, name);
      return value ? [[name, value]] : [];
    }),
  );
}

export function image(member: string, stored: StoredItem | undefined): string {
  return stored ? `"${member}":${stored.json},` : '';
}
