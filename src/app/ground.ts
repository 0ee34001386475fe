/** What a session stands on: the project, its state folder with the store, and the journal. Nothing here listens or runs. */

import type { Ids, Store } from '../model/platform.ts';
import { openSessionFolder } from '../runtime/session-folder.ts';
import { type FreezableClock, makeSystemClock } from '../std/clock.ts';
import type { Closers } from '../std/closers.ts';
import { randomIds } from '../std/ids.ts';
import { openStore } from '../std/store.ts';
import { type Journal, openJournal } from '../trace/journal.ts';
import { journalLogOf } from '../trace/journal-log.ts';
import { type CurrentProject, openCurrentProject } from './current-project.ts';
import { type EventHub, makeEventHub } from './event-hub.ts';
import type { SessionOptions } from './options.ts';
import { claimStateFolder, type StateFolder, stateFolderOf } from './state-folder.ts';

export interface Ground {
  readonly options: SessionOptions;
  readonly clock: FreezableClock;
  readonly ids: Ids;
  readonly hub: EventHub;
  /** Shows a warning. */
  readonly notice: (message: string) => void;
  readonly current: CurrentProject;
  readonly state: StateFolder;
  readonly store: Store;
  readonly journal: Journal;
  /** Short-lived folder of sockets and process notes. */
  readonly folder: string;
  readonly closers: Closers;
}

/** Throws `SlsError` when there is no project, or another session owns the folder. */
export async function openGround(options: SessionOptions, closers: Closers): Promise<Ground> {
  const clock = makeSystemClock();
  const hub = makeEventHub(options.emit);
  const current = await openCurrentProject(options, hub.emit);
  const state = claimStateFolder(stateFolderOf(options.root, options.stateFolder));
  closers.add(state.release);
  const store = openStore(state.data);
  closers.add(() => store.close());
  const journal = openJournal(store, { logFile: journalLogOf(state.data) });
  closers.add(() => journal.close());
  const folder = openSessionFolder(randomIds);
  closers.add(folder.close);
  return {
    options,
    clock,
    ids: randomIds,
    hub,
    notice: (message) => hub.emit({ type: 'notice', level: 'warning', message }),
    current,
    state,
    store,
    journal,
    folder: folder.path,
    closers,
  };
}
