/** Keeps what items were, for the tables whose past somebody needs: those that recover to points in time, and those being copied. */
import type { Clock, Store, Timer } from '../../../src/model/platform.ts';
import type { ChangeListener, TableStore } from '../table-store.ts';
import { type HistoryLog, makeHistoryLog } from './history-log.ts';
import { oldestNeeded } from './recovery-window.ts';

export interface History {
  /** Writes what commits replace; runs within their transaction. Costs nothing for tables nobody holds. */
  readonly record: ChangeListener;
  /** From now on the table's past is kept, until the function that is returned was called. */
  hold(tableId: string): { readonly log: HistoryLog; release(): void };
  /** Is the table read by a copy under way? */
  isCopied(tableId: string): boolean;
  /** Holds the tables that recover to points in time, as they come and go. */
  follow(tables: TableStore): void;
  /** Drops what was kept for holders that are gone since the last session. To be called when everyone holds again. */
  dropForgotten(): void;
  /** The store's content was exchanged: nobody holds anything any more, but for the tables that recover. */
  reload(tables: TableStore): void;
  stop(): void;
}

const PREFIX = 'dynamodb.history/';
const TRIM_EVERY_MS = 60 * 60 * 1000;
/** Changes removed in one transaction; the event loop turns in between. */
const BATCH_SIZE = 1000;

interface Held {
  readonly log: HistoryLog;
  holders: number;
}

export function openHistory({ store, clock }: { readonly store: Store; readonly clock: Clock }): History {
  const held = new Map<string, Held>();
  const recovering = new Map<string, () => void>();
  let timer: Timer | undefined;
  let stopFollowing: (() => void) | undefined;

  const open = (tableId: string): HistoryLog =>
    makeHistoryLog(store.map<string>(`${PREFIX}${tableId}`, { keys: 'bytes', values: 'string' }));

  const hold: History['hold'] = (tableId) => {
    const entry = held.get(tableId) ?? { log: open(tableId), holders: 0 };
    entry.holders++;
    held.set(tableId, entry);
    let holds = true;
    return {
      log: entry.log,
      release() {
        if (!holds) return;
        holds = false;
        if (--entry.holders > 0 || held.get(tableId) !== entry) return;
        held.delete(tableId);
        store.drop(`${PREFIX}${tableId}`);
      },
    };
  };

  const recoverable = (tables: TableStore) =>
    tables.names().flatMap((name) => {
      const record = tables.find(name)?.record;
      return record?.recovery ? [{ id: record.id, recovery: record.recovery }] : [];
    });

  /** True when there may be more to remove at once. */
  const sweep = (tables: TableStore): boolean => {
    let full = false;
    for (const { id, recovery } of recoverable(tables)) {
      const removed = store.write(() =>
        held.get(id)?.log.trim(oldestNeeded(recovery, clock.now()), BATCH_SIZE),
      );
      full ||= removed === BATCH_SIZE;
    }
    return full;
  };

  const arm = (tables: TableStore, delayMs: number) => {
    timer?.cancel();
    timer =
      recovering.size === 0
        ? undefined
        : clock.after(delayMs, () => arm(tables, sweep(tables) ? 0 : TRIM_EVERY_MS));
  };

  const sync = (tables: TableStore) => {
    const wanted = new Set(recoverable(tables).map(({ id }) => id));
    const before = recovering.size;
    for (const id of wanted) if (!recovering.has(id)) recovering.set(id, hold(id).release);
    for (const [id, release] of [...recovering]) {
      if (wanted.has(id)) continue;
      recovering.delete(id);
      release();
    }
    if ((before === 0) !== (recovering.size === 0)) arm(tables, 0);
  };

  return {
    hold,
    isCopied: (tableId) => (held.get(tableId)?.holders ?? 0) > (recovering.has(tableId) ? 1 : 0),

    record(changes) {
      if (held.size === 0) return;
      for (const { table, key, before } of changes)
        held.get(table.record.id)?.log.append(clock.now(), key, before);
    },

    follow(tables) {
      sync(tables);
      stopFollowing = tables.onDefinition(() => sync(tables));
    },

    dropForgotten() {
      for (const name of store.names())
        if (name.startsWith(PREFIX) && !held.has(name.slice(PREFIX.length))) store.drop(name);
    },

    reload(tables) {
      held.clear();
      recovering.clear();
      sync(tables);
    },

    stop() {
      stopFollowing?.();
      timer?.cancel();
    },
  };
}
