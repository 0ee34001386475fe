/** How far each function is in each strand, on disk: no record is skipped after a kill. */
import type { Store } from '../../src/model/platform.ts';
import type { Place } from './source.ts';
import type { WindowState } from './window.ts';

/** One lane's place, and the window that is open there. */
export type Reached<P extends Place> = P & { readonly window?: WindowState };

export interface Checkpoints<P extends Place> {
  /** One for each lane; undefined for a function that never followed this strand. */
  find(follower: string, strandId: string): readonly Reached<P>[] | undefined;
  save(follower: string, strandId: string, positions: readonly Reached<P>[]): void;
}

/** Rows stay when a trigger is taken out of the project: one that comes back goes on where it was. */
export function openCheckpoints<P extends Place>(store: Store, name: string): Checkpoints<P> {
  const rows = store.map<readonly Reached<P>[]>(name);
  return {
    find: (follower, strandId) => rows.get([follower, strandId]),
    save: (follower, strandId, positions) => rows.put([follower, strandId], [...positions]),
  };
}
