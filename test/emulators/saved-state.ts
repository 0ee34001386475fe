/** Goes back to an earlier state of a world's store under a running emulator, as a session does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunningEmulator } from '../../src/model/emulator.ts';
import type { Trigger } from '../../src/model/project.ts';
import type { Resource } from '../../src/model/resources.ts';
import type { FileStore } from '../../src/std/store/store.ts';

/** Keeps the state there is; what it answers brings it back, with the resources and triggers of the project. */
export async function saveState(store: FileStore) {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-saved-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await store.copyTo(folder);
  return async (
    emulator: RunningEmulator,
    resources: readonly Resource[] = [],
    triggers: readonly Trigger[] = [],
  ) => {
    let applied: Promise<void> | undefined;
    await store.replaceBy(folder, () => {
      emulator.reload?.();
      applied = emulator.apply(resources, triggers);
    });
    await applied;
  };
}
