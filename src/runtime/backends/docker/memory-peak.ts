/** The highest memory use of a container so far, read from the kernel where that is this machine's. */
import { readText } from './container-processes.ts';
import type { Engine } from './engine.ts';

export interface MemoryPeak {
  /** Bytes; the last known figure once the container is gone. */
  read(): Promise<number | undefined>;
}

/**
 * On this machine's kernel: the sum of the processes' own high-water marks (VmHWM). Not the control group's
 * `memory.peak`: that one counts every page of every file read, and misses what another container has already paged in.
 * Elsewhere: what the engine's accounting says. `processes` as `findProcesses` resolves.
 */
export function makeMemoryPeak(
  engine: Engine,
  id: string,
  processes: Promise<(() => readonly number[]) | undefined>,
): MemoryPeak {
  let last: number | undefined;
  const readNow = async () => {
    const list = await processes;
    return list ? sumOfPeaks(list()) : engine.memoryPeakBytes(id);
  };
  return {
    async read() {
      const now = await readNow().catch(() => undefined);
      if (now !== undefined && now > (last ?? 0)) last = now;
      return last;
    },
  };
}

function sumOfPeaks(pids: readonly number[]): number | undefined {
  let sum = 0;
  for (const pid of pids) {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`))?.[1];
    sum += Number(kilobytes ?? 0) * 1024;
  }
  return sum === 0 ? undefined : sum;
}
