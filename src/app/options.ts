/** What a session is asked to be. */
import { totalmem } from 'node:os';
import type { DevEvent } from '../model/events.ts';
import type { LoadOptions, SessionSettings } from '../model/project.ts';
import type { ColdMode } from '../model/runtime.ts';
import type { Faults, FaultWorld } from '../model/simulator.ts';
import type { FirstRuntime } from '../runtime/backends/process/first-runtime.ts';
import type { Durability } from '../std/store/store-file.ts';

/** `keep`: the handler runs on, and its late answer is refused. */
export type TimeoutMode = 'kill' | 'keep';

export type BackendChoice = 'auto' | 'docker' | 'process';

export interface SessionOptions {
  /** Absolute project folder. */
  readonly root: string;
  /** Absolute project file; absent = the first one found in `root`. */
  readonly file?: string;
  /** Absolute; absent = `<root>/.sls-local`. */
  readonly stateFolder?: string;
  readonly load: LoadOptions;
  /** What the command line says itself: it counts for more than the project file, and that for more than the rest here. */
  readonly flags?: SessionSettings;
  readonly backend: BackendChoice;
  /** What an acknowledged write to an emulated service survives: a kill of the process, or a power loss too. */
  readonly durability?: Durability;
  readonly host: string;
  /** 0 = any free port. */
  readonly httpPort: number;
  readonly awsPort: number;
  /** Port of the debugger's front; absent = no debugging. */
  readonly inspectPort?: number;
  /** Rebuild and reload on change. */
  readonly watch: boolean;
  /** The services' milliseconds to one real one; absent = 1. */
  readonly timeScale?: number;
  /** Keep invocations in the journal. */
  readonly journal: boolean;
  /** Start event sources by themselves (schedules, queue triggers); off for one-shot commands. */
  readonly eventSources: boolean;
  /** Whether Node.js functions start with compiled code of earlier instances (default), or compile everything as in the cloud. */
  readonly codeCache?: 'on' | 'off';
  readonly limits: InstanceLimits;
  /** A runtime that was started before the session, for its first function. */
  readonly firstRuntime?: FirstRuntime;
  /** What becomes of an instance whose handler took too long; default `kill`. */
  readonly timeoutMode?: TimeoutMode;
  /** Absent = `fast`. */
  readonly cold?: ColdMode;
  /** Instances stand still between events; absent = yes. */
  readonly freeze?: boolean;
  /** Of a simulator: what goes wrong in this session. Absent = nothing by itself. */
  readonly faults?: (world: FaultWorld) => Faults;
  readonly emit: (event: DevEvent) => void;
}

export interface InstanceLimits {
  /** Instances of one function at once. */
  readonly perFunction: number;
  readonly total: number;
  /** How long an unused instance is kept. */
  readonly idleMs: number;
  /** Memory of all instances above which idle ones are ended; absent = by the machine's memory. */
  readonly memoryMb?: number;
}

/** An eighth of the machine, a gigabyte at most: some sixty idle instances. */
export function defaultMemoryBudgetMb(): number {
  return Math.floor(Math.min(1024, totalmem() / 2 ** 20 / 8));
}

export const DEFAULT_HTTP_PORT = 3000;
export const DEFAULT_AWS_PORT = 4566;
export const DEFAULT_INSPECT_PORT = 9229;
/** An idle runtime alone takes 6 MB, whatever the machine has: a project of hundreds of functions keeps those used last. */
export const DEFAULT_LIMITS: InstanceLimits = { perFunction: 32, total: 96, idleMs: 600_000 };
