/** Payload format 2.0: the event of HTTP APIs and of function URLs. Maps without entries are left out. */
import type { Caller } from './authorizers/access.ts';
import { formatGatewayTime } from './gateway-time.ts';
import { httpApiPath } from './http-api-path.ts';
import { forwardedFor, HOP_HEADERS, type Incoming, parseQuery } from './incoming.ts';
import { isFunctionUrlText, isHttpApiText, mediaTypeOf } from './media-types.ts';
import type { Target } from './targets.ts';

/** JSON text of the event. `path` is percent-encoded, without stage and `/_url/…`. */
export function makeEventV2(
  incoming: Incoming,
  target: Target,
  path: string,
  parameters: Record<string, string> | undefined,
  accountId: string,
  caller?: Caller,
): string {
  const isUrl = target.format === 'url';
  // HTTP APIs decode the path, function URLs do not (honojs/hono#2156, hotsock/voker#8).
  const rawPath = isUrl ? path : httpApiPath(target, path);
  const headers = headersV2(incoming, isUrl);
  const cookies = cookiesV2(incoming);
  const query = incoming.rawQuery === '' ? undefined : queryV2(incoming.rawQuery);
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
    requestContext: contextV2(incoming, target, rawPath, isUrl ? 'anonymous' : accountId, caller),
    body: body?.toString(isText ? 'utf8' : 'base64'),
    pathParameters: parameters,
    stageVariables: target.stageVariables,
    isBase64Encoded: body !== undefined && !isText,
  });
}

/** `requestContext` as an authorizer is shown it too. */
export function contextV2(
  incoming: Incoming,
  target: Target,
  rawPath: string,
  accountId: string,
  caller?: Caller,
) {
  return {
    accountId: caller?.accountId ?? accountId,
    apiId: target.apiId,
    authorizer: caller?.authorizer,
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
  };
}

/** A compressed body is bytes, whatever is inside. */
function isCompressed(incoming: Incoming): boolean {
  const encoding = incoming.headers['content-encoding'];
  return encoding !== undefined && encoding !== 'identity';
}

/** HTTP APIs move cookies out of the headers; function URLs show them in both places (hattipjs/hattip#159). */
export function headersV2(incoming: Incoming, keepCookie: boolean): Record<string, string> {
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

export function cookiesV2(incoming: Incoming): string[] | undefined {
  const { cookie } = incoming.headers;
  return cookie === undefined || cookie === '' ? undefined : cookie.split(/;\s*/).filter(Boolean);
}

export function queryV2(rawQuery: string): Record<string, string> | undefined {
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
