/** Memory that is a process's own, as the kernel counts it. */
import { readFileSync } from 'node:fs';

/** Size of a page, which `statm` counts in, on the machines this runs on. */
const PAGE_BYTES = 4096;

/** Resident memory no file stands behind, in bytes: what ending the process gives back. 0 where it cannot be known. */
export function ownMemoryBytes(pid: number): number {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number);
    return (resident - shared) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
