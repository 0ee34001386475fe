/** A state folder written before the journal had a store of its own: tables and queues stay, recorded invocations go. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../model/platform.ts';

const MOVED = [
  'journal-blocks',
  'journal-traces',
  'journal-sessions',
  'journal-sums',
  'journal-files',
  'scheduler:known',
];

/** Takes out of the store of the emulated state what no longer belongs there: a snapshot would copy it. */
export function dropOlderLayout(store: Store, folder: string): void {
  const names = new Set(store.names());
  for (const name of MOVED) if (names.has(name)) store.drop(name);
  rmSync(join(folder, 'journal.log'), { force: true });
}
