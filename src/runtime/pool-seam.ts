/** What a pool is opened with, and what it can be asked for. */
import type { FunctionSpec } from '../model/project.ts';
import type { Artifacts, ColdMode, InstancePool } from '../model/runtime.ts';
import type { Holds } from '../std/holds.ts';
import type { InstanceState } from './instance-seam.ts';
import type { InstanceMakerOptions } from './make-instance.ts';

export interface PoolLimits {
  /** Instances of one function; its reserved concurrency counts besides. */
  readonly perFunction: number;
  /** Instances of all functions above which idle ones are ended, least recently used first. */
  readonly total: number;
  /** An instance that was not used for this long is ended. */
  readonly idleMs: number;
  /** Starts at the same time; default: the number of processors. */
  readonly starts?: number;
  /** Memory of all instances above which idle ones are ended, least recently used first; default: no limit. */
  readonly memoryMb?: number;
}

export const defaultLimits: PoolLimits = { perFunction: 50, total: 100, idleMs: 10 * 60_000 };

export interface PoolOptions extends InstanceMakerOptions {
  readonly artifacts: Artifacts;
  /** Told of the artifact folders that instances are started from and run in. */
  readonly codeInUse: Pick<Holds, 'hold'>;
  readonly limits: PoolLimits;
  /** Default: `fast`. */
  readonly cold?: ColdMode;
  /** Whether instances stand still between events, unless a debugger may attach; default: no. */
  readonly freeze?: boolean;
}

export interface InstanceSnapshot {
  readonly instanceId: string;
  readonly functionId: string;
  readonly artifactId: string;
  readonly state: InstanceState;
}

export interface Pool extends InstancePool {
  /** Keeps as many instances up as the function's provisioned concurrency says, from now on. What fails to start is not tried again. */
  provision(fn: FunctionSpec): void;
  /** Starts an instance ahead of its first event, unless one is idle or starting. What fails shows with the first event. */
  warm(fn: FunctionSpec): void;
  /**
   * Keeps an instance without code for the function's next start, most likely with its next build; nothing where the
   * backend starts as quickly. Holds until it is used; these count against no limit of `PoolLimits`.
   */
  prepare(fn: FunctionSpec): void;
  /** The same at once, before the function is built, where the backend can; for the first start of all. */
  prepareAhead(fn: FunctionSpec): void;
  /** Ends idle instances of an older build or of a function that is gone from the project (`fn` undefined). */
  retireStale(functionId: string, fn: FunctionSpec | undefined): void;
  snapshot(): readonly InstanceSnapshot[];
  /** Kills one instance with what it is doing, as a crash would; nothing when it is gone. */
  kill(instanceId: string): Promise<void>;
  /** Ends every instance with what it is doing; whoever waits gets `SlsError` code `closed`. */
  close(): Promise<void>;
}
