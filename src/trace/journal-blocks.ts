/**
 * The journal's rows in the store, many to an entry: what waited together lies together, which costs the store a
 * fraction of what entries of their own would. The key tells what is inside, so that most blocks are skipped or removed
 * unread. An id is in one block only.
 */
import type { StoreKey, StoreMap } from '../model/platform.ts';
import type { Bodies } from './journal-bodies.ts';
import type { WaitingRow, Whole } from './journal-tray.ts';
import type { Extent } from './row-files.ts';
import { framesIn, idOf, isIndexed } from './row-frames.ts';

/** Greatest and least id, number of rows, bytes, and 1 if some row has index entries. */
export type BlockKey = readonly [last: string, first: string, rows: number, bytes: number, indexed: number];

export interface Blocks {
  /** Within a write: adds the rows; those marked so replace what has their id. Answers how the sums change. */
  put(rows: readonly WaitingRow[]): Sum;
  /** The same for rows that are together and replace nothing: without looking at each. `kept`: where in the row files narrow ones are. */
  putWhole(whole: Whole, kept?: Extent): Sum;
  find(id: string): Uint8Array | undefined;
  /** In the order of their greatest id; key and content. */
  oldest(limit: number): BlockKey[];
  open(key: BlockKey): Uint8Array[];
  /** Within a write: takes the block away, but leaves these of its frames. Answers how the sums change. */
  reduce(key: BlockKey, kept: readonly Uint8Array[]): Sum;
  /** Rows with ids from `from` (inclusive) to `to` (exclusive), the greatest id first. */
  newestFirst(bounds: Bounds): Generator<Uint8Array>;
  /** The same in any order. */
  between(bounds: Required<Bounds>): Generator<Uint8Array>;
  ids(): Generator<string>;
}

export interface Sum {
  readonly rows: number;
  readonly bytes: number;
}

export interface Bounds {
  readonly from?: string;
  readonly to?: string;
}

/** Ids in one block lie no farther apart, so that a row is found without looking through all younger blocks. */
const SPAN_MS = 10_000;
/** Digits of an id that are its time, as hex epoch ms. */
const TIME_DIGITS = 11;

export function makeBlocks(map: StoreMap<Uint8Array>, bodies: Bodies): Blocks {
  const open = (key: BlockKey): Uint8Array[] => {
    const block = map.get(key);
    return block === undefined ? [] : [...framesIn(bodies.framesOf(block))];
  };

  const add = (frames: readonly Uint8Array[]): Sum => {
    const key = keyOf(frames);
    if (key === undefined) return { rows: 0, bytes: 0 };
    if (frames.length > 1 && !isNarrow({ first: key[1], last: key[0] }))
      return sumOf(frames.map((one) => add([one])));
    map.put(key, Buffer.concat(frames));
    return { rows: key[2], bytes: key[3] };
  };

  const reduce = (key: BlockKey, kept: readonly Uint8Array[]): Sum => {
    const block = map.get(key);
    if (block) bodies.release(block);
    map.remove(key);
    return sumOf([{ rows: -key[2], bytes: -key[3] }, add(kept)]);
  };

  function* around({ from, to }: Required<Bounds>): Generator<BlockKey> {
    for (const stored of map.keys({ from: [from] })) {
      const key = asKey(stored);
      if (key[1] < to) yield key;
      else if (timeOf(key[0]) > timeOf(to) + SPAN_MS) return;
    }
  }

  const blockWith = (id: string): BlockKey | undefined => {
    for (const key of around({ from: id, to: `${id}\0` }))
      if (open(key).some((frame) => idOf(frame) === id)) return key;
    return undefined;
  };

  /** Grouped, so that a block with several of the ids is written again once. */
  const removeAll = (ids: ReadonlySet<string>): Sum => {
    const keys = new Map<string, BlockKey>();
    for (const id of ids) {
      const key = blockWith(id);
      if (key) keys.set(key.join(), key);
    }
    return sumOf(
      [...keys.values()].map((key) =>
        reduce(
          key,
          open(key).filter((frame) => !ids.has(idOf(frame))),
        ),
      ),
    );
  };

  return {
    open,
    reduce,
    put(rows) {
      if (!rows.some((row) => row.replaces)) return add(rows.map((row) => row.frame));
      const removed = removeAll(new Set(rows.filter((row) => row.replaces).map((row) => row.id)));
      const last = new Map(rows.map((row) => [row.id, row.frame]));
      return sumOf([removed, add([...last.values()])]);
    },
    putWhole(whole, kept) {
      const { frames, rows, first, last, indexed } = whole;
      if (!isNarrow(whole)) return add([...framesIn(frames)]);
      map.put([last, first, rows, frames.length, indexed ? 1 : 0], kept ? bodies.refer(kept) : frames);
      return { rows, bytes: frames.length };
    },
    find(id) {
      for (const key of around({ from: id, to: `${id}\0` })) {
        const found = open(key).find((frame) => idOf(frame) === id);
        if (found) return found;
      }
      return undefined;
    },
    oldest: (limit) => [...map.keys({ limit })].map(asKey),
    *newestFirst({ from = '', to }) {
      let held: Entry[] = [];
      for (const stored of map.keys({ reverse: true, from: [from] })) {
        const key = asKey(stored);
        if (to !== undefined && key[1] >= to) continue;
        const ready = held.filter(({ id }) => id > key[0]);
        for (const { frame } of ready) yield frame;
        const inside = open(key)
          .map(entryOf)
          .filter(({ id }) => id >= from && (to === undefined || id < to));
        held = [...held.slice(ready.length), ...inside].sort(newerFirst);
      }
      for (const { frame } of held) yield frame;
    },
    *between(bounds) {
      for (const key of around(bounds))
        for (const frame of open(key)) if (idOf(frame) >= bounds.from && idOf(frame) < bounds.to) yield frame;
    },
    *ids() {
      for (const key of map.keys()) for (const frame of open(asKey(key))) yield idOf(frame);
    },
  };
}

interface Entry {
  readonly id: string;
  readonly frame: Uint8Array;
}

const entryOf = (frame: Uint8Array): Entry => ({ id: idOf(frame), frame });

const newerFirst = (a: Entry, b: Entry) => (a.id < b.id ? 1 : -1);

const asKey = (key: StoreKey) => key as unknown as BlockKey;

function keyOf(frames: readonly Uint8Array[]): BlockKey | undefined {
  let [last, first, bytes, indexed] = ['', '', 0, 0];
  for (const frame of frames) {
    const id = idOf(frame);
    if (id > last) last = id;
    if (first === '' || id < first) first = id;
    if (isIndexed(frame)) indexed = 1;
    bytes += frame.length;
  }
  return last === '' ? undefined : [last, first, frames.length, bytes, indexed];
}

function sumOf(parts: readonly Sum[]): Sum {
  let [rows, bytes] = [0, 0];
  for (const part of parts) {
    rows += part.rows;
    bytes += part.bytes;
  }
  return { rows, bytes };
}

/** Whether the rows may lie in one block. */
export function isNarrow({ first, last }: Pick<Whole, 'first' | 'last'>): boolean {
  return timeOf(last) - timeOf(first) <= SPAN_MS;
}

function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, TIME_DIGITS), 16);
}
