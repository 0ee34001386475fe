/** The journal's maps in the store; a read-only store that never held a journal gives empty ones. */
import type { Store, StoreMap } from '../model/platform.ts';
import type { ProcessIdentity } from '../std/process-identity.ts';
import type { Sum } from './journal-blocks.ts';
import type { FileNote } from './journal-bodies.ts';

export interface JournalMaps {
  /** Frames (see `row-layout.ts`), many to an entry (see `journal-blocks.ts`), or where they are (see `journal-bodies.ts`). */
  readonly blocks: StoreMap<Uint8Array>;
  /** `[traceId, id]`, own and linked traces. */
  readonly traces: StoreMap<1>;
  /** Who wrote rows, by session key. */
  readonly sessions: StoreMap<ProcessIdentity>;
  /** `all`: what is in the blocks. */
  readonly sums: StoreMap<Sum>;
  /** By number of the row file. */
  readonly files: StoreMap<FileNote>;
}

export function openMaps(store: Store): JournalMaps {
  return {
    blocks: store.map('journal-blocks', { values: 'bytes' }),
    traces: store.map('journal-traces'),
    sessions: store.map('journal-sessions'),
    sums: store.map('journal-sums'),
    files: store.map('journal-files'),
  };
}
