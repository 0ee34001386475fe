/** Puts an answer on the wire, with the ids by which people find the request again. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../src/std/errors.ts';
import type { Answer } from './answer.ts';
import { internalAnswer, tooLarge } from './failures.ts';
import type { Incoming } from './incoming.ts';
import { GATEWAY_BODY_BYTES, type HttpApiKind } from './targets.ts';

/** As much of Node's response as an answer in one piece needs. */
export interface Reply {
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  writeHead(status: number, headers: string[]): unknown;
  end(body?: string | Buffer): unknown;
  destroy(): unknown;
}

/** Sends the answer; one whose headers cannot be sent becomes the API's internal error, and the reason is given back. */
export function respond(
  response: Reply,
  answer: Answer,
  incoming: Incoming,
  api: HttpApiKind,
): string | undefined {
  if (response.destroyed) return undefined;
  try {
    write(response, answer, incoming, api);
    return undefined;
  } catch (failure) {
    const why = messageOf(failure);
    const answered = internalAnswer(api, `the function's response cannot be sent: ${why}`);
    write(response, answered, incoming, api);
    return why;
  }
}

function write(response: Reply, answer: Answer, incoming: Incoming, api: HttpApiKind): void {
  const { body, status, headers } = answer;
  addIds(headers, incoming, api);
  if (status >= 200 && status !== 204 && status !== 304)
    headers.push('content-length', String(body === undefined ? 0 : Buffer.byteLength(body)));
  response.writeHead(status, headers);
  response.end(body);
}

/** Sends status and headers; the body follows bit by bit. Throws where they cannot be sent. */
export function beginResponse(
  response: ServerResponse,
  { status, headers }: Answer,
  incoming: Incoming,
  api: HttpApiKind,
): void {
  addIds(headers, incoming, api);
  response.writeHead(status, headers);
  response.flushHeaders();
}

function addIds(headers: string[], incoming: Incoming, api: HttpApiKind): void {
  const { traceId } = incoming.trace;
  headers.push(
    api === 'http-api' ? 'apigw-requestid' : 'x-amzn-requestid',
    incoming.requestId,
    'x-amzn-trace-id',
    `Root=${traceId}`,
    'x-sls-local-trace',
    traceId,
  );
}

/** A body announced by `Expect: 100-continue` that no API takes; it need not be sent at all. */
export function refusesBody(request: IncomingMessage): boolean {
  return Number(request.headers['content-length']) > GATEWAY_BODY_BYTES;
}

export function refuseBody(response: ServerResponse): void {
  const { status, headers, body } = tooLarge(
    'http-api',
    `the body is larger than ${mebibytes(GATEWAY_BODY_BYTES)}`,
  );
  response.writeHead(status, [...headers, 'connection', 'close']);
  response.end(body);
}

export function mebibytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MB`;
}
