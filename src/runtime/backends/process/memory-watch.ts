/** Ends processes that take far more memory than their function has; a limit to the byte is a matter for containers. */
import { readFileSync } from 'node:fs';
import type { ProcessHandle } from './spawn-instance.ts';

/** The kernel does not tell when a process grows, so it is looked at this often, while any runs. */
const EVERY_MS = 250;
/**
 * Above the function's memory, what a process may take: without the cloud's limit V8 collects its garbage later than it
 * would there, and that is no fault of the function.
 */
const ALLOWANCE_BYTES = 384 * 2 ** 20;

export interface MemoryWatch {
  /** Watches the process until it ends. */
  add(handle: ProcessHandle, memoryMb: number): void;
}

/** Watches where there is /proc; elsewhere does nothing. */
export function openMemoryWatch(): MemoryWatch {
  const limits = new Map<ProcessHandle, number>();
  let timer: NodeJS.Timeout | undefined;

  const look = () => {
    for (const [handle, limitBytes] of limits)
      if (residentBytes(handle.pid) > limitBytes) handle.endOutOfMemory();
  };
  const remove = (handle: ProcessHandle) => {
    limits.delete(handle);
    if (limits.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    add(handle, memoryMb) {
      if (process.platform !== 'linux') return;
      limits.set(handle, memoryMb * 2 ** 20 + ALLOWANCE_BYTES);
      timer ??= setInterval(look, EVERY_MS).unref();
      void handle.exited.then(() => remove(handle));
    },
  };
}

/** 0 when the process is gone. */
function residentBytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
