/** Takes an HTTP request apart once, into what all event formats are made of. */
import type { IncomingMessage } from 'node:http';
import type { TraceContext } from '../../src/model/invocation.ts';
import type { Clock, Ids } from '../../src/model/platform.ts';
import { makeTraceId } from '../../src/std/ids.ts';
import { formatTraceHeader, parseTraceHeader, parseTraceparent } from '../../src/std/trace-header.ts';

export interface Incoming {
  readonly method: string;
  /** As it came, percent-encoded, without query. */
  readonly rawPath: string;
  /** Without the question mark. */
  readonly rawQuery: string;
  /** Name, value, name, value, as sent. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  /** Host header without the port. */
  readonly domainName: string;
  readonly sourceIp: string;
  readonly port: number;
  readonly protocol: string;
  readonly requestId: string;
  readonly trace: TraceContext;
  /** `X-Amzn-Trace-Id` as the function sees it. */
  readonly traceHeader: string;
  /** Epoch ms. */
  readonly now: number;
  readonly body: Buffer | undefined;
}

/** What there is to know of a request, before its body. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly httpVersion: string;
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress' | 'localPort'>;
}

export function takeApart(request: RequestHead, clock: Clock, ids: Ids): Incoming {
  const { headers, socket, url = '/' } = request;
  const rawPath = pathOf(url);
  const trace = traceOf(headers) ?? { traceId: makeTraceId(clock, ids) };
  return {
    method: request.method ?? 'GET',
    rawPath,
    rawQuery: url.slice(rawPath.length + 1),
    rawHeaders: request.rawHeaders,
    headers,
    domainName: domainOf(headers.host),
    sourceIp: addressOf(socket.remoteAddress),
    port: socket.localPort ?? 0,
    protocol: `HTTP/${request.httpVersion}`,
    requestId: ids.uuid(),
    trace,
    traceHeader: formatTraceHeader(trace),
    now: clock.now(),
    body: undefined,
  };
}

/** Without the question mark and what follows. */
export function pathOf(url: string): string {
  const question = url.indexOf('?');
  return question < 0 ? url : url.slice(0, question);
}

/** The trace the caller is in, if it says so. */
function traceOf(headers: IncomingMessage['headers']): TraceContext | undefined {
  const xray = headers['x-amzn-trace-id'];
  const w3c = headers.traceparent;
  return (
    (typeof xray === 'string' ? parseTraceHeader(xray) : undefined) ??
    (typeof w3c === 'string' ? parseTraceparent(w3c) : undefined)
  );
}

/** Name and value pairs of a query string, decoded, in order; text that is not valid percent-encoding stays as it is. */
export function parseQuery(rawQuery: string): [string, string][] {
  const pairs: [string, string][] = [];
  if (rawQuery === '') return pairs;
  for (const part of rawQuery.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    if (at < 0) pairs.push([decodeQuery(part), '']);
    else pairs.push([decodeQuery(part.slice(0, at)), decodeQuery(part.slice(at + 1))]);
  }
  return pairs;
}

function decodeQuery(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** `127.0.0.1:3000` → `127.0.0.1`, `[::1]:3000` → `[::1]`. */
function domainOf(host: string | undefined): string {
  if (host === undefined) return 'localhost';
  return host.replace(/:\d+$/, '');
}

/** IPv4 in IPv6 clothing comes out as IPv4. */
function addressOf(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return '127.0.0.1';
  return remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress;
}

/** Headers between the client and the gateway, of no concern to the function. */
export const HOP_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The client's address appended to what proxies before us said. */
export function forwardedFor(incoming: Incoming): string {
  const before = incoming.headers['x-forwarded-for'];
  return before === undefined ? incoming.sourceIp : `${String(before)}, ${incoming.sourceIp}`;
}
