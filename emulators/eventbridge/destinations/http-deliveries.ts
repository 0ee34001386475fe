/** Deliveries to API destinations. */
import type { Store } from '../../../src/model/platform.ts';
import type { Delivery, DeliveryFailure } from '../delivery/deliver.ts';
import {
  type Failed,
  type Job,
  openRetriedDeliveries,
  type RetriedDeliveries,
} from '../delivery/retried-deliveries.ts';
import { type Callers, callDestination } from './call-destination.ts';

export interface HttpDeliveriesOptions extends Callers {
  readonly store: Store;
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

/** Undefined when it went well. Never rejects. */
async function attempt(
  { delivery: { target, event }, body }: Job,
  options: HttpDeliveriesOptions,
  signal: AbortSignal,
): Promise<Failed | undefined> {
  const call = { target, body, event: event.json, ...(event.origin && { origin: event.origin }) };
  const answer = await callDestination(options, call, signal);
  return answer.status === 'failed' ? answer : undefined;
}
