/** What differs between two states of a stream: its settings, and the records of its shards. */
import type { SavedShard, SavedStream } from '../../emulators/kinesis/saved-streams.ts';
import { diffFacts, type FactChange } from './state-fact-diff.ts';
import { type Merged, mergeOrdered } from './state-merge.ts';

export interface StreamDiff {
  readonly stream: string;
  readonly status: 'added' | 'removed' | 'changed';
  readonly records: { readonly before: number; readonly after: number };
  /** Settings. */
  readonly changes: readonly FactChange[];
  /** Only those that differ, in the order they were made. */
  readonly shards: readonly ShardDiff[];
}

export interface ShardDiff {
  readonly shard: string;
  readonly before: number;
  readonly after: number;
  /** Records. */
  readonly added: number;
  readonly removed: number;
}

/** Undefined where nothing differs. */
export function diffStream(pair: Merged<SavedStream>): StreamDiff | undefined {
  const { before, after } = pair;
  const isSame = before?.number === after?.number;
  const ids = new Set([...(before?.shards ?? []), ...(after?.shards ?? [])].map(({ id }) => id));
  const shards = [...ids].sort().map((id) => diffShard(id, shardOf(before, id), shardOf(after, id), isSame));
  const facts = diffFacts(pair);
  const changed = shards.filter(({ added, removed }) => added + removed > 0);
  if (before && after && changed.length === 0 && !facts) return undefined;
  const sum = (side: 'before' | 'after') => shards.reduce((total, shard) => total + shard[side], 0);
  return {
    stream: (after ?? before)?.name ?? '',
    status: !before ? 'added' : after ? 'changed' : 'removed',
    records: { before: sum('before'), after: sum('after') },
    changes: facts?.changes ?? [],
    shards: changed,
  };
}

function shardOf(stream: SavedStream | undefined, id: string): SavedShard | undefined {
  return stream?.shards.find((shard) => shard.id === id);
}

/** `isSame`: both are of one stream, so that records of one index are one record. */
function diffShard(
  shard: string,
  before: SavedShard | undefined,
  after: SavedShard | undefined,
  isSame: boolean,
): ShardDiff {
  let [both, added, removed] = [0, 0, 0];
  for (const { before: was, after: is } of mergeOrdered(
    before?.indexes() ?? [],
    after?.indexes() ?? [],
    (a, b) => a - b,
  )) {
    if (was !== undefined && is !== undefined && isSame) both++;
    else {
      if (was !== undefined) removed++;
      if (is !== undefined) added++;
    }
  }
  return { shard, before: both + removed, after: both + added, added, removed };
}
