/** Deliveries to API destinations. */
import type { Clock, Store } from '../../../src/model/platform.ts';
import { messageOf } from '../../../src/std/errors.ts';
import type { Delivery, DeliveryFailure } from '../delivery/deliver.ts';
import {
  type Failed,
  type Job,
  openRetriedDeliveries,
  type RetriedDeliveries,
} from '../delivery/retried-deliveries.ts';
import type { Destinations } from './destination-store.ts';
import { callHttp } from './http-call.ts';
import { makeRequest } from './request.ts';
import type { Tokens } from './tokens.ts';

export interface HttpDeliveriesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly destinations: Destinations;
  readonly tokens: Tokens;
  /** Told of each delivery that is given up. */
  readonly onGivenUp: (delivery: Delivery, failure: DeliveryFailure) => void;
}

/** Source: user guide, "API destinations": these are tried again, besides 5xx. */
const RETRIED: ReadonlySet<number> = new Set([401, 407, 409, 429]);

export function openHttpDeliveries(options: HttpDeliveriesOptions): RetriedDeliveries {
  const { store, clock, onGivenUp } = options;
  return openRetriedDeliveries({
    ...{ store, clock, name: 'http', onGivenUp },
    attempt: (job, signal) => attempt(job, options, signal),
  });
}

/** Undefined when it went well. Never rejects. */
async function attempt(
  { delivery, body }: Job,
  { clock, destinations: kept, tokens }: HttpDeliveriesOptions,
  signal: AbortSignal,
): Promise<Failed | undefined> {
  const { target, event } = delivery;
  const destination = kept.destinations.byArn(String(target.Arn));
  const connection = destination && kept.connections.byArn(destination.connectionArn);
  if (!destination || !connection)
    return {
      code: 'NO_RESOURCE',
      message: 'There is no such API destination, or it has no connection.',
      isFinal: true,
    };
  if (connection.state !== 'AUTHORIZED')
    return {
      code: 'NO_PERMISSIONS',
      message: `The connection ${connection.name} is not authorized.`,
      isFinal: true,
    };
  try {
    const token = await tokens.tokenFor(connection, signal);
    const request = makeRequest({
      ...{ destination, connection, target, body, event: event.json },
      ...(token !== undefined && { token }),
      ...(event.origin && { origin: event.origin }),
    });
    const result = await callHttp(request, clock, signal);
    if (result.status === 'timeout')
      return { code: 'TIMEOUT', message: `${destination.url}: ${result.reason}.` };
    if (result.status === 'failed')
      return { code: 'CONNECTION_FAILURE', message: `${destination.url}: ${result.reason}.` };
    if (result.status >= 200 && result.status < 300) return undefined;
    if (result.status === 401) tokens.forget(connection);
    const message = `${destination.url} answered ${result.status}.`;
    const isRetried = result.status >= 500 || RETRIED.has(result.status);
    return {
      ...{ code: 'ERROR_FROM_TARGET', message },
      ...(!isRetried && { isFinal: true }),
      ...('retryAfterMs' in result &&
        result.retryAfterMs !== undefined && { retryAfterMs: result.retryAfterMs }),
    };
  } catch (failure) {
    return { code: 'CONNECTION_FAILURE', message: `${messageOf(failure)}.` };
  }
}
