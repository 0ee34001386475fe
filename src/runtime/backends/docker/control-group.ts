/** The control group of a container: its processes, and what the kernel has counted for all of them. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from './kernel-file.ts';

/** Folders of the group, which are the same one with version 2. */
export interface GroupFolders {
  readonly version: 1 | 2;
  readonly memory: string;
  readonly cpu: string;
}

export interface KernelCounts {
  /** CPU time in milliseconds so far; undefined where it is not counted. */
  cpuMs(): number | undefined;
  /**
   * Highest memory so far, in bytes, without cached files: at least that, since files cached after the peak are taken off
   * too. Also of processes that have ended, and of files in /tmp. Undefined before Linux 5.19 with version 2.
   */
  memoryPeakBytes(): number | undefined;
  /** Processes the kernel has ended for the group's memory; undefined where it is not counted. */
  memoryKills(): number | undefined;
  close(): void;
}

/** As in the kernel's documents cgroup-v1/memory, cgroup-v1/cpuacct and cgroup-v2. */
const FILES = {
  1: {
    peak: 'memory.max_usage_in_bytes',
    kills: 'memory.oom_control',
    cpu: 'cpuacct.usage',
    cpuMs: /^(\d+)/,
    perMs: 1e6,
    cached: /^cache (\d+)$/m,
  },
  2: {
    peak: 'memory.peak',
    kills: 'memory.events',
    cpu: 'cpu.stat',
    cpuMs: /^usage_usec (\d+)$/m,
    perMs: 1e3,
    cached: /^file (\d+)$/m,
  },
} as const;
const KILLS = /^oom_kill (\d+)$/m;
const SHARED = /^shmem (\d+)$/m;
const NUMBER = /^(\d+)/;

/** `cgroup`: the text of `/proc/<pid>/cgroup`, lines `id:controllers:path`. Undefined when the group is not the container's own. */
export function foldersOf(cgroup: string, id: string, root = '/sys/fs/cgroup'): GroupFolders | undefined {
  const lines = cgroup.split('\n').map((line) => line.split(':'));
  const own = (wanted: (controllers: string) => boolean) => {
    const [, controllers, path] = lines.find(([, names = '-']) => wanted(names)) ?? [];
    return controllers !== undefined && path?.includes(id) ? { controllers, path } : undefined;
  };
  const memory = own((names) => names === 'memory');
  if (memory) {
    const cpu = own((names) => names.split(',').includes('cpuacct'));
    // Where it is mounted with another one, it has a link of its own name.
    const folder = cpu ? join(root, 'cpuacct', cpu.path) : '';
    return { version: 1, memory: join(root, 'memory', memory.path), cpu: folder };
  }
  const one = own((names) => names === '');
  const folder = one && join(root, one.path);
  return folder === undefined ? undefined : { version: 2, memory: folder, cpu: folder };
}

/** The ids of its processes. */
export function processesIn({ memory }: GroupFolders): readonly number[] {
  return readText(join(memory, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
}

/** Cheap enough to be asked in every event: the files stay open until `close`. */
export function openKernelCounts({ version, memory, cpu }: GroupFolders): KernelCounts {
  const names = FILES[version];
  const peak = openCounter(join(memory, names.peak));
  const stat = openCounter(join(memory, 'memory.stat'));
  const used = openCounter(join(cpu, names.cpu));
  let counted: number | undefined;
  let known: number | undefined;
  return {
    cpuMs() {
      const units = used.number(names.cpuMs);
      return units === undefined ? undefined : units / names.perMs;
    },
    memoryPeakBytes() {
      const highest = peak.number(NUMBER);
      if (highest === undefined || highest === counted) return known;
      counted = highest;
      // How much of the cache was there at the peak is not known.
      const files = (stat.number(names.cached) ?? 0) - (stat.number(SHARED) ?? 0);
      known = Math.max(known ?? 0, highest - Math.max(0, files));
      return known;
    },
    memoryKills() {
      const found = KILLS.exec(readText(join(memory, names.kills)))?.[1];
      return found === undefined ? undefined : Number(found);
    },
    close() {
      for (const counter of [peak, stat, used]) counter.close();
    },
  };
}

const text = Buffer.allocUnsafe(4096);

function openCounter(file: string) {
  let fd = openOrNone(file);
  return {
    number(pattern: RegExp): number | undefined {
      const found = fd < 0 ? undefined : pattern.exec(readAll(fd))?.[1];
      return found === undefined ? undefined : Number(found);
    },
    close() {
      if (fd >= 0) closeSync(fd);
      fd = -1;
    },
  };
}

function openOrNone(file: string): number {
  try {
    return openSync(file, 'r');
  } catch {
    return -1;
  }
}

/** Nothing once the group is gone. */
function readAll(fd: number): string {
  try {
    return text.toString('latin1', 0, readSync(fd, text, 0, text.length, 0));
  } catch {
    return '';
  }
}
