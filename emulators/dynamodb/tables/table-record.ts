/** What is stored about a table, apart from its items. */
import type {
  AttributeType,
  IndexSpec,
  KeySchema,
  TableResource,
  Units,
} from '../../../src/model/resources.ts';
import type { Recovery } from '../backups/recovery-window.ts';

/** Capacity units; `at` times are epoch ms. */
export interface Throughput {
  readonly read: number;
  readonly write: number;
  readonly increasedAt?: number;
  readonly decreasedAt?: number;
  readonly decreasesToday: number;
}

/** Accepted and shown; nothing is throttled here. */
export interface CapacitySettings {
  /** Requests per second at most, of an on-demand table. */
  readonly onDemandLimits?: Partial<Units>;
  /** What the service could serve at once; it never shrinks. */
  readonly warm?: Units;
}

export interface IndexRecord extends IndexSpec, CapacitySettings {
  /** Global indexes of a provisioned table only. */
  readonly throughput?: Throughput;
  /** It does not hold all items yet. */
  readonly backfilling?: true;
}

/** What a table is restored from; `at` is epoch ms. */
export type Restoring =
  | { readonly from: 'backup'; readonly backupArn: string; readonly tableName: string; readonly at: number }
  | { readonly from: 'table'; readonly tableId: string; readonly tableName: string; readonly at: number };

/** Where a table that is not ready yet gets its items from. */
export type Loading = Restoring | { readonly from: 'files'; readonly importArn: string };

export interface ResourcePolicy {
  readonly text: string;
  readonly revision: string;
}

export interface KinesisDestination {
  readonly streamArn: string;
  readonly status: 'ACTIVE' | 'DISABLED';
  readonly precision?: string;
}

export interface ContributorInsights {
  readonly isEnabled: boolean;
  readonly mode: string;
  /** Epoch ms. */
  readonly changedAt: number;
}

export type StreamView = NonNullable<TableResource['streamView']>;

export interface TableRecord extends CapacitySettings {
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
  /** Epoch ms of the last UpdateTimeToLive. */
  readonly ttlChangedAt?: number;
  readonly stream?: { readonly view: StreamView; readonly label: string };
  /** Of the last stream, when it was disabled: it stays in the table's description. */
  readonly latestStreamLabel?: string;
  readonly tableClass?: string;
  /** Epoch ms of the last change of the class. */
  readonly tableClassAt?: number;
  /** Asked for; the local file is not encrypted. */
  readonly encryption?: { readonly keyArn: string };
  readonly recovery?: Recovery;
  /** Only DescribeTable and ListTables see a table that is loading. */
  readonly loading?: Loading;
  readonly restored?: Restoring;
  /** By ARN of the table or of one of its streams. */
  readonly policies?: Readonly<Record<string, ResourcePolicy>>;
  readonly kinesis?: readonly KinesisDestination[];
  /** By name of the global index; `''` is the table. */
  readonly insights?: Readonly<Record<string, ContributorInsights>>;
  /** Regions it was asked to have replicas in; nothing is replicated. */
  readonly replicas?: readonly string[];
  readonly deletionProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** JSON of the project's resource as it was last applied; absent = the table does not come from the project. */
  readonly project?: string;
}

export const onDemandThroughput: Throughput = { read: 0, write: 0, decreasesToday: 0 };
