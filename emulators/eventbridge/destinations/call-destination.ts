/** One call of an API destination, with what its connection and target add, and what came of it. */
import type { Clock } from '../../../src/model/platform.ts';
import { messageOf } from '../../../src/std/errors.ts';
import type { Destinations } from './destination-store.ts';
import { callHttp } from './http-call.ts';
import { makeRequest, type RequestParts } from './request.ts';
import type { Tokens } from './tokens.ts';

export interface Callers {
  readonly clock: Clock;
  readonly destinations: Destinations;
  readonly tokens: Tokens;
}

export type CallOfDestination = Pick<RequestParts, 'target' | 'event' | 'body' | 'origin'>;

export interface Failed {
  readonly status: 'failed';
  readonly code: string;
  readonly message: string;
  /** It is of no use to try again. */
  readonly isFinal?: true;
  readonly retryAfterMs?: number;
}

/** Source: user guide, "API destinations": these are tried again, besides 5xx. */
const RETRIED: ReadonlySet<number> = new Set([401, 407, 409, 429]);

/** `target.Arn` names the destination. Never rejects. */
export async function callDestination(
  { clock, destinations: kept, tokens }: Callers,
  call: CallOfDestination,
  signal: AbortSignal,
): Promise<{ readonly status: 'answered'; readonly body: string } | Failed> {
  const destination = kept.destinations.byArn(String(call.target.Arn));
  const connection = destination && kept.connections.byArn(destination.connectionArn);
  if (!destination || !connection)
    return final('NO_RESOURCE', 'There is no such API destination, or it has no connection.');
  if (connection.state !== 'AUTHORIZED')
    return final('NO_PERMISSIONS', `The connection ${connection.name} is not authorized.`);
  try {
    const token = await tokens.tokenFor(connection, signal);
    const parts = { ...call, destination, connection, ...(token !== undefined && { token }) };
    const result = await callHttp(makeRequest(parts), clock, signal);
    if ('reason' in result)
      return failed(
        result.status === 'timeout' ? 'TIMEOUT' : 'CONNECTION_FAILURE',
        `${destination.url}: ${result.reason}.`,
      );
    if (result.status >= 200 && result.status < 300) return { status: 'answered', body: result.body };
    if (result.status === 401) tokens.forget(connection);
    const code = 'ERROR_FROM_TARGET';
    const message = `${destination.url} answered ${result.status}.`;
    if (result.status < 500 && !RETRIED.has(result.status)) return final(code, message);
    const { retryAfterMs } = result;
    return { ...failed(code, message), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  } catch (failure) {
    return failed('CONNECTION_FAILURE', `${messageOf(failure)}.`);
  }
}

const failed = (code: string, message: string): Failed => ({ status: 'failed', code, message });
const final = (code: string, message: string): Failed => ({ ...failed(code, message), isFinal: true });
