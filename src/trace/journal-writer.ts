/**
 * Takes rows in as they come, makes them safe at the end of the turn, and brings many at once into the store. Rows that
 * follow each other closely are made safe together: a write to the file costs more than everything else about a row.
 */
import type { InvocationRecord } from '../model/invocation.ts';
import type { Store } from '../model/platform.ts';
import { encodeRow, type Place } from './encode-row.ts';
import { isNarrow } from './journal-blocks.ts';
import type { Bodies } from './journal-bodies.ts';
import type { Ring } from './journal-ring.ts';
import type { Sessions } from './journal-sessions.ts';
import { makeTray, TRAY_BYTES } from './journal-tray.ts';
import type { RowFiles } from './row-files.ts';
import { idOf } from './row-frames.ts';

export interface Writer {
  /** Takes over what a killed process left in the files. */
  recover(): void;
  put(record: InvocationRecord): void;
  /** Brings what waits into the store, now. */
  flush(): void;
  /** Forgets what waits. */
  drop(): void;
  close(): void;
}

/** Rows wait for the store no longer than this, since other processes look there … */
const FLUSH_MS = 50;
/** … or than this, when they come so fast that the files keep them: each time costs as much as some hundred rows. */
const LOADED_FLUSH_MS = 200;
/** Rows that come sooner after a write to the file wait so long for the next one: a write costs more than the rest of a row. */
const SAFE_MS = 5;
/** The tray is emptied before a row finds no room. */
const FULL_BYTES = 0.75 * TRAY_BYTES;
/** So many bytes that are together are left in the files; fewer are taken into the store, so that files do not grow with every row. */
const KEPT_BYTES = 64 * 1024;

/** Without files each turn ends with a transaction. */
export function makeWriter(
  store: Store,
  ring: Ring,
  sessions: Sessions,
  bodies: Bodies,
  files: RowFiles | undefined,
  logLimitBytes: number,
): Writer {
  const tray = makeTray();
  /** Rows written before their end. */
  const unended = new Set<string>();
  /** Up to where the tray's memory is in the files. */
  let logged = 0;
  let safeAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let safeSoon = false;

  const write = (bring: () => void) =>
    store.write(() => {
      sessions.register();
      bring();
    });

  const empty = () => {
    tray.empty();
    logged = 0;
  };

  const drop = () => {
    empty();
    files?.goBack();
  };

  /** Whether all of the tray is in the files. */
  const log = (): boolean => {
    const end = tray.place.at;
    if (end === logged) return true;
    if (!files?.append(tray.place.bytes, logged, end)) return false;
    logged = end;
    return true;
  };

  const flush = () => {
    if (tray.rows === 0) return;
    const whole = tray.whole();
    if (files && whole && whole.frames.length >= KEPT_BYTES && isNarrow(whole) && log()) {
      write(() => ring.writeWhole(whole, files.appended()));
      empty();
      files.keep();
    } else {
      write(() => (whole ? ring.writeWhole(whole) : ring.write([...tray])));
      drop();
    }
    ring.pruneSoon();
  };

  const flushByTime = () => {
    timer = undefined;
    flush();
  };

  const flushUnlessLoaded = () => {
    if (tray.place.at < KEPT_BYTES) flushByTime();
    else timer = setTimeout(flushByTime, LOADED_FLUSH_MS - FLUSH_MS);
  };

  const flushLater = () => {
    timer ??= setTimeout(flushUnlessLoaded, FLUSH_MS);
  };

  const makeSafe = () => {
    safeSoon = false;
    if (tray.place.at === logged) return;
    safeAt = performance.now();
    if (!files || tray.place.at > FULL_BYTES || !log()) return flush();
    flushLater();
  };

  /** Under load a timer: an immediate makes the event loop go round once more for each turn. */
  const makeSafeSoon = () => {
    if (safeSoon) return;
    safeSoon = true;
    const isLoaded = files !== undefined && performance.now() - safeAt < SAFE_MS;
    if (isLoaded) setTimeout(makeSafe, SAFE_MS);
    else setImmediate(makeSafe);
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
    generation: () => files?.generation ?? 0,
    reserve,
  };

  const recover = () => {
    const rows = bodies.left().map((frame) => ({
      id: idOf(frame),
      frame: Buffer.from(frame),
      replaces: true,
    }));
    if (rows.length > 0) write(() => ring.write(rows));
    // Always: frames behind the end of what was left must not come back to life behind new ones.
    bodies.dropLeft();
  };

  return {
    recover,
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
      files?.close();
    },
  };
}

/** Whether the store may hold the row already: it had been written before its end, or is written again for a late call. */
function isKnown(record: InvocationRecord, unended: Set<string>): boolean {
  if (record.endedAt !== undefined)
    return (unended.size > 0 && unended.delete(record.id)) || record.calls.at(-1)?.late === true;
  if (unended.has(record.id)) return true;
  unended.add(record.id);
  return false;
}
