/** A table's stream as it is stored: whose changes it holds, how it is called, and whether it still grows. */
import type { KeySchema } from '../../../src/model/resources.ts';
import type { StreamView, TableRecord } from '../tables/table-record.ts';

export interface Stream {
  /** Its records lie under it. Not used again as long as the stream is there. */
  readonly number: number;
  readonly tableName: string;
  /** A new table of the same name has another one. */
  readonly tableId: string;
  readonly key: KeySchema;
  /** The UTC time it was made, to the millisecond and without a zone; unique among the table's streams. */
  readonly label: string;
  readonly view: StreamView;
  /** Epoch ms. Absent = the table's changes are being recorded. */
  readonly disabledAt?: number;
  /** Sequence of the last record that was trimmed; 0 when none was. */
  readonly trimmedTo: number;
}

/** A label names one of a table's streams. */
export interface StreamName {
  readonly tableName: string;
  readonly label: string;
}

const ARN = /^arn:aws[\w-]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)\/stream\/([^/|]+)$/;

/** Undefined for what is not a stream's ARN. Region and account are not looked at, as with the ARNs of tables. */
export function parseStreamArn(arn: string): StreamName | undefined {
  const [, tableName, label] = ARN.exec(arn) ?? [];
  return tableName === undefined || label === undefined ? undefined : { tableName, label };
}

export function labelAt(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '');
}

/** Epoch ms. */
export function createdAt({ label }: StreamName): number {
  return Date.parse(`${label}Z`);
}

/** In the form of the service's: the ms the shard was opened at in 20 digits, and 8 hex. */
export function shardIdOf(stream: Stream): string {
  const opened = String(createdAt(stream)).padStart(20, '0');
  return `shardId-${opened}-${stream.tableId.replaceAll('-', '').slice(0, 8)}`;
}

export function firstDefinition(record: TableRecord, number: number): Stream | undefined {
  const { stream, name: tableName, id: tableId, key } = record;
  return stream && { number, tableName, tableId, key, label: stream.label, view: stream.view, trimmedTo: 0 };
}
