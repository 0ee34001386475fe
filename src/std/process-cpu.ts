/** CPU time that a process has used, as the kernel counts it. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/** Of the times in `/proc/<pid>/stat`: USER_HZ is the same on all machines this runs on. */
const TICK_MS = 10;
const text = Buffer.allocUnsafe(1024);

/**
 * In milliseconds so far: its threads that live (to the nanosecond) and the programs it ran that have ended (in steps of
 * 10 ms). Undefined where it cannot be known.
 */
export function cpuMsOf(pid: number): number | undefined {
  try {
    let ns = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`))
      ns += Number.parseInt(read(`/proc/${pid}/task/${thread}/schedstat`), 10) || 0;
    return ns / 1e6 + endedChildrenTicks(read(`/proc/${pid}/stat`)) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** The name, which may hold anything, stands in parentheses; `cutime` and `cstime` are fields 16 and 17 of proc(5). */
function endedChildrenTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[13] ?? 0) + Number(fields[14] ?? 0);
}

/** Without asking for the size first: it is done for each thread, in each event. */
function read(file: string): string {
  const fd = openSync(file, 'r');
  try {
    return text.toString('latin1', 0, readSync(fd, text, 0, text.length, 0));
  } finally {
    closeSync(fd);
  }
}
