/** Reaches the project's state: in the session that runs there, or else straight in its folders. */

import { snapshotsFolderOf, stateFolderOf } from '../../app/state-folder.ts';
import { removeSnapshot, type Snapshot } from '../../app/state-snapshots.ts';
import { chooseProject, type ProjectArguments } from '../project-options.ts';
import { findRunning, type RunningSession } from '../running.ts';

export interface Keeper {
  save(name: string, replace: boolean): Promise<Snapshot>;
  restore(name: string): Promise<Snapshot>;
}

export interface Kept<T> {
  readonly result: T;
  /** In the session or here, without starting this command. */
  readonly elapsedMs: number;
}

export async function withKeeper<T>(
  args: ProjectArguments,
  work: (keeper: Keeper) => Promise<T>,
): Promise<Kept<T>> {
  const choice = chooseProject(args);
  const running = findRunning(choice);
  if (running) return timed(() => work(joinRunning(running)));
  const { openOwnState } = await import('../../app/state-own.ts');
  const own = await openOwnState(stateFolderOf(choice.root, choice.stateFolder));
  try {
    return await timed(() =>
      work({
        save: (name, replace) => own.save(name, { replace }),
        restore: own.restore,
      }),
    );
  } finally {
    await own.close();
  }
}

/** Without a session nothing is opened, so that it works on a full disk too. */
export async function removeKept(args: ProjectArguments, name: string): Promise<void> {
  const running = findRunning(chooseProject(args));
  if (running) await running.post('state/remove', { name });
  else removeSnapshot(snapshotsFolderOf(stateFolderFor(args)), name);
}

/** The project's state folder. */
export function stateFolderFor(args: ProjectArguments): string {
  const { root, stateFolder } = chooseProject(args);
  return stateFolderOf(root, stateFolder);
}

function joinRunning(running: RunningSession): Keeper {
  return {
    save: (name, replace) => running.post('state/save', { name, replace }),
    restore: (name) => running.post('state/restore', { name }),
  };
}

async function timed<T>(work: () => Promise<T>): Promise<Kept<T>> {
  const startedAt = performance.now();
  const result = await work();
  return { result, elapsedMs: Math.round(performance.now() - startedAt) };
}
