/** One call of an API destination or of a REST API's method, with what connection and target add, and what came of it. */
import type { CallOutside } from '../../../src/model/outward.ts';
import { messageOf } from '../../../src/std/errors.ts';
import type { Destinations } from './destination-store.ts';
import { isMethodArn, methodRequest } from './gateway-request.ts';
import { type HttpRequest, makeRequest, type RequestParts } from './request.ts';
import type { Tokens } from './tokens.ts';

export interface Callers {
  readonly callOutside: CallOutside;
  readonly destinations: Destinations;
  readonly tokens: Tokens;
  /** As `EmulatorContext.frontDoor`. */
  readonly frontDoor?: (() => string | null) | undefined;
}

export type CallOfDestination = Pick<RequestParts, 'target' | 'event' | 'body' | 'origin'>;

export interface Failed {
  readonly status: 'failed';
  readonly code: string;
  readonly message: string;
  /** The HTTP status, where one was answered. */
  readonly answered?: number;
  /** It is of no use to try again. */
  readonly isFinal?: true;
  readonly retryAfterMs?: number;
}

type Outcome = { readonly status: 'answered'; readonly body: string } | Failed;

/** Source: user guide, "API destinations" and "Amazon API Gateway targets for rules": a call has five seconds. */
const TIMEOUT_MS = 5000;

/** Tried again besides 5xx. Source: user guide, "API destinations" and "Amazon API Gateway targets for rules". */
const RETRIED: ReadonlySet<number> = new Set([401, 407, 409, 429]);
const RETRIED_OF_METHODS: ReadonlySet<number> = new Set([429]);

/** `target.Arn` names the destination, or the method. Never rejects. */
export function callDestination(
  callers: Callers,
  call: CallOfDestination,
  signal: AbortSignal,
): Promise<Outcome> {
  return isMethodArn(String(call.target.Arn))
    ? callMethod(callers, call, signal)
    : callEndpoint(callers, call, signal);
}

async function callMethod(
  { callOutside, frontDoor }: Callers,
  call: CallOfDestination,
  signal: AbortSignal,
): Promise<Outcome> {
  const base = frontDoor?.() ?? undefined;
  if (base === undefined) return final('NO_RESOURCE', 'The project has no REST API.');
  const request = methodRequest(base, call);
  if (!request) return final('NO_RESOURCE', `${String(call.target.Arn)} names no stage and method.`);
  return send(request, request.url, RETRIED_OF_METHODS, callOutside, signal);
}

async function callEndpoint(
  { callOutside, destinations: kept, tokens }: Callers,
  call: CallOfDestination,
  signal: AbortSignal,
): Promise<Outcome> {
  const destination = kept.destinations.byArn(String(call.target.Arn));
  const connection = destination && kept.connections.byArn(destination.connectionArn);
  if (!destination || !connection)
    return final('NO_RESOURCE', 'There is no such API destination, or it has no connection.');
  if (connection.state !== 'AUTHORIZED')
    return final('NO_PERMISSIONS', `The connection ${connection.name} is not authorized.`);
  try {
    const token = await tokens.tokenFor(connection, signal);
    const parts = { ...call, destination, connection, ...(token !== undefined && { token }) };
    const outcome = await send(makeRequest(parts), destination.url, RETRIED, callOutside, signal);
    if (outcome.status === 'failed' && outcome.answered === 401) tokens.forget(connection);
    return outcome;
  } catch (failure) {
    return failed('CONNECTION_FAILURE', `${messageOf(failure)}.`);
  }
}

/** `url`: as people know it. */
async function send(
  request: HttpRequest,
  url: string,
  retried: ReadonlySet<number>,
  callOutside: CallOutside,
  signal: AbortSignal,
): Promise<Outcome> {
  const result = await callOutside({ ...request, timeoutMs: TIMEOUT_MS }, signal);
  if ('reason' in result)
    return failed(
      result.status === 'timeout' ? 'TIMEOUT' : 'CONNECTION_FAILURE',
      `${url}: ${result.reason}.`,
    );
  const { status: answered, body, retryAfterMs } = result;
  if (answered >= 200 && answered < 300) return { status: 'answered', body };
  const refused = { ...failed('ERROR_FROM_TARGET', `${url} answered ${answered}.`), answered };
  if (answered < 500 && !retried.has(answered)) return { ...refused, isFinal: true };
  return { ...refused, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

const failed = (code: string, message: string): Failed => ({ status: 'failed', code, message });
const final = (code: string, message: string): Failed => ({ ...failed(code, message), isFinal: true });
