/** A running project: starts every part in the order below, and stops them in the mirror of it. */
import type { DevEvent, ReadyEvent } from '../model/events.ts';
import type { InvocationRecord } from '../model/invocation.ts';
import type { Project } from '../model/project.ts';
import type { PoolSnapshot } from '../runtime/pool.ts';
import { type FreezableClock, makeSystemClock } from '../std/clock.ts';
import { type Closers, makeClosers } from '../std/closers.ts';
import { SlsError } from '../std/errors.ts';
import { randomIds } from '../std/ids.ts';
import { openStore } from '../std/store.ts';
import { openCurrentProject } from './current-project.ts';
import { completeRequest, makeDeliver } from './deliver.ts';
import { type EventHub, makeEventHub } from './event-hub.ts';
import type { SessionOptions } from './options.ts';
import { claimStateFolder, stateFolderOf } from './state-folder.ts';

export type { SessionOptions } from './options.ts';

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
  readonly functionId: string;
  readonly expression: string;
  /** Epoch ms; absent when it will not fire again. */
  readonly nextAt?: number;
}

export interface SessionStatus {
  readonly ready: ReadyEvent;
  readonly instances: PoolSnapshot;
}

export interface Session {
  status(): SessionStatus;
  project(): Project;
  onEvent(listener: (event: DevEvent) => void): () => void;
  /** Throws `SlsError` `function-unknown`; whatever the function does is in the record's outcome. */
  invoke(functionRef: string, event: string): Promise<Ran>;
  /** Throws `SlsError` `record-unknown` or `function-unknown`. */
  replay(id: string, changes: ReplayChanges): Promise<Replayed>;
  schedules(): readonly ScheduleLine[];
  /** Runs a schedule now, by name or function. Throws `SlsError` `schedule-unknown`. */
  fire(name: string): Promise<{ requestId: string }>;
  /** Stops everything that was started, instances and containers included. Idempotent. */
  close(): Promise<void>;
}
