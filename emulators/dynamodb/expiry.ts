/** Deletes items when their time has come. */
import type { Clock, Timer } from '../../src/model/platform.ts';
import { expirySeconds, MAX_OVERDUE_SECONDS } from './expiry-time.ts';
import type { TableStore } from './table-store.ts';

export interface Expiry {
  stop(): void;
}

/** Items deleted in one transaction; the event loop turns in between. */
const BATCH_SIZE = 500;

/** The service takes up to days for it; here an item is gone within a second of its time. */
export function startExpiry(tables: TableStore, clock: Clock): Expiry {
  let timer: Timer | undefined;
  let dueAt = Number.POSITIVE_INFINITY;

  const expiring = () =>
    tables.names().flatMap((name) => {
      const table = tables.find(name);
      return table?.record.ttlAttribute === undefined ? [] : [table];
    });

  /** True when there may be more to delete at once. */
  const sweep = (): boolean => {
    const now = Math.floor(clock.now() / 1000);
    let full = false;
    for (const table of expiring()) {
      const due = tables.expired(table, now - MAX_OVERDUE_SECONDS, now, BATCH_SIZE);
      tables.commit(
        due.map(({ key, stored }) => ({ table, key, before: stored, after: undefined })),
        { kind: 'expiry' },
      );
      full ||= due.length === BATCH_SIZE;
    }
    return full;
  };

  const wakeAt = (at: number) => {
    if (at >= dueAt) return;
    timer?.cancel();
    dueAt = at;
    timer = clock.after(Math.max(0, at - clock.now()), () => {
      dueAt = Number.POSITIVE_INFINITY;
      if (sweep()) wakeAt(clock.now());
      else arm();
    });
  };

  /** Waits for the earliest time there is. */
  const arm = () => {
    const since = Math.floor(clock.now() / 1000) - MAX_OVERDUE_SECONDS;
    for (const table of expiring()) {
      const next = tables.nextExpiry(table, since);
      if (next !== undefined) wakeAt(next * 1000);
    }
  };

  const stopListening = tables.onChange((changes) => {
    for (const { table, after } of changes) {
      const { ttlAttribute } = table.record;
      const at = after && ttlAttribute !== undefined && expirySeconds(after.item, ttlAttribute);
      if (typeof at === 'number' && at * 1000 < dueAt) wakeAt(at * 1000);
    }
  });
  const stopWatching = tables.onDefinition(arm);
  arm();

  return {
    stop() {
      stopListening();
      stopWatching();
      timer?.cancel();
    },
  };
}
