/** What a session stands on: the project, its state folder with the stores, and the journal. Nothing here listens or runs. */
import type { Ids, Store } from '../model/platform.ts';
import { openSessionFolder } from '../runtime/session-folder.ts';
import { type BodyFolder, openBodyFolder } from '../std/body-files.ts';
import { type FreezableClock, makeSystemClock } from '../std/clock.ts';
import type { Closers } from '../std/closers.ts';
import { randomIds } from '../std/ids.ts';
import { type FileStore, openStore } from '../std/store/store.ts';
import { type Journal, openJournal } from '../trace/journal.ts';
import { type CurrentProject, openCurrentProject } from './current-project.ts';
import { type DeployedFunctions, openDeployedFunctions } from './deployed-functions.ts';
import { type EventHub, makeEventHub } from './event-hub.ts';
import type { SessionOptions } from './options.ts';
import { openProductTime, type ProductTime } from './product-time.ts';
import { settledOptions } from './settled-options.ts';
import { claimStateFolder, type StateFolder, stateFolderOf } from './state-folder.ts';
import { dropOlderLayout } from './state-layout.ts';
import { storedValuesIn } from './stored-values.ts';

export interface Ground {
  readonly options: SessionOptions;
  /** Real time, which a debugger may hold: of functions and what is recorded of them. */
  readonly clock: FreezableClock;
  /** The emulated services' time. */
  readonly time: ProductTime;
  readonly ids: Ids;
  readonly hub: EventHub;
  /** Shows a warning. */
  readonly notice: (message: string) => void;
  readonly current: CurrentProject;
  readonly deployed: DeployedFunctions;
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
export async function openGround(asked: SessionOptions, closers: Closers): Promise<Ground> {
  const clock = makeSystemClock();
  const hub = makeEventHub(asked.emit);
  const stateFolder = stateFolderOf(asked.root, asked.stateFolder);
  let opened: Store | undefined;
  const stored = storedValuesIn(stateFolder, () => opened);
  const current = await openCurrentProject(asked, hub.emit, stored);
  const options = settledOptions(asked, current.own.session);
  const state = await claimStateFolder(stateFolder);
  closers.add(state.release);
  const { durability = 'process' } = options;
  const store = openStore(state.data, { durability });
  closers.add(() => store.close());
  dropOlderLayout(store, state.data);
  opened = store;
  const deployed = openDeployedFunctions(current, store, state.path, options.limits.perFunction);
  const files = openBodyFolder(state.bodies, { ids: randomIds, flushes: durability === 'power' });
  closers.add(() => files.close());
  const ownStore = openStore(state.journal, { isShared: true });
  closers.add(() => ownStore.close());
  const journal = openJournal(ownStore, { folder: state.journal });
  closers.add(() => journal.close());
  const notice = (message: string) => hub.emit({ type: 'notice', level: 'warning', message });
  const { timeScale: scale = 1 } = options;
  const time = openProductTime({ base: clock, store: ownStore, hub, scale, notice });
  closers.add(() => time.close());
  const folder = openSessionFolder(randomIds);
  closers.add(folder.close);
  return {
    options,
    clock,
    time,
    ids: randomIds,
    hub,
    notice,
    current,
    deployed,
    state,
    store,
    files,
    ownStore,
    journal,
    folder: folder.path,
    closers,
  };
}
