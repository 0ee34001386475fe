/** A stream as it is stored: its settings and its shards. The records lie apart. */
import type { Shard } from './shards/shard.ts';

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';

export interface StreamRow {
  /** Its records lie under it; not used again. */
  readonly number: number;
  readonly name: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly mode: StreamMode;
  /** When the mode was changed of late, epoch ms. */
  readonly modeChanges?: readonly number[];
  readonly retentionHours: number;
  readonly maxRecordKib: number;
  /** The key records are said to be encrypted with; absent = none. */
  readonly kmsKeyId?: string;
  /** Names of shard-level metrics that are said to be collected. */
  readonly metrics: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly shards: readonly Shard[];
  /** JSON text of what the project file said when it was last brought to it; absent = made through the API. */
  readonly declared?: string;
}

export const HOUR_MS = 3_600_000;

export const isOpen = ({ closedAt }: Shard) => closedAt === undefined;

export function openShards({ shards }: StreamRow): readonly Shard[] {
  return shards.filter(isOpen);
}

/** A closed shard is shown until its last record could have been read. */
export function shownShards({ shards, retentionHours }: StreamRow, now: number): readonly Shard[] {
  const oldest = now - retentionHours * HOUR_MS;
  return shards.filter(({ closedAt }) => closedAt === undefined || closedAt > oldest);
}
