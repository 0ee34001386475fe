/**
 * Takes rows in as they come, makes them safe at the end of the turn, and brings many at once into the store. Turns that
 * follow each other closely are made safe together: a write to the file costs as much as everything else about a row.
 */
import type { InvocationRecord } from '../model/invocation.ts';
import type { Store } from '../model/platform.ts';
import { encodeRow, type Place } from './encode-row.ts';
import { idOf } from './frames.ts';
import type { JournalLog } from './journal-log.ts';
import type { Ring } from './journal-ring.ts';
import type { Sessions } from './journal-sessions.ts';
import { makeTray, TRAY_BYTES } from './journal-tray.ts';

export interface Writer {
  put(record: InvocationRecord): void;
  /** Brings what waits into the store, now. */
  flush(): void;
  /** Forgets what waits. */
  drop(): void;
  close(): void;
}

/** Rows wait for the store no longer than this: other processes look there. */
const FLUSH_MS = 50;
/** No row of a close turn waits longer to be safe. */
const CLOSE_MS = 2;
/** So many rows cost the least per row, and hold the event loop for a fifth of a millisecond. */
const FLUSH_ROWS = 128;

/** Without a log each turn ends with a transaction. */
export function makeWriter(
  store: Store,
  ring: Ring,
  sessions: Sessions,
  log: JournalLog | undefined,
  logLimitBytes: number,
): Writer {
  const tray = makeTray();
  /** Rows written before their end. */
  const unended = new Set<string>();
  /** Up to where the tray's memory is in the log. */
  let logged = 0;
  let loggedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | NodeJS.Immediate | undefined;

  const write = (bring: () => void) =>
    store.write(() => {
      sessions.register();
      bring();
    });

  const drop = () => {
    tray.empty();
    logged = 0;
    log?.restart();
  };

  const flush = () => {
    if (tray.rows === 0) return;
    const whole = tray.whole();
    write(() => (whole ? ring.writeWhole(whole) : ring.write([...tray])));
    drop();
    ring.pruneSoon();
  };

  const flushLater = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      flush();
    }, FLUSH_MS);
  };

  const makeSafe = () => {
    soon = undefined;
    const end = tray.place.at;
    if (end === logged) return;
    loggedAt = performance.now();
    if (!log || tray.rows >= FLUSH_ROWS || end > TRAY_BYTES / 2) return flush();
    if (!log.append(tray.place.bytes, logged, end)) return flush();
    logged = end;
    flushLater();
  };

  /** Under load a timer: an immediate makes the event loop go round once more for each turn. */
  const makeSafeSoon = () => {
    soon ??=
      performance.now() - loggedAt < CLOSE_MS ? setTimeout(makeSafe, CLOSE_MS) : setImmediate(makeSafe);
  };

  const reserve = (bytes: number): Place => {
    if (!tray.hasRoom(bytes)) {
      flush();
      tray.enlarge(bytes);
    }
    return tray.place;
  };

  const context = {
    session: sessions.mine,
    logLimitBytes,
    generation: () => log?.generation ?? 0,
    reserve,
  };

  const recover = () => {
    const rows = [...(log?.left() ?? [])].map((frame) => ({
      id: idOf(frame),
      frame: Buffer.from(frame),
      replaces: true,
    }));
    if (rows.length > 0) write(() => ring.write(rows));
    // Always: frames behind the end of what was left must not come back to life behind new ones.
    log?.clear();
  };

  recover();
  return {
    put(record) {
      const replaces = isKnown(record, unended);
      const length = encodeRow(record, context);
      tray.add(record.id, length, replaces);
      makeSafeSoon();
    },
    flush,
    drop,
    close() {
      clearTimeout(timer);
      flush();
      log?.close();
    },
  };
}

/** Whether the store may hold the row already: it had been written before its end, or is written again for a late call. */
function isKnown(record: InvocationRecord, unended: Set<string>): boolean {
  if (record.endedAt !== undefined) return unended.delete(record.id) || record.calls.at(-1)?.late === true;
  if (unended.has(record.id)) return true;
  unended.add(record.id);
  return false;
}
