/** How the APIs of an instance word their replies. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './refusal.ts';

export function accept(response: ServerResponse): void {
  reply(response, 202, '{"status":"OK"}\n');
}

export function refuse(response: ServerResponse, { status, errorType, errorMessage }: Refusal): void {
  reply(response, status, `${JSON.stringify({ errorMessage, errorType })}\n`);
}

/** What is no part of the API, in the platform's words: 405 where it is with another method. */
export function answerUnknown(response: ServerResponse, isKnownPath: boolean): void {
  const text = isKnownPath ? '' : '404 page not found\n';
  response.writeHead(isKnownPath ? 405 : 404, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': text.length,
  });
  response.end(text);
}

/** `body` is JSON; `headers` name, value, name, value. */
export function reply(
  response: ServerResponse,
  status: number,
  body: string,
  headers: readonly string[] = [],
): void {
  response.writeHead(status, [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(Buffer.byteLength(body)),
    ...headers,
  ]);
  response.end(body);
}

/** Without the query. */
export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
