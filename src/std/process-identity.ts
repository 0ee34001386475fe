/** Tells a live process from a later one that got the same number. */
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in the kernel's ticks since boot, with the boot's id; empty where the system does not tell (then the pid alone decides). */
  readonly startedAt: string;
}

export function thisProcess(): ProcessIdentity {
  return identityOf(process.pid);
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startedAt: startOf(pid) };
}

/** One that was killed and that its parent has not yet taken notice of (a zombie) is not alive. */
export function isAlive(process_: ProcessIdentity): boolean {
  try {
    process.kill(process_.pid, 0);
  } catch (failure) {
    // EPERM: it lives, but belongs to somebody else.
    if (!(failure instanceof Error && 'code' in failure && failure.code === 'EPERM')) return false;
  }
  if (statOf(process_.pid)[STATE] === 'Z') return false;
  const started = startOf(process_.pid);
  return started === '' || process_.startedAt === '' || started === process_.startedAt;
}

function startOf(pid: number): string {
  try {
    const ticks = statOf(pid)[START_TICKS];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return ticks === undefined ? '' : `${boot}:${ticks}`;
  } catch {
    return '';
  }
}

/** Positions in what `statOf` answers; the manual counts from 1 and two fields earlier. */
const STATE = 0;
const START_TICKS = 19;

/** The fields of /proc/PID/stat after the command name, which may hold blanks and parentheses; none where there is no such file. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
