/** What an instance is made of, what it can be, and how its start ends. */
import type { LogLine, Outcome } from '../model/invocation.ts';
import type { Clock } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import type {
  Artifact,
  Backend,
  ColdStart,
  Contract,
  DebugTarget,
  Delivery,
  JavaDebugTarget,
  Placement,
} from '../model/runtime.ts';
import type { PreparedInstance } from './prepared-instance.ts';

export type InstanceState = 'starting' | 'initialising' | 'idle' | 'busy' | 'gone';

export interface InstanceParts {
  readonly instanceId: string;
  readonly fn: FunctionSpec;
  readonly artifact: Artifact;
  readonly backend: Backend;
  readonly contract: Contract;
  readonly placement: Placement;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Default: `realTime`. */
  readonly stopwatch?: () => number;
  /** What its init phase may take; absent = what the provider grants. */
  readonly initBudgetMs?: number;
  /** Absent = `kill`. */
  readonly timeoutMode?: 'kill' | 'keep';
  /** Taken over instead of starting one; it can see the artifact already. */
  readonly prepared?: PreparedInstance;
  /** The event it is started for; see `PreparedSession.assign`. */
  readonly early?: () => Delivery;
  /** Set when a debugger may attach: told of the instance before it runs any user code, and must release it. */
  readonly onDebugTarget?: (target: DebugTarget) => void;
  /** Beside it: told of every JVM before it is started. */
  readonly onJavaTarget?: (target: JavaDebugTarget) => void;
  /** Lines printed while no event is being handled. */
  readonly onIdleLog: (line: LogLine) => void;
  readonly onState: (state: InstanceState) => void;
}

/** How a start ended. `failed`: the user's code could not be loaded, and the instance is gone. */
export type Started =
  | {
      readonly status: 'ready';
      readonly coldStart: ColdStart;
      /** The event it was started for has begun. */
      readonly began?: true;
    }
  | { readonly status: 'failed'; readonly outcome: Outcome; readonly coldStart: ColdStart };

/** What may follow what. */
export const NEXT: Readonly<Record<InstanceState, readonly InstanceState[]>> = {
  starting: ['initialising', 'gone'],
  initialising: ['idle', 'gone'],
  idle: ['busy', 'gone'],
  busy: ['idle', 'gone'],
  gone: [],
};
