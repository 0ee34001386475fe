/** Writes and removes the journal's rows and keeps it within its limits. */
import type { InvocationRecord } from '../model/invocation.ts';
import type { Store } from '../model/platform.ts';
import type { JournalMaps } from './journal-maps.ts';
import type { Row, SplitRow } from './row.ts';
import { indexedTraces } from './trace-index.ts';

export interface RingLimits {
  readonly maxBytes: number;
  readonly maxRows: number;
}

interface Totals {
  rows: number;
  bytes: number;
}

export interface Ring {
  /** Within a write: the row, its texts and its index entries. */
  write(record: InvocationRecord, split: SplitRow): void;
  /** Removes the oldest rows in small steps between other work, if the journal is over its limits. */
  pruneSoon(): void;
  prune(): number;
  clear(): void;
  /** Ends background pruning. */
  stop(): void;
}

/** The totals are noted every so many rows; after a kill they are off by fewer. */
const NOTE_EVERY = 256;
/** Removing goes a little below the limits, so that it does not happen with every row. */
const LOW_WATER = 0.97;
const ROWS_PER_STEP = 250;

export function makeRing(store: Store, maps: JournalMaps, limits: RingLimits): Ring {
  let known: Totals | undefined;
  let unnoted = 0;
  let pruning = false;

  const totals = (): Totals => {
    known ??= { rows: maps.rows.count(), bytes: maps.totals.get('bytes') ?? 0 };
    return known;
  };
  const isOver = (share: number) =>
    totals().rows > limits.maxRows * share || totals().bytes > limits.maxBytes * share;
  const note = () => {
    unnoted = 0;
    maps.totals.put('bytes', totals().bytes);
  };

  const remove = (row: Row) => {
    const { record } = row;
    maps.rows.remove(record.id);
    for (const traceId of indexedTraces(record)) maps.traces.remove([traceId, record.id]);
    for (const name of row.spilled ?? []) maps.texts.remove([record.id, name]);
    totals().rows--;
    totals().bytes -= row.sizeBytes;
  };

  /** One step down towards the low water mark; answers how many rows went. */
  const step = (): number => {
    let removed = 0;
    store.write(() => {
      for (const { value } of [...maps.rows.range({ limit: ROWS_PER_STEP })]) {
        if (!isOver(LOW_WATER)) break;
        remove(value);
        removed++;
      }
      note();
    });
    return removed;
  };

  const stepLater = () =>
    void setImmediate(() => {
      if (!pruning) return;
      if (step() > 0 && isOver(LOW_WATER)) return stepLater();
      pruning = false;
    });

  return {
    write(record, { row, texts }) {
      const sum = totals();
      const before = maps.rows.get(record.id);
      if (before) remove(before);
      maps.rows.put(record.id, row);
      for (const traceId of indexedTraces(record)) maps.traces.put([traceId, record.id], 1);
      for (const [name, text] of texts) maps.texts.put([record.id, name], text);
      sum.rows++;
      sum.bytes += row.sizeBytes;
      if (++unnoted >= NOTE_EVERY) note();
    },
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
        maps.rows.clear();
        maps.traces.clear();
        maps.texts.clear();
        known = { rows: 0, bytes: 0 };
        note();
      });
    },
  };
}
