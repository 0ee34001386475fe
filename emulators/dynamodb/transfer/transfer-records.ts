/** What is stored about exports and imports. Times are epoch ms. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Store } from '../../../src/model/platform.ts';

export interface TransferFailure {
  readonly code: string;
  readonly message: string;
}

export interface ExportRecord {
  readonly arn: string;
  readonly id: string;
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly tableArn: string;
  readonly tableId: string;
  readonly token: string;
  /** The request, for one that comes again with the same token. */
  readonly request: string;
  readonly bucket: string;
  readonly bucketOwner?: string;
  readonly prefix?: string;
  readonly encryption: { readonly algorithm: string; readonly keyId?: string };
  /** Of a full export: the moment. */
  readonly at?: number;
  /** Of an incremental one: from (included) to (excluded). */
  readonly window?: { readonly from: number; readonly to: number; readonly view: ExportView };
  readonly manifestKey?: string;
  readonly itemCount?: number;
  readonly sizeBytes?: number;
  readonly failure?: TransferFailure;
}

export type ExportView = 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES';

export interface ImportCounts {
  readonly sizeBytes: number;
  readonly processed: number;
  readonly imported: number;
  readonly errors: number;
}

export interface ImportRecord {
  readonly arn: string;
  readonly id: string;
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly tableName: string;
  readonly tableArn: string;
  readonly tableId: string;
  readonly token: string;
  readonly bucket: string;
  readonly bucketOwner?: string;
  readonly prefix?: string;
  readonly format: 'DYNAMODB_JSON' | 'CSV';
  readonly compression: 'NONE' | 'GZIP';
  readonly csv?: { readonly Delimiter?: string; readonly HeaderList?: readonly string[] };
  /** TableCreationParameters as they came. */
  readonly parameters: JsonObject;
  readonly counts: ImportCounts;
  readonly failure?: TransferFailure;
}

export interface RecordStore<R> {
  find(arn: string): R | undefined;
  /** Newest first, none older than the service keeps them. */
  list(now: number): readonly R[];
  put(record: R): void;
}

const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

/** `name` is that of the map. */
export function openRecordStore<
  R extends { readonly arn: string; readonly id: string; readonly startedAt: number },
>(store: Store, name: string): RecordStore<R> {
  const records = store.map<R>(name);
  return {
    find: (arn) => records.get(arn),
    list: (now) =>
      [...records.range()]
        .map(({ value }) => value)
        .filter(({ startedAt }) => startedAt >= now - KEPT_MS)
        .sort((a, b) => (a.id < b.id ? 1 : -1)),
    put: (record) => records.put(record.arn, record),
  };
}
