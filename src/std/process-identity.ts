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

export function isAlive(process_: ProcessIdentity): boolean {
  try {
    process.kill(process_.pid, 0);
  } catch (failure) {
    // EPERM: it lives, but belongs to somebody else.
    if (!(failure instanceof Error && 'code' in failure && failure.code === 'EPERM')) return false;
  }
  const started = startOf(process_.pid);
  return started === '' || process_.startedAt === '' || started === process_.startedAt;
}

/** Field 22 of /proc/PID/stat; the command name before it may hold blanks and parentheses. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${ticks}`;
  } catch {
    return '';
  }
}
