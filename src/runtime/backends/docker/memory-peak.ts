/** The highest memory use of a container so far, read from the kernel where that is this machine's. */
import type { SeenContainer } from './container-processes.ts';
import type { Engine } from './engine.ts';
import { readText } from './kernel-file.ts';

export interface MemoryPeak {
  /** Bytes; the last known figure once the container is gone. */
  read(): Promise<number | undefined>;
}

/**
 * On this machine's kernel the larger of two figures, since each misses something: the sum of the processes' own high-water
 * marks (VmHWM) those that have ended, the control group's what another container has already paged in. Elsewhere: what the
 * engine's accounting says. `seen` as `findContainer` resolves.
 */
export function makeMemoryPeak(
  engine: Engine,
  id: string,
  seen: Promise<SeenContainer | undefined>,
): MemoryPeak {
  let last: number | undefined;
  const readNow = async () => {
    const container = await seen;
    if (!container) return engine.memoryPeakBytes(id);
    const { processes, counts } = container;
    return Math.max(sumOfPeaks(processes()), counts.memoryPeakBytes() ?? 0) || undefined;
  };
  return {
    async read() {
      const now = await readNow().catch(() => undefined);
      if (now !== undefined && now > (last ?? 0)) last = now;
      return last;
    },
  };
}

function sumOfPeaks(pids: readonly number[]): number {
  let sum = 0;
  for (const pid of pids) {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`))?.[1];
    sum += Number(kilobytes ?? 0) * 1024;
  }
  return sum;
}
