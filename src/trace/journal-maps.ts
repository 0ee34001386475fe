/** The journal's maps in the store; a read-only store that never held a journal gives empty ones. */
import type { Store, StoreMap } from '../model/platform.ts';
import type { ProcessIdentity } from '../std/process-identity.ts';
import type { Row } from './row.ts';

export interface JournalMaps {
  /** By record id, which sorts by start. */
  readonly rows: StoreMap<Row>;
  /** `[traceId, id]`, own and linked traces. */
  readonly traces: StoreMap<1>;
  /** `[id, 'event' | 'payload']` of what is too large for the row. */
  readonly texts: StoreMap<string>;
  /** Who wrote rows, by session key. */
  readonly sessions: StoreMap<ProcessIdentity>;
  /** `bytes`: estimate of what all rows take. */
  readonly totals: StoreMap<number>;
}

export function openMaps(store: Store): JournalMaps {
  return {
    rows: store.map('journal'),
    traces: store.map('journal-traces'),
    texts: store.map('journal-texts', { values: 'string' }),
    sessions: store.map('journal-sessions'),
    totals: store.map('journal-totals'),
  };
}
