/** Temporary stores and folders that tests leave behind: a worker of the test runner is ended without its exit handlers. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileStore, openTemporaryStore } from '../../src/std/store/store.ts';

const opened = new Set<FileStore>();
const folders = new Set<string>();

/** A path nothing is at yet. */
export function folderOfTest(name: string): string {
  const folder = join(tmpdir(), `sls-local-${name}-${randomUUID()}`);
  folders.add(folder);
  return folder;
}

export function openStoreOfTest(): FileStore {
  const store = openTemporaryStore();
  opened.add(store);
  return store;
}

export async function closeOpenedStores(): Promise<void> {
  for (const store of opened) await store.close();
  opened.clear();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}
