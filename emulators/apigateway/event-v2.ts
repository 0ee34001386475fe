/** Payload format 2.0: the event of HTTP APIs and of function URLs. Maps without entries are left out. */
import { formatGatewayTime } from './gateway-time.ts';
import { forwardedFor, HOP_HEADERS, type Incoming, parseQuery } from './incoming.ts';
import { isFunctionUrlText, isHttpApiText, mediaTypeOf } from './media-types.ts';
import { decode } from './router.ts';
import type { Target } from './targets.ts';

/** JSON text of the event. `path` is percent-encoded, without `/_url/…`. */
export function makeEventV2(
  incoming: Incoming,
  target: Target,
  path: string,
  parameters: Record<string, string> | undefined,
  accountId: string,
): string {
  const isUrl = target.format === 'url';
  // HTTP APIs decode the path, function URLs do not (honojs/hono#2156, hotsock/voker#8).
  const rawPath = isUrl ? path : decode(path);
  const headers = joinHeaders(incoming, isUrl);
  const cookies = cookiesOf(incoming);
  const query = incoming.rawQuery === '' ? undefined : joinQuery(incoming.rawQuery);
  const { body } = incoming;
  const mediaType = mediaTypeOf(incoming.headers['content-type']);
  const isText = !isCompressed(incoming) && (isUrl ? isFunctionUrlText(mediaType) : isHttpApiText(mediaType));
  return JSON.stringify({
    version: '2.0',
    routeKey: target.routeKey,
    rawPath,
    rawQueryString: incoming.rawQuery,
    cookies,
    headers,
    queryStringParameters: query,
    requestContext: {
      accountId: isUrl ? 'anonymous' : accountId,
      apiId: target.apiId,
      domainName: incoming.domainName,
      domainPrefix: prefixOf(incoming.domainName),
      http: {
        method: incoming.method,
        path: rawPath,
        protocol: incoming.protocol,
        sourceIp: incoming.sourceIp,
        userAgent: incoming.headers['user-agent'] ?? '',
      },
      requestId: incoming.requestId,
      routeKey: target.routeKey,
      stage: target.stage,
      time: formatGatewayTime(incoming.now),
      timeEpoch: Math.floor(incoming.now),
    },
    body: body?.toString(isText ? 'utf8' : 'base64'),
    pathParameters: parameters,
    isBase64Encoded: body !== undefined && !isText,
  });
}

/** A compressed body is bytes, whatever is inside. */
function isCompressed(incoming: Incoming): boolean {
  const encoding = incoming.headers['content-encoding'];
  return encoding !== undefined && encoding !== 'identity';
}

/** HTTP APIs move cookies out of the headers; function URLs show them in both places (hattipjs/hattip#159). */
function joinHeaders(incoming: Incoming, keepCookie: boolean): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  const raw = incoming.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase();
    if ((name === 'cookie' && !keepCookie) || HOP_HEADERS.has(name)) continue;
    const before = headers[name];
    const value = raw[i + 1] ?? '';
    headers[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ','}${value}`;
  }
  headers['x-amzn-trace-id'] = incoming.traceHeader;
  headers['x-forwarded-for'] = forwardedFor(incoming);
  headers['x-forwarded-port'] = String(incoming.port);
  headers['x-forwarded-proto'] = 'http';
  return headers;
}

function cookiesOf(incoming: Incoming): string[] | undefined {
  const { cookie } = incoming.headers;
  return cookie === undefined || cookie === '' ? undefined : cookie.split(/;\s*/).filter(Boolean);
}

function joinQuery(rawQuery: string): Record<string, string> | undefined {
  const pairs = parseQuery(rawQuery);
  if (pairs.length === 0) return undefined;
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    const before = joined[name];
    joined[name] = before === undefined ? value : `${before},${value}`;
  }
  return joined;
}

function prefixOf(domainName: string): string {
  const dot = domainName.indexOf('.');
  return dot < 0 ? domainName : domainName.slice(0, dot);
}
