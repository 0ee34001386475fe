/** Where a runtime stands in its conversation with us; every call that does not fit is refused. */
import { invalidRequestId, invalidStateTransition, invokeTimeout, type Refusal } from './refusal.ts';

/**
 * `starting` → `ready` (polls) → `running` (has an event) → `answering` (its answer is coming in) → `answered` → `ready` …
 * `starting` → `init-failed` is the end. With SnapStart `starting` → `restoring` → `ready`.
 */
export type RuntimePhase =
  | 'starting'
  | 'restoring'
  | 'ready'
  | 'running'
  | 'answering'
  | 'answered'
  | 'init-failed';

export class RuntimeState {
  #phase: RuntimePhase = 'starting';
  #requestId: string | undefined;
  #nonce: string | undefined;
  /** The event in hand has timed out. */
  #isAbandoned = false;

  get phase(): RuntimePhase {
    return this.#phase;
  }

  /**
   * `GET /runtime/invocation/next`. A runtime that polls again may have lost our reply on the way: it waits on, or is
   * given the event it has in hand once more.
   */
  poll(): Refusal | undefined {
    if (this.#isAbandoned) this.answered();
    if (this.#phase === 'running' || this.#phase === 'ready') return undefined;
    if (!['starting', 'restoring', 'answered'].includes(this.#phase))
      return invalidStateTransition(this.#phase, 'next');
    this.#phase = 'ready';
    return undefined;
  }

  /** The polling connection went away before an event was there; the runtime may poll again. */
  pollLost(): void {
    if (this.#phase === 'ready') this.#phase = 'answered';
  }

  /** An event goes out in answer to the poll. */
  deliver(requestId: string, nonce: string): void {
    this.#phase = 'running';
    this.#requestId = requestId;
    this.#nonce = nonce;
  }

  /**
   * `POST /runtime/invocation/{id}/response|error`. A runtime that echoes the delivery's nonce is told
   * about a stale answer even when a retry has repeated the request id.
   */
  answer(requestId: string, nonce: string | undefined): Refusal | undefined {
    if (nonce !== undefined && nonce !== this.#nonce) return invokeTimeout;
    if (this.#isAbandoned && requestId === this.#requestId) return this.#refuseLate();
    if (requestId !== this.#requestId) return invalidRequestId;
    if (this.#phase !== 'running') return invalidStateTransition(this.#phase, 'response');
    this.#phase = 'answering';
    return undefined;
  }

  answered(): void {
    this.#phase = 'answered';
    this.#isAbandoned = false;
  }

  /** The event under way has timed out and its handler runs on. */
  abandon(): void {
    this.#isAbandoned = this.#phase === 'running' || this.#phase === 'answering';
  }

  #refuseLate(): Refusal {
    this.answered();
    return invokeTimeout;
  }

  /** `GET /runtime/restore/next`: the runtime has run the hooks that come before the snapshot. */
  restore(): Refusal | undefined {
    if (this.#phase !== 'starting') return invalidStateTransition(this.#phase, 'restore/next');
    this.#phase = 'restoring';
    return undefined;
  }

  /** `POST /runtime/init/error`, which older clients send for a failed restore too. */
  failInit(): Refusal | undefined {
    if (this.#phase !== 'starting' && this.#phase !== 'restoring')
      return invalidStateTransition(this.#phase, 'init/error');
    this.#phase = 'init-failed';
    return undefined;
  }

  /** `POST /runtime/restore/error`. */
  failRestore(): Refusal | undefined {
    if (this.#phase !== 'restoring') return invalidStateTransition(this.#phase, 'restore/error');
    this.#phase = 'init-failed';
    return undefined;
  }
}
