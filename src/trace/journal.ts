/** The journal: one row per invocation, in the store, bounded, readable while another process writes it. */
import type { InvocationRecord } from '../model/invocation.ts';
import type { Store } from '../model/platform.ts';
import { SlsError } from '../std/errors.ts';
import { makeFollowers } from './followers.ts';
import { openMaps } from './journal-maps.ts';
import { makeRing } from './journal-ring.ts';
import { makeSessions } from './journal-sessions.ts';
import { type JournalQuery, matcherOf } from './query.ts';
import { joinRow, type Row, splitRow } from './row.ts';
import { beginningsOf } from './trace-index.ts';

export interface JournalOptions {
  /** Oldest rows go when the journal holds more; default 1 GB. */
  readonly maxBytes?: number;
  /** Default 100,000. */
  readonly maxRows?: number;
  /** Larger events and payloads are stored apart from the row; default 256 KB. */
  readonly payloadLimitBytes?: number;
  /** Logs kept per invocation; default 1 MB. */
  readonly logLimitBytes?: number;
}

export interface Journal {
  /**
   * Inserts, or replaces the row of the same id. Rows of one turn of the event loop are written together at its end:
   * from then on they survive a kill of the process.
   */
  put(record: InvocationRecord): void;
  /** Writes what waits, now. */
  flush(): void;
  /**
   * The row with this id, request id or trace id (its first row), or whose id alone begins or ends with the text (4
   * characters or more). Throws `SlsError` code `ambiguous-id`.
   */
  get(idOrPart: string): InvocationRecord | undefined;
  /** Rows of the trace, and rows of other traces that took a message of it along in their batch; oldest first. */
  byTrace(traceId: string): InvocationRecord[];
  /** Newest first. */
  list(query?: JournalQuery): InvocationRecord[];
  /** Calls back with each row put in this process from now on; answers how to stop. */
  follow(listener: (record: InvocationRecord) => void): () => void;
  /** Brings the journal down to its limits now; otherwise that happens by and by. Answers how many rows went. */
  prune(): number;
  clear(): void;
  /** Number of rows. */
  count(): number;
  /** Writes what waits and stops working in the background; rows put afterwards are dropped. Before the store is closed. */
  close(): void;
}

const GB = 1024 * 1024 * 1024;

/** Writes nothing before the first `put`, so that a read-only store will do for reading. */
export function openJournal(store: Store, options: JournalOptions = {}): Journal {
  const limits = {
    payloadLimitBytes: options.payloadLimitBytes ?? 256 * 1024,
    logLimitBytes: options.logLimitBytes ?? 1024 * 1024,
  };
  const maps = openMaps(store);
  const sessions = makeSessions(maps.sessions);
  const ring = makeRing(store, maps, {
    maxBytes: options.maxBytes ?? GB,
    maxRows: options.maxRows ?? 100_000,
  });
  const followers = makeFollowers<InvocationRecord>();
  let waiting = new Map<string, InvocationRecord>();
  let closed = false;

  const flush = () => {
    if (waiting.size === 0) return;
    const batch = waiting;
    waiting = new Map();
    store.write(() => {
      const session = sessions.mine();
      for (const record of batch.values()) ring.write(record, splitRow(record, session, limits));
    });
    ring.pruneSoon();
  };

  const read = (row: Row): InvocationRecord => {
    const record = joinRow(row, (name) => maps.texts.get([row.record.id, name]));
    if (record.endedAt !== undefined || sessions.lives(row.session)) return record;
    return { ...record, interrupted: true };
  };

  const byId = (id: string): InvocationRecord | undefined => {
    const row = maps.rows.get(id);
    return row && read(row);
  };

  const byTrace = (traceId: string): InvocationRecord[] => {
    flush();
    const found = new Map<string, InvocationRecord>();
    for (const { value } of maps.rows.range(beginningsOf(traceId)))
      if (value.record.traceId === traceId) found.set(value.record.id, read(value));
    for (const key of maps.traces.keys({ from: [traceId], to: [traceId, AFTER_ALL] })) {
      const id = (key as [string, string])[1];
      const record = byId(id);
      if (record) found.set(id, record);
    }
    return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  };

  return {
    put(record) {
      if (closed) return;
      if (waiting.size === 0) setImmediate(flush);
      waiting.set(record.id, record);
      followers.tell(record);
    },
    flush,
    byTrace,
    get(text) {
      flush();
      const exact = text === '' ? undefined : byId(text);
      if (exact) return exact;
      if (text.startsWith('1-')) return byTrace(text)[0];
      if (REQUEST_ID.test(text))
        return firstOf(maps.rows.range({ reverse: true }), (row) => row.record.requestId === text, read);
      const ids = idsLike(maps.rows.keys(), text);
      if (ids.length > 1) throw ambiguous(text, ids);
      return ids[0] === undefined ? undefined : byId(ids[0]);
    },
    list(query = {}) {
      flush();
      const matches = matcherOf(query);
      const found: InvocationRecord[] = [];
      const limit = query.limit ?? Number.POSITIVE_INFINITY;
      for (const { value } of maps.rows.range({ reverse: true, ...boundsOf(query) })) {
        if (found.length >= limit) break;
        const record = read(value);
        if (matches(record)) found.push(record);
      }
      return found;
    },
    follow: followers.add,
    prune() {
      flush();
      return ring.prune();
    },
    clear() {
      waiting.clear();
      ring.clear();
    },
    count() {
      flush();
      return maps.rows.count();
    },
    close() {
      flush();
      closed = true;
      ring.stop();
    },
  };
}

/** Sorts after every character an id can have. */
const AFTER_ALL = '\uffff';
const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHORTEST_PART = 4;

function boundsOf({ since, until }: JournalQuery): { from?: string; to?: string } {
  const key = (epochMs: number) => Math.max(0, Math.ceil(epochMs)).toString(16).padStart(11, '0');
  return {
    ...(since === undefined ? {} : { from: key(since) }),
    ...(until === undefined ? {} : { to: key(until) }),
  };
}

function firstOf(
  entries: Iterable<{ value: Row }>,
  wanted: (row: Row) => boolean,
  read: (row: Row) => InvocationRecord,
): InvocationRecord | undefined {
  for (const { value } of entries) if (wanted(value)) return read(value);
  return undefined;
}

/** Ids begin with the time, so that people rather copy the end, which is what differs. */
function idsLike(keys: Iterable<unknown>, text: string): string[] {
  if (text.length < SHORTEST_PART) return [];
  const found: string[] = [];
  for (const id of keys)
    if (typeof id === 'string' && (id.startsWith(text) || id.endsWith(text))) found.push(id);
  return found;
}

function ambiguous(text: string, ids: readonly string[]): SlsError {
  const shown = ids.slice(-3).join(', ');
  return new SlsError(
    'ambiguous-id',
    `"${text}" is part of ${ids.length} invocation ids (${shown}${ids.length > 3 ? ', …' : ''})`,
    {
      hint: 'give more of it; the last 8 characters are usually enough',
    },
  );
}
