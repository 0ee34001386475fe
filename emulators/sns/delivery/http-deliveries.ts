/** Deliveries to HTTP(S) endpoints: stored until they have gone well or are given up, and tried again as the policy says. */
import type { CallOutside } from '../../../src/model/outward.ts';
import type { Clock, Store } from '../../../src/model/platform.ts';
import { openDueJobs } from '../../../src/std/due-jobs.ts';
import { retryDelayMs } from './delivery-policy.ts';
import { type Posted, post } from './http-post.ts';
import type { HttpRequest } from './http-request.ts';

export interface HttpDeliveries {
  /** Stored when this returns. */
  add(request: HttpRequest): void;
  /** Begins to deliver, what earlier sessions left included. */
  start(): void;
  reload(): void;
  close(graceMs: number): Promise<void>;
}

export interface HttpDeliveriesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly callOutside: CallOutside;
  /** Told of each delivery that is given up. */
  readonly onGivenUp: (request: HttpRequest, reason: string) => void;
}

interface Job {
  readonly request: HttpRequest;
  /** Failed attempts. */
  readonly failed: number;
}

export function openHttpDeliveries({
  store,
  clock,
  callOutside,
  onGivenUp,
}: HttpDeliveriesOptions): HttpDeliveries {
  const { add, ...others } = openDueJobs<Job, Posted>({
    ...{ store, clock, area: 'sns', name: 'http' },
    attempt: ({ request }, signal) => post(request, callOutside, signal),
    settle({ request, failed }, posted) {
      const delayMs = posted.status === 'failed' ? retryDelayMs(request.retries, failed + 1) : undefined;
      if (delayMs !== undefined) return { job: { request, failed: failed + 1 }, delayMs };
      if (posted.status !== 'ok')
        onGivenUp(request, `${posted.reason}${failed > 0 ? `, after ${failed + 1} attempts` : ''}`);
      return undefined;
    },
  });
  return { add: (request) => add({ request, failed: 0 }), ...others };
}
