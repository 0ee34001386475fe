/** The seam a simulator stands behind: all the points at which it decides and is told, in one. */
import type { Deliver, FollowRequest } from './emulator.ts';
import type { AsyncFaults, CallFault, FaultyCall, ServiceFaults } from './faults.ts';
import type { Clock } from './platform.ts';

/** What a simulator may use of the session it is in. */
export interface FaultWorld {
  /** Of the emulated services. */
  readonly clock: Clock;
  /** Ends the instance in which this span runs, as a crash would; nothing when it has ended. */
  readonly endInstanceOf: (spanId: string) => Promise<void>;
}

export interface Faults extends ServiceFaults, AsyncFaults {
  /** Around the way to the functions. */
  deliver(next: Deliver): Deliver;
  /** Around the way from a queue or stream to a pipe. */
  follow(request: FollowRequest): FollowRequest;
  /** A promise where the caller is ended first: then nothing is done and nothing answered. */
  call(call: FaultyCall): CallFault | Promise<void> | undefined;
}
