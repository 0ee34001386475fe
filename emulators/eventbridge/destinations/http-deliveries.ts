/** Deliveries to API destinations. */
import type { Clock, Store } from '../../../src/model/platform.ts';
import type { Delivery, DeliveryFailure } from '../delivery/deliver.ts';
import { STRUCK } from '../delivery/late-attempt.ts';
import {
  type Failed,
  type Job,
  openRetriedDeliveries,
  type RetriedDeliveries,
} from '../delivery/retried-deliveries.ts';
import { type Callers, callDestination } from './call-destination.ts';

export interface HttpDeliveriesOptions extends Callers {
  readonly store: Store;
  readonly clock: Clock;
  /** Told of each call that was answered as it should be. */
  readonly onDelivered: (delivery: Delivery, answer: 'lost' | undefined) => void;
  /** Told of each delivery that is given up. */
  readonly onGivenUp: (delivery: Delivery, failure: DeliveryFailure) => void;
}

export function openHttpDeliveries(options: HttpDeliveriesOptions): RetriedDeliveries {
  const { store, clock, onGivenUp } = options;
  return openRetriedDeliveries({
    ...{ store, clock, name: 'http', onGivenUp },
    attempt: (job, signal) => attempt(job, options, signal),
  });
}

/** What a simulator makes of an answer. */
const LOST: Failed = { code: 'TIMEOUT', message: 'The answer of the target was lost (chaos).' };

/** Undefined when it went well. Never rejects. */
async function attempt(
  { delivery, body, failed, failures = 0, lost = 0 }: Job,
  options: HttpDeliveriesOptions,
  signal: AbortSignal,
): Promise<Failed | undefined> {
  if (failed < failures) return STRUCK;
  const { target, event } = delivery;
  const call = { target, body, event: event.json, ...(event.origin && { origin: event.origin }) };
  const answer = await callDestination(options, call, signal);
  if (answer.status === 'failed') return answer;
  const isLost = failed < failures + lost;
  options.onDelivered(delivery, isLost ? 'lost' : undefined);
  return isLost ? LOST : undefined;
}
