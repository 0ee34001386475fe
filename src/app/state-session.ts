/** Snapshots in a running session: after a restore every service goes on with the state there is then. */
import { problemOf } from '../loaders/problems.ts';
import { messageOf, SlsError } from '../std/errors.ts';
import type { Doors } from './doors.ts';
import type { Ground } from './ground.ts';
import { snapshotsFolderOf } from './state-folder.ts';
import { makeStateKeeper, type StateKeeper } from './state-keeper.ts';

export function openSessionState(ground: Ground, doors: Doors): StateKeeper {
  const { state, store, files, clock, current, hub, closers } = ground;
  let isClosing = false;
  closers.add(() => {
    isClosing = true;
  });

  /** What the project has and the snapshot has not is made anew, as at a start. */
  const follow = async () => {
    try {
      await doors.apply(current.project);
    } catch (failure) {
      if (failure instanceof SlsError) return hub.emit({ type: 'problem', problem: problemOf(failure) });
      const message = `the project could not be applied to the restored state: ${messageOf(failure)}`;
      hub.emit({ type: 'notice', level: 'error', message });
    }
  };

  return makeStateKeeper({
    folder: snapshotsFolderOf(state.path),
    store,
    bodies: files,
    now: clock.now,
    adopt({ name }) {
      if (isClosing) return undefined;
      doors.reload();
      hub.emit({ type: 'notice', level: 'info', message: `the state is now that of the snapshot "${name}"` });
      return follow();
    },
  });
}
