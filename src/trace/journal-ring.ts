/** Writes and removes the journal's rows in the store and keeps it within its limits. */
import type { Store } from '../model/platform.ts';
import type { BlockKey, Blocks, Sum } from './journal-blocks.ts';
import type { Bodies } from './journal-bodies.ts';
import type { JournalMaps } from './journal-maps.ts';
import type { WaitingRow, Whole } from './journal-tray.ts';
import type { Extent } from './row-files.ts';
import { framesIn, idOf, indexedTracesOf } from './row-frames.ts';

export interface RingLimits {
  readonly maxBytes: number;
  readonly maxRows: number;
}

export interface Ring {
  /** Within a write: the rows and their index entries. */
  write(rows: readonly WaitingRow[]): void;
  /** `kept`: where in the row files the rows are. */
  writeWhole(whole: Whole, kept?: Extent): void;
  /** Number of rows. */
  count(): number;
  /** Removes the oldest rows in small steps between other work, if the journal is over its limits. */
  pruneSoon(): void;
  prune(): number;
  clear(): void;
  /** Ends background pruning. */
  stop(): void;
}

/** Removing goes a little below the limits, so that it does not happen with every row. */
const LOW_WATER = 0.97;
/** Nor further than to here for the sake of removing a block whole: what stays of one is read and written anew. */
const LOWEST_WATER = 0.9;
const BLOCKS_PER_STEP = 16;
const NOTHING: Sum = { rows: 0, bytes: 0 };

export function makeRing(
  store: Store,
  maps: JournalMaps,
  blocks: Blocks,
  bodies: Bodies,
  limits: RingLimits,
): Ring {
  let pruning = false;

  const sum = () => maps.sums.get('all') ?? NOTHING;
  const change = ({ rows, bytes }: Sum) => {
    const before = sum();
    maps.sums.put('all', { rows: before.rows + rows, bytes: before.bytes + bytes });
  };
  const isOver = (share: number, { rows, bytes } = sum()) =>
    rows > limits.maxRows * share || bytes > limits.maxBytes * share;

  const index = (frame: Uint8Array) => {
    for (const traceId of indexedTracesOf(frame)) maps.traces.put([traceId, idOf(frame)], 1);
  };
  const unindex = (frames: readonly Uint8Array[]) => {
    for (const frame of frames)
      for (const traceId of indexedTracesOf(frame)) maps.traces.remove([traceId, idOf(frame)]);
  };

  /** The whole block, unless far too little would be left then; in that case only its oldest rows. */
  const shrink = (key: BlockKey) => {
    const before = sum();
    const [, , rows, bytes, indexed] = key;
    if (isOver(LOWEST_WATER, { rows: before.rows - rows, bytes: before.bytes - bytes })) {
      if (indexed) unindex(blocks.open(key));
      return change(blocks.reduce(key, []));
    }
    const frames = blocks.open(key).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
    let left = before;
    const gone = frames.findIndex((frame) => {
      if (!isOver(LOW_WATER, left)) return true;
      left = { rows: left.rows - 1, bytes: left.bytes - frame.length };
      return false;
    });
    const removed = gone < 0 ? frames.length : gone;
    unindex(frames.slice(0, removed));
    change(blocks.reduce(key, frames.slice(removed)));
  };

  /** One step down towards the low water mark; answers how many rows went. */
  const step = (): number => {
    const gone = store.write(() => {
      const before = sum().rows;
      for (const key of blocks.oldest(BLOCKS_PER_STEP)) {
        if (!isOver(LOW_WATER)) break;
        shrink(key);
      }
      return before - sum().rows;
    });
    bodies.sweep();
    return gone;
  };

  const stepLater = () =>
    void setImmediate(() => {
      if (!pruning) return;
      if (step() > 0 && isOver(LOW_WATER)) return stepLater();
      pruning = false;
    });

  return {
    write(rows) {
      change(blocks.put(rows));
      for (const { frame } of rows) index(frame);
    },
    writeWhole(whole, kept) {
      change(blocks.putWhole(whole, kept));
      if (whole.indexed) for (const frame of framesIn(whole.frames)) index(frame);
    },
    count: () => sum().rows,
    pruneSoon() {
      if (pruning || !isOver(1)) return;
      pruning = true;
      stepLater();
    },
    prune() {
      if (!isOver(1)) return 0;
      let removed = 0;
      for (let gone = step(); gone > 0; gone = step()) removed += gone;
      return removed;
    },
    stop() {
      pruning = false;
    },
    clear() {
      pruning = false;
      store.write(() => {
        maps.blocks.clear();
        maps.traces.clear();
        maps.sums.clear();
      });
      bodies.clear();
    },
  };
}
