/** What is stored about a table, apart from its items. */
import type { AttributeType, IndexSpec, KeySchema, TableResource } from '../../../src/model/project.ts';

/** Capacity units; `at` times are epoch ms. */
export interface Throughput {
  readonly read: number;
  readonly write: number;
  readonly increasedAt?: number;
  readonly decreasedAt?: number;
  readonly decreasesToday: number;
}

export interface IndexRecord extends IndexSpec {
  /** Global indexes of a provisioned table only. */
  readonly throughput?: Throughput;
}

export type StreamView = NonNullable<TableResource['streamView']>;

export interface TableRecord {
  readonly name: string;
  /** UUID; the table's data is kept under it, so a new table of the same name never sees the old one's. */
  readonly id: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly attributes: Readonly<Record<string, AttributeType>>;
  readonly key: KeySchema;
  readonly localIndexes: readonly IndexRecord[];
  readonly globalIndexes: readonly IndexRecord[];
  readonly billingMode: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly throughput: Throughput;
  /** Epoch ms of the last switch to PAY_PER_REQUEST. */
  readonly onDemandSince?: number;
  readonly ttlAttribute?: string;
  readonly stream?: { readonly view: StreamView; readonly label: string };
  readonly tableClass?: string;
  readonly deletionProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** JSON of the project's resource as it was last applied; absent = the table does not come from the project. */
  readonly project?: string;
}

export const onDemandThroughput: Throughput = { read: 0, write: 0, decreasesToday: 0 };
