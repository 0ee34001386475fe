/** What a running session offers to commands, to the screen and to the control API. */

import type { ColdStartReport } from '../coldstart/report.ts';
import type { DevEvent, ReadyEvent } from '../model/events.ts';
import type { InvocationRecord } from '../model/invocation.ts';
import type { Project } from '../model/project.ts';
import type { InstanceSnapshot } from '../runtime/pool-seam.ts';
import type { ProductTime } from './product-time.ts';
import type { StateKeeper } from './state-keeper.ts';

/** One finished run. */
export interface Ran {
  readonly record: InvocationRecord;
}

export interface ReplayChanges {
  /** JSON text instead of the captured event. */
  readonly event?: string | undefined;
  /** Another function. */
  readonly functionId?: string | undefined;
}

export interface Replayed extends Ran {
  readonly original: InvocationRecord;
  readonly identical: boolean;
  /** The difference of the two outcomes for people. */
  readonly differenceText: string;
}

export interface ScheduleLine {
  readonly name: string;
  /** The function's id, or the ARN of another target. */
  readonly functionId: string;
  readonly expression: string;
  /** Of EventBridge Scheduler; rules have none. */
  readonly group?: string;
  /** Epoch ms; absent when it will not fire again. */
  readonly nextAt?: number;
  /** When it is due, where a later moment of its flexible window was chosen. */
  readonly dueAt?: number;
}

export interface SessionStatus {
  readonly ready: ReadyEvent;
  readonly instances: readonly InstanceSnapshot[];
}

export interface Session {
  status(): SessionStatus;
  project(): Project;
  onEvent(listener: (event: DevEvent) => void): () => void;
  /** Throws `SlsError` `function-unknown`; whatever the function does is in the record's outcome. */
  invoke(functionRef: string, event: string): Promise<Ran>;
  /** Throws `SlsError` `record-unknown` or `function-unknown`. */
  replay(id: string, changes: ReplayChanges): Promise<Replayed>;
  /** Starts it cold so often without, and with, the code cache. Throws `SlsError` `function-unknown`, `bad-option`, `init-failed`. */
  coldStart(functionRef: string, runs: number): Promise<ColdStartReport>;
  /** Rows of the trace an invocation belongs to, oldest first; empty for an unknown id. */
  trace(id: string): readonly InvocationRecord[];
  schedules(): readonly ScheduleLine[];
  /** Runs a schedule now, by name or function. Throws `SlsError` `schedule-unknown`. */
  fire(name: string): Promise<{ requestId: string }>;
  /** Of the emulated services. */
  readonly time: Omit<ProductTime, 'clock' | 'close'>;
  /** Snapshots of the emulated state. */
  readonly state: StateKeeper;
  /** Stops everything that was started, instances and containers included. Idempotent. */
  close(): Promise<void>;
}
