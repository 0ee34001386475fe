/** The REST API proxy event, and payload format 1.0 of HTTP APIs. Maps without entries are null. */
import type { Caller } from './authorizers/access.ts';
import { formatGatewayTime } from './gateway-time.ts';
import { httpApiPath } from './http-api-path.ts';
import { forwardedFor, HOP_HEADERS, type Incoming, parseQuery } from './incoming.ts';
import { isHttpApiText, mediaTypeOf } from './media-types.ts';
import type { Target } from './targets.ts';

interface Multi {
  readonly last: Record<string, string>;
  readonly all: Record<string, string[]>;
}

/** JSON text of the event. `path` is percent-encoded and without the stage, which HTTP APIs put before it. */
export function makeEventV1(
  incoming: Incoming,
  target: Target,
  path: string,
  parameters: Record<string, string> | undefined,
  accountId: string,
  caller?: Caller,
): string {
  const isRest = target.format === 'rest';
  // REST APIs leave the path encoded (localstack/localstack#7728).
  const shownPath = isRest ? path : httpApiPath(target, path);
  const headers = headersV1(incoming);
  const query = queryV1(incoming.rawQuery);
  const { body } = incoming;
  const mediaType = mediaTypeOf(incoming.headers['content-type']);
  const isText = isRest ? !target.isBinary(mediaType) : isHttpApiText(mediaType);
  return JSON.stringify({
    ...(isRest ? {} : { version: '1.0' }),
    resource: target.resource,
    path: shownPath,
    httpMethod: incoming.method,
    headers: headers.last,
    multiValueHeaders: headers.all,
    queryStringParameters: query?.last ?? null,
    multiValueQueryStringParameters: query?.all ?? null,
    pathParameters: parameters ?? null,
    stageVariables: target.stageVariables ?? null,
    requestContext: contextV1(incoming, target, shownPath, accountId, caller),
    body: body?.toString(isText ? 'utf8' : 'base64') ?? null,
    isBase64Encoded: body !== undefined && !isText,
  });
}

/** `requestContext` as an authorizer is shown it too. */
export function contextV1(
  incoming: Incoming,
  target: Target,
  shownPath: string,
  accountId: string,
  caller?: Caller,
) {
  const isRest = target.format === 'rest';
  const { domainName } = incoming;
  const authorizer = caller?.authorizer ?? (isRest ? undefined : NOBODY);
  return {
    accountId,
    apiId: target.apiId,
    ...(authorizer ? { authorizer } : {}),
    ...(isRest ? { deploymentId: 'local' } : {}),
    domainName,
    domainPrefix: domainName.slice(0, domainName.indexOf('.') < 0 ? undefined : domainName.indexOf('.')),
    extendedRequestId: incoming.requestId,
    httpMethod: incoming.method,
    identity: identityOf(incoming, isRest, caller),
    ...(target.operationName ? { operationName: target.operationName } : {}),
    path: isRest ? `/${target.stage}${shownPath}` : shownPath,
    protocol: incoming.protocol,
    requestId: incoming.requestId,
    requestTime: formatGatewayTime(incoming.now),
    requestTimeEpoch: Math.floor(incoming.now),
    resourceId: isRest ? resourceIdOf(target.resource) : null,
    resourcePath: target.resource,
    stage: target.stage,
  };
}

const NOBODY = { claims: null, scopes: null };

function identityOf(incoming: Incoming, isRest: boolean, caller: Caller | undefined) {
  return {
    accessKey: null,
    accountId: null,
    caller: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    ...(isRest ? { apiKey: null, apiKeyId: null } : {}),
    principalOrgId: null,
    sourceIp: incoming.sourceIp,
    user: null,
    userAgent: incoming.headers['user-agent'] ?? null,
    userArn: null,
    ...caller?.identity,
  };
}

/** Six letters and digits, the same for the same resource. */
function resourceIdOf(resource: string): string {
  let hash = 5381;
  for (let i = 0; i < resource.length; i++) hash = (Math.imul(hash, 33) ^ resource.charCodeAt(i)) >>> 0;
  return hash.toString(36).padStart(6, '0').slice(-6);
}

/** Names stay as first spelt; of several values `headers` shows the last. */
export function headersV1(incoming: Incoming): Multi {
  const last: Record<string, string> = Object.create(null);
  const all: Record<string, string[]> = Object.create(null);
  const add = (name: string, value: string) => {
    last[name] = value;
    const list = all[name];
    if (list) list.push(value);
    else all[name] = [value];
  };
  const firstSpelling: Record<string, string> = Object.create(null);
  const raw = incoming.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const lower = name.toLowerCase();
    if (REPLACED.has(lower) || HOP_HEADERS.has(lower)) continue;
    firstSpelling[lower] ??= name;
    add(firstSpelling[lower], raw[i + 1] ?? '');
  }
  add('X-Amzn-Trace-Id', incoming.traceHeader);
  add('X-Forwarded-For', forwardedFor(incoming));
  add('X-Forwarded-Port', String(incoming.port));
  add('X-Forwarded-Proto', 'http');
  return { last, all };
}

const REPLACED = new Set(['x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);

export function queryV1(rawQuery: string): Multi | undefined {
  const pairs = parseQuery(rawQuery);
  if (pairs.length === 0) return undefined;
  const last: Record<string, string> = Object.create(null);
  const all: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    last[name] = value;
    const list = all[name];
    if (list) list.push(value);
    else all[name] = [value];
  }
  return { last, all };
}
