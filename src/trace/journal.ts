/** The journal: one row per invocation, in the store, bounded, readable while another process writes it. */
import type { InvocationRecord } from '../model/invocation.ts';
import type { Store } from '../model/platform.ts';
import { SlsError } from '../std/errors.ts';
import { decodeRow } from './decode-row.ts';
import { makeFollowers } from './followers.ts';
import { type Bounds, makeBlocks } from './journal-blocks.ts';
import { makeBodies } from './journal-bodies.ts';
import { openMaps } from './journal-maps.ts';
import { makeRing } from './journal-ring.ts';
import { makeSessions } from './journal-sessions.ts';
import { makeWriter } from './journal-writer.ts';
import { type JournalQuery, matcherOf } from './query.ts';
import { openRowFiles } from './row-files.ts';
import { beginningsOf } from './trace-index.ts';

export interface JournalOptions {
  /**
   * Of files that make rows safe at the end of each turn, so that the store can take many at once a little later. Without it
   * each turn with rows is a transaction, and rows that are in such files are not found.
   */
  readonly folder?: string;
  /** What a killed process left in the files is not taken over, and no row may be put. */
  readonly readOnly?: boolean;
  /** Oldest rows go when the journal holds more; default 1 GB. */
  readonly maxBytes?: number;
  /** Default 100,000. */
  readonly maxRows?: number;
  /** Logs kept per invocation; default 1 MB. */
  readonly logLimitBytes?: number;
}

export interface Journal {
  /**
   * Inserts, or replaces the row of the same id if that has no end or this has a late call. From the end of the turn of the event loop on it survives a kill of the
   * process, or from 5 ms later if another row was made safe less than 5 ms ago; other processes see it then, or with a log file
   * at most 50 ms later, 200 ms under load.
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
  /** Whether the files hold rows of a killed process (or of one that is at work) that the store does not know. */
  hasLeftRows(): boolean;
  /** Writes what waits and stops working in the background; rows put afterwards are dropped. Before the store is closed. */
  close(): void;
}

const GB = 1024 * 1024 * 1024;

/** Without `folder`, or `readOnly`, nothing is written before the first `put`, so that a read-only store will do for reading. */
export function openJournal(store: Store, options: JournalOptions = {}): Journal {
  const maps = openMaps(store);
  const sessions = makeSessions(maps.sessions);
  const files = options.folder === undefined ? undefined : openRowFiles(options.folder);
  const bodies = makeBodies(maps.files, files);
  const blocks = makeBlocks(maps.blocks, bodies);
  const ring = makeRing(store, maps, blocks, bodies, {
    maxBytes: options.maxBytes ?? GB,
    maxRows: options.maxRows ?? 100_000,
  });
  const writer = makeWriter(store, ring, sessions, bodies, files, options.logLimitBytes ?? 1024 * 1024);
  const { flush } = writer;
  if (!options.readOnly) writer.recover();
  const followers = makeFollowers<InvocationRecord>();
  let closed = false;

  const read = (frame: Uint8Array): InvocationRecord => {
    const { record, session } = decodeRow(frame);
    if (session === undefined || sessions.lives(session)) return record;
    return { ...record, interrupted: true };
  };

  const byId = (id: string): InvocationRecord | undefined => {
    const frame = blocks.find(id);
    return frame && read(frame);
  };

  const byTrace = (traceId: string): InvocationRecord[] => {
    flush();
    const found = new Map<string, InvocationRecord>();
    for (const frame of blocks.between(beginningsOf(traceId))) {
      const record = holds(frame, traceId) ? read(frame) : undefined;
      if (record?.traceId === traceId) found.set(record.id, record);
    }
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
      writer.put(record);
      followers.tell(record);
    },
    flush,
    byTrace,
    get(text) {
      flush();
      const exact = text === '' ? undefined : byId(text);
      if (exact) return exact;
      if (text.startsWith('1-')) return byTrace(text)[0];
      if (REQUEST_ID.test(text)) return newestOf(blocks.newestFirst({}), text, read);
      const ids = idsLike(blocks.ids(), text);
      if (ids.length > 1) throw ambiguous(text, ids);
      return ids[0] === undefined ? undefined : byId(ids[0]);
    },
    list(query = {}) {
      flush();
      const matches = matcherOf(query);
      const found: InvocationRecord[] = [];
      const limit = query.limit ?? Number.POSITIVE_INFINITY;
      for (const frame of blocks.newestFirst(boundsOf(query))) {
        if (found.length >= limit) break;
        const record = read(frame);
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
      writer.drop();
      ring.clear();
    },
    count() {
      flush();
      return ring.count();
    },
    hasLeftRows: () => bodies.left().length > 0,
    close() {
      if (closed) return;
      closed = true;
      writer.close();
      ring.stop();
    },
  };
}

/** Sorts after every character an id can have. */
const AFTER_ALL = '\uffff';
const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHORTEST_PART = 4;

function boundsOf({ since, until }: JournalQuery): Bounds {
  const key = (epochMs: number) => Math.max(0, Math.ceil(epochMs)).toString(16).padStart(11, '0');
  return {
    ...(since === undefined ? {} : { from: key(since) }),
    ...(until === undefined ? {} : { to: key(until) }),
  };
}

/** The newest row of this request. */
function newestOf(
  frames: Iterable<Uint8Array>,
  requestId: string,
  read: (frame: Uint8Array) => InvocationRecord,
): InvocationRecord | undefined {
  for (const frame of frames) {
    const record = holds(frame, requestId) ? read(frame) : undefined;
    if (record?.requestId === requestId) return record;
  }
  return undefined;
}

/** Whether decoding can be worth it. */
function holds(frame: Uint8Array, text: string): boolean {
  return Buffer.from(frame.buffer, frame.byteOffset, frame.length).includes(text);
}

/** Ids begin with the time, so that people rather copy the end, which is what differs. */
function idsLike(ids: Iterable<string>, text: string): string[] {
  if (text.length < SHORTEST_PART) return [];
  const found: string[] = [];
  for (const id of ids) if (id.startsWith(text) || id.endsWith(text)) found.push(id);
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
