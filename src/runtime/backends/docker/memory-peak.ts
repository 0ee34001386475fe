/** The highest memory use of a container so far, read from the kernel where that is this machine's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './engine.ts';

export interface MemoryPeak {
  /** Bytes; the last known figure once the container is gone. */
  read(): Promise<number | undefined>;
}

/**
 * On this machine's kernel: the sum of the processes' own high-water marks (VmHWM). Not the control group's
 * `memory.peak`: that one counts every page of every file read, and misses what another container has already paged in.
 * Elsewhere: what the engine's accounting says.
 */
export function makeMemoryPeak(engine: Engine, id: string): MemoryPeak {
  let last: number | undefined;
  let source: Promise<() => Promise<number | undefined>> | undefined;
  return {
    async read() {
      source ??= openSource(engine, id);
      const now = await source.then((readNow) => readNow()).catch(() => undefined);
      if (now !== undefined && now > (last ?? 0)) last = now;
      return last;
    },
  };
}

async function openSource(engine: Engine, id: string): Promise<() => Promise<number | undefined>> {
  const procs = await processListOf(engine, id);
  if (procs === undefined) return () => engine.memoryPeakBytes(id);
  return async () => sumOfPeaks(procs);
}

/** Path of the `cgroup.procs` of the container, if it can be seen from here. */
async function processListOf(engine: Engine, id: string): Promise<string | undefined> {
  const [facts, state] = await Promise.all([engine.facts(), engine.inspect(id)]);
  if (!facts.sameKernel || state.pid === 0) return undefined;
  const group = groupOf(readText(`/proc/${state.pid}/cgroup`), id);
  if (group === undefined) return undefined;
  const file = join('/sys/fs/cgroup', group, 'cgroup.procs');
  return readText(file) === '' ? undefined : file;
}

/** Lines are `id:controllers:path`; version 2 has the single line `0::path`, version 1 mounts each controller apart. */
function groupOf(text: string, id: string): string | undefined {
  const lines = text.split('\n').map((line) => line.split(':'));
  const own = (path: string | undefined) => (path?.includes(id) ? path : undefined);
  const legacy = own(lines.find(([, controllers]) => controllers === 'memory')?.[2]);
  return legacy === undefined
    ? own(lines.find(([, controllers]) => controllers === '')?.[2])
    : join('memory', legacy);
}

function sumOfPeaks(procs: string): number | undefined {
  const pids = readText(procs).split('\n').filter(Boolean);
  let sum = 0;
  for (const pid of pids) {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`))?.[1];
    sum += Number(kilobytes ?? 0) * 1024;
  }
  return sum === 0 ? undefined : sum;
}

/** These files are the kernel's: reading them waits for no disk. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
