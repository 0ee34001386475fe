/** How the APIs of an instance word their replies. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './refusal.ts';

export function accept(response: ServerResponse): void {
  reply(response, 202, '{"status":"OK"}\n');
}

export function refuse(response: ServerResponse, { status, errorType, errorMessage }: Refusal): void {
  reply(response, status, `${JSON.stringify({ errorMessage, errorType })}\n`);
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
