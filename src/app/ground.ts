/** What a session stands on: the project, its state folder with the stores, and the journal. Nothing here listens or runs. */
import type { Ids, Store } from '../model/platform.ts';
import { openSessionFolder } from '../runtime/session-folder.ts';
import { type BodyFolder, openBodyFolder } from '../std/body-files.ts';
import { type FreezableClock, makeSystemClock } from '../std/clock.ts';
import type { Closers } from '../std/closers.ts';
import { randomIds } from '../std/ids.ts';
import { type FileStore, openStore } from '../std/store.ts';
import { type Journal, openJournal } from '../trace/journal.ts';
import { journalLogOf } from '../trace/journal-log.ts';
import { type CurrentProject, openCurrentProject } from './current-project.ts';
import { type EventHub, makeEventHub } from './event-hub.ts';
import type { SessionOptions } from './options.ts';
import { claimStateFolder, type StateFolder, stateFolderOf } from './state-folder.ts';
import { dropOlderLayout } from './state-layout.ts';

export interface Ground {
  readonly options: SessionOptions;
  readonly clock: FreezableClock;
  readonly ids: Ids;
  readonly hub: EventHub;
  /** Shows a warning. */
  readonly notice: (message: string) => void;
  readonly current: CurrentProject;
  readonly state: StateFolder;
  /** The emulated state: tables, queues, asynchronous events under way. A snapshot covers all of it. */
  readonly store: FileStore;
  /** Bodies of objects, which the store names. */
  readonly files: BodyFolder;
  /** What is no part of the emulated state and stays when a snapshot is restored: journal, since when schedules are known. */
  readonly ownStore: Store;
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
  const { durability = 'process' } = options;
  const store = openStore(state.data, { durability });
  closers.add(() => store.close());
  dropOlderLayout(store, state.data);
  const files = openBodyFolder(state.bodies, { ids: randomIds, flushes: durability === 'power' });
  closers.add(() => files.close());
  const ownStore = openStore(state.journal);
  closers.add(() => ownStore.close());
  const journal = openJournal(ownStore, { logFile: journalLogOf(state.journal) });
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
    files,
    ownStore,
    journal,
    folder: folder.path,
    closers,
  };
}
