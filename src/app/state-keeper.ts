/** Saves and restores the emulated state, one after the other. */

import type { BodyFolder } from '../std/body-files.ts';
import { SlsError } from '../std/errors.ts';
import type { FileStore } from '../std/store/store.ts';
import {
  listSnapshots,
  needSnapshot,
  removeSnapshot,
  restoreBodies,
  type Snapshot,
  saveSnapshot,
  snapshotFolder,
} from './state-snapshots.ts';

export interface StateKeeper {
  list(): readonly Snapshot[];
  /** Throws `SlsError`: `snapshot-name`, `snapshot-exists` unless `replace`, `disk-full`. */
  save(name: string, options: { readonly replace: boolean }): Promise<Snapshot>;
  /** The state is that of the snapshot when this resolves. Throws `SlsError`: `snapshot-unknown`, `snapshot-unreadable`, `disk-full`. */
  restore(name: string): Promise<Snapshot>;
  /** Throws `SlsError` `snapshot-unknown`. */
  remove(name: string): Promise<void>;
}

export interface StateKeeperOptions {
  /** Where the snapshots lie. */
  readonly folder: string;
  readonly store: FileStore;
  /** What the store names lies here. */
  readonly bodies: BodyFolder;
  /** Epoch ms. */
  readonly now: () => number;
  /** Called in the turn of the event loop in which the state changes. What it returns is waited for. */
  readonly adopt: (snapshot: Snapshot) => Promise<void> | undefined;
}

export function makeStateKeeper({ folder, store, bodies, now, adopt }: StateKeeperOptions): StateKeeper {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = last.then(work);
    last = run.catch(() => {});
    return run;
  };

  const restore = async (name: string): Promise<Snapshot> => {
    const snapshot = needSnapshot(folder, name);
    let adopted: Promise<void> | undefined;
    const hold = bodies.hold();
    try {
      await restoreBodies(folder, name, bodies);
      await store.replaceBy(snapshotFolder(folder, name), () => {
        hold.forget();
        adopted = adopt(snapshot);
      });
    } catch (failure) {
      hold.release();
      throw explain(failure, name);
    }
    await adopted;
    return snapshot;
  };

  return {
    list: () => listSnapshots(folder),
    save: (name, { replace }) =>
      inTurn(() => saveSnapshot(folder, name, store, { at: Math.floor(now()), replace, bodies })),
    restore: (name) => inTurn(() => restore(name)),
    remove: (name) => inTurn(async () => removeSnapshot(folder, name)),
  };
}

function explain(failure: unknown, name: string): unknown {
  if (!(failure instanceof SlsError) || failure.code !== 'store-unusable') return failure;
  return new SlsError('snapshot-unreadable', `the snapshot "${name}" cannot be read: ${failure.message}`, {
    hint: 'nothing was changed; save it again, or remove it with: sls-local state rm',
    cause: failure,
    exitCode: 1,
  });
}
