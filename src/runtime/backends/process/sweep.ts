/** Ends what the processes of dead sessions left running and removes their folders. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, type ProcessIdentity, thisProcess } from '../../../std/process-identity.ts';
import { deadSessionFolders, readIdentity, sessionParents } from '../../session-folder.ts';

/** Returns how many processes and folders it removed. */
export function sweepDeadSessions(parents: readonly string[] = sessionParents()): number {
  let removed = 0;
  for (const folder of parents.flatMap(deadSessionFolders)) {
    for (const note of notesIn(join(folder, 'pids'))) {
      const child = readIdentity(note);
      if (child && killIfOurs(child)) removed++;
    }
    rmSync(folder, { recursive: true, force: true });
    removed++;
  }
  return removed;
}

function notesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/**
 * The number may belong to somebody else by now. It does if a process with it lives that started at another time; if none
 * lives, a group with that number can only be what our child left behind. Where the system does not tell start times,
 * nothing is killed: instances end by themselves when their line is cut.
 */
function killIfOurs(child: ProcessIdentity): boolean {
  if (child.startedAt === '' || bootOf(child) !== bootOf(thisProcess())) return false;
  const leader = identityOf(child.pid);
  if (leader.startedAt !== '' && leader.startedAt !== child.startedAt) return false;
  try {
    process.kill(-child.pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** The start time is counted from the boot it names. */
function bootOf({ startedAt }: ProcessIdentity): string {
  return startedAt.slice(0, startedAt.indexOf(':'));
}
