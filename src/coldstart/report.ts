/** What cold starts of one function took: each start's phases, and the modules of a typical import. */
import type { ColdStart, ImportedModule } from '../model/runtime.ts';

/** One cold start, in ms. */
export interface ColdStartRun {
  /** Until the container or process was there. */
  readonly sandboxMs: number;
  /** From then on until the runtime took its code. */
  readonly bootMs: number;
  /** Importing the handler: Lambda's Init Duration without the runtime's own start, but for functions with extensions. */
  readonly initMs: number;
  /** The parts of `initMs`; absent where they are not known: other runtimes, ES modules. */
  readonly split?: ImportSplit;
}

export interface ImportSplit {
  /** Finding the files of modules. */
  readonly resolveMs: number;
  readonly readMs: number;
  readonly compileMs: number;
  /** Everything else of the import: running the modules' own code, loading parts of Node.js. */
  readonly runMs: number;
  /** What the init phase takes besides the import: extensions, and the boot, which is counted with them. Absent without any. */
  readonly extensionsMs?: number;
}

export interface ColdStartReport {
  readonly functionId: string;
  /** As the project names it. */
  readonly handler: string;
  readonly runtime: string;
  readonly backend: 'docker' | 'process';
  readonly uncached: readonly ColdStartRun[];
  /** With compiled code of an earlier instance; empty where there is none. */
  readonly cached: readonly ColdStartRun[];
  /** Of the uncached run with the median init; empty where the runtime does not tell. Places are those of the sources. */
  readonly modules: readonly ImportedModule[];
  /** Why there are no modules, and what to do. */
  readonly reason?: string;
}

/** Less is what the runtime has rounded. */
const LEAST_MS = 0.05;

export const PHASES = ['sandboxMs', 'bootMs', 'initMs'] as const;
export const PARTS = ['resolveMs', 'readMs', 'compileMs', 'runMs', 'extensionsMs'] as const;

export function runOf({ startMs, sandboxMs = 0, initMs, imports = [] }: ColdStart): ColdStartRun {
  const handler = imports.find(({ parent }) => parent === -1);
  return {
    sandboxMs,
    bootMs: Math.max(0, startMs - sandboxMs),
    initMs,
    // Of a handler that is an ES module, nothing is known of the greater part.
    ...(handler && !handler.esModule ? { split: splitOf(imports, handler.totalMs, initMs) } : {}),
  };
}

function splitOf(imports: readonly ImportedModule[], importMs: number, initMs: number): ImportSplit {
  const sum = (part: 'resolveMs' | 'readMs' | 'compileMs') =>
    imports.reduce((total, module) => total + module[part], 0);
  const [resolveMs, readMs, compileMs] = [sum('resolveMs'), sum('readMs'), sum('compileMs')];
  const runMs = Math.max(0, importMs - resolveMs - readMs - compileMs);
  const extensionsMs = initMs - importMs;
  return { resolveMs, readMs, compileMs, runMs, ...(extensionsMs >= LEAST_MS ? { extensionsMs } : {}) };
}

/** The value below which `share` of the values are, by nearest rank; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Index of the value nearest the middle; -1 of none. */
export function medianIndex(values: readonly number[]): number {
  return values.indexOf(percentile(values, 0.5));
}
