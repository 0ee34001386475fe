/** Snapshots of a project in which no session runs: straight on its folders. */
import { existsSync } from 'node:fs';
import { openBodyFolder } from '../std/body-files.ts';
import { makeClosers } from '../std/closers.ts';
import { SlsError } from '../std/errors.ts';
import { randomIds } from '../std/ids.ts';
import { openStore } from '../std/store/store.ts';
import { claimStateFolder, dataFolderOf, snapshotsFolderOf } from './state-folder.ts';
import { makeStateKeeper, type StateKeeper } from './state-keeper.ts';
import { dropOlderLayout } from './state-layout.ts';

export interface OwnState extends StateKeeper {
  close(): Promise<void>;
}

/** Throws `SlsError` `session-running` when a session owns the folder, `no-state` when there never was one. */
export async function openOwnState(path: string): Promise<OwnState> {
  if (!existsSync(path))
    throw new SlsError('no-state', `there is no ${path}: no session has run in this project yet`, {
      hint: 'run sls-local dev here first, or name the project with --dir',
    });
  const closers = makeClosers();
  const claimed = await claimStateFolder(path);
  closers.add(claimed.release);
  try {
    const store = openStore(dataFolderOf(path));
    closers.add(() => store.close());
    dropOlderLayout(store, claimed.data);
    const bodies = openBodyFolder(claimed.bodies, { ids: randomIds });
    closers.add(() => bodies.close());
    const keeper = makeStateKeeper({
      folder: snapshotsFolderOf(path),
      store,
      bodies,
      now: Date.now,
      adopt: () => undefined,
    });
    return { ...keeper, close: () => closers.close() };
  } catch (failure) {
    await closers.close();
    throw failure;
  }
}
