/** One record of a stream on its way to one of its followers. */
import type { KnownRecord } from './stream-records.ts';

export interface Change {
  readonly record: KnownRecord;
  readonly follower: string;
  /** When it was stored, or first seen; ms of the services' time. */
  readonly since: number;
  failures: number;
  triedAt: number;
  isBegun: boolean;
  isUnderWay: boolean;
  isDone: boolean;
  isFiltered: boolean;
  isGivenUp: boolean;
}

export function makeChange(follower: string, record: KnownRecord, now: number): Change {
  return {
    ...{ record, follower, since: now, failures: 0, triedAt: now, isBegun: false, isUnderWay: false },
    ...{ isDone: false, isFiltered: false, isGivenUp: false },
  };
}

/** In one shard; sequence numbers are long decimal numbers. */
export function isBefore(a: Change, b: Change): boolean {
  return BigInt(a.record.sequenceNumber || '0') < BigInt(b.record.sequenceNumber || '0');
}

/** Whether its follower may have to be done with the other one first: shards come after the ones they were made of. */
export function isAheadOf(change: Change, other: Change): boolean {
  const { of } = change.record;
  const isShared = other.record.of.kind === of.kind && other.record.of.name === of.name;
  return isShared && other.follower === change.follower && isBefore(other, change);
}

/** Those it must stay in order with: of its key; where its shard is read in one lane, of its whole shard. */
export function siblingsOf(change: Change, all: readonly Change[], lanes: number): readonly Change[] {
  const { of, key, shardId } = change.record;
  return all.filter(({ record: other, follower }, at) => {
    if (all[at] === change || follower !== change.follower) return false;
    if (other.of.kind !== of.kind || other.of.name !== of.name) return false;
    return other.key === key || (lanes === 1 && of.kind === 'stream' && other.shardId === shardId);
  });
}
