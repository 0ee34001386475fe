/** The journal as other commands read it: straight from the project's state folder, whether or not a session runs. */
import { existsSync } from 'node:fs';
import { journalFolderOf, runningSession, stateFolderOf } from '../app/state-folder.ts';
import type { InvocationRecord } from '../model/invocation.ts';
import { SlsError } from '../std/errors.ts';
import { type FileStore, openStore } from '../std/store/store.ts';
import { type Journal, openJournal } from '../trace/journal.ts';
import type { ProjectChoice } from './project-options.ts';

/** Runs `read` on the project's journal. Throws `SlsError` code `no-journal` when nothing was ever recorded. */
export async function withJournal<T>(
  choice: ProjectChoice,
  read: (journal: Journal) => T | Promise<T>,
): Promise<T> {
  const state = stateFolderOf(choice.root, choice.stateFolder);
  const folder = journalFolderOf(state);
  if (!existsSync(folder))
    throw new SlsError('no-journal', `nothing has been recorded in ${choice.root} yet`, {
      hint: 'run sls-local dev here first, or name the project with --dir',
    });
  const reading = openToRead(folder);
  // Rows of a killed session may still be in files only; a running one brings its own into the store.
  const recovers = reading.journal.hasLeftRows() && !runningSession(state);
  if (recovers) await reading.close();
  const { journal, close } = recovers ? openToRecover(folder) : reading;
  try {
    return await read(journal);
  } finally {
    await close();
  }
}

interface Opened {
  readonly journal: Journal;
  close(): Promise<void>;
}

function openToRead(folder: string): Opened {
  const store = openStore(folder, { readOnly: true });
  return opened(store, openJournal(store, { folder, readOnly: true }));
}

function openToRecover(folder: string): Opened {
  const store = openStore(folder, { isShared: true });
  return opened(store, openJournal(store, { folder }));
}

function opened(store: FileStore, journal: Journal): Opened {
  const close = () => {
    journal.close();
    return store.close();
  };
  return { journal, close };
}

/** The row with this id or unambiguous beginning of one. Throws `SlsError` code `record-unknown`. */
export function findRecord(choice: ProjectChoice, id: string): Promise<InvocationRecord> {
  return withJournal(choice, (journal) => {
    const record = journal.get(id);
    if (record) return record;
    throw new SlsError('record-unknown', `no invocation "${id}" is in the journal`, {
      hint: 'list them with: sls-local traces',
    });
  });
}
