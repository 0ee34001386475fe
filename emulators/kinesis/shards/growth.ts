/** On-demand streams grow with what is put into them: a shard that is half used for a minute is split in two. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import { isDiskFull } from '../../../src/std/disk-full.ts';
import { openShards, type StreamRow } from '../stream.ts';
import type { Streams } from '../streams.ts';
import { split } from './reshape.ts';

export interface Growth {
  /** A record of `bytes` came to an open shard at `at`, epoch ms. */
  count(row: StreamRow, shard: number, bytes: number, at: number): void;
  /** The stream with its busy shards split; undefined when none is to be. To be asked after the records are committed. */
  grown(row: StreamRow, now: number): StreamRow | undefined;
  /** The store's content was exchanged. */
  forget(): void;
}

const MINUTE_MS = 60_000;
/**
 * Half of what a shard takes, a second's 1,000 records or 1 MiB, over a minute. Source: AWS Big Data Blog, "On-demand capacity mode
 * now scales up to 1 GB/second": a shard is split when its use is 50 % on average of a minute.
 */
const BUSY_RECORDS = 500 * 60;
const BUSY_BYTES = 512 * 1024 * 60;
/** 200 MiB a second: the quota of an account that asked for no more. */
const MOST_SHARDS = 200;

interface Load {
  readonly minute: number;
  records: number;
  bytes: number;
}

export function makeGrowth(): Growth {
  /** By stream number, then shard: of the minute that runs. */
  const loads = new Map<number, Map<number, Load>>();
  /** By stream number. */
  const busy = new Map<number, Set<number>>();

  return {
    count({ number, mode }, shard, bytes, at) {
      if (mode !== 'ON_DEMAND') return;
      const shards = entry(loads, number, () => new Map<number, Load>());
      const minute = Math.floor(at / MINUTE_MS);
      let load = shards.get(shard);
      if (load?.minute !== minute) {
        load = { minute, records: 0, bytes: 0 };
        shards.set(shard, load);
      }
      load.records++;
      load.bytes += bytes;
      if (load.records >= BUSY_RECORDS || load.bytes >= BUSY_BYTES)
        entry(busy, number, () => new Set<number>()).add(shard);
    },
    grown(row, now) {
      const found = busy.get(row.number);
      if (!found) return undefined;
      busy.delete(row.number);
      if (row.mode !== 'ON_DEMAND') return undefined;
      let room = MOST_SHARDS - openShards(row).length;
      let grown = row;
      for (const shard of openShards(row)) {
        if (!found.has(shard.index) || room <= 0) continue;
        const [low, high] = [BigInt(shard.startHash), BigInt(shard.endHash)];
        if (high - low < 2n) continue;
        grown = split(grown, shard, (low + high) / 2n + 1n, now);
        loads.get(row.number)?.delete(shard.index);
        room--;
      }
      return grown === row ? undefined : grown;
    },
    forget() {
      loads.clear();
      busy.clear();
    },
  };
}

/** Splits what is busy, each time records were committed. */
export function growStreams(
  streams: Streams,
  growth: Growth,
  { clock, notice }: Pick<EmulatorContext, 'clock' | 'notice'>,
): void {
  streams.onChange((name) => {
    const row = streams.find(name);
    const grown = row && growth.grown(row, Math.floor(clock.now()));
    if (!grown) return;
    try {
      streams.save(grown);
    } catch (failure) {
      // Its shards are counted anew, and split when there is room.
      if (!isDiskFull(failure)) throw failure;
      return;
    }
    notice(`the on-demand stream ${name} has grown to ${openShards(grown).length} shards`);
  });
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
