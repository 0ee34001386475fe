/** The events authorizer functions get: TOKEN and REQUEST of REST APIs, formats 1.0 and 2.0 of HTTP APIs. */
import type { LambdaAuthorizer } from '../../../src/model/authorizers.ts';
import { contextV1, headersV1, queryV1 } from '../event-v1.ts';
import { contextV2, cookiesV2, headersV2, queryV2 } from '../event-v2.ts';
import type { Found } from '../front-door.ts';
import { httpApiPath } from '../http-api-path.ts';
import type { Incoming } from '../incoming.ts';
import { decode } from '../router.ts';

/** Where the API is, as its ARNs say. */
export interface ApiPlace {
  readonly region: string;
  readonly accountId: string;
}

/** `arn:aws:execute-api:us-east-1:000000000000:restlocal0/dev/GET/orders/1`. */
export function methodArnOf(incoming: Incoming, { target, path }: Found, place: ApiPlace): string {
  const { region, accountId } = place;
  const shown = target.format === 'rest' ? path : decode(path);
  return `arn:${partitionOf(region)}:execute-api:${region}:${accountId}:${target.apiId}/${target.stage}/${incoming.method}${shown}`;
}

/** JSON text. `identity`: values of the identity sources, in their order. */
export function makeAuthorizerEvent(
  authorizer: LambdaAuthorizer,
  incoming: Incoming,
  found: Found,
  identity: readonly string[],
  place: ApiPlace,
): string {
  const arn = methodArnOf(incoming, found, place);
  if (authorizer.type === 'token')
    return JSON.stringify({ type: 'TOKEN', methodArn: arn, authorizationToken: identity[0] });
  if (found.target.format === 'rest')
    return JSON.stringify({ type: 'REQUEST', methodArn: arn, ...requestV1(incoming, found, place) });
  return JSON.stringify(
    authorizer.payloadFormat === '1.0'
      ? httpV1(incoming, found, arn, identity, place)
      : httpV2(incoming, found, arn, identity, place),
  );
}

/** Unlike in the events of routes, maps without entries are empty. */
function requestV1(incoming: Incoming, { target, path, parameters }: Found, { accountId }: ApiPlace) {
  const headers = headersV1(incoming);
  const query = queryV1(incoming.rawQuery);
  return {
    resource: target.resource,
    path,
    httpMethod: incoming.method,
    headers: headers.last,
    multiValueHeaders: headers.all,
    queryStringParameters: query?.last ?? {},
    multiValueQueryStringParameters: query?.all ?? {},
    pathParameters: parameters ?? {},
    stageVariables: target.stageVariables ?? {},
    requestContext: contextV1(incoming, target, path, accountId),
  };
}

function httpV1(
  incoming: Incoming,
  { target, path, parameters }: Found,
  methodArn: string,
  identity: readonly string[],
  { accountId }: ApiPlace,
) {
  const shown = httpApiPath(target, path);
  const joined = identity.length === 0 ? null : identity.join(',');
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn,
    identitySource: joined,
    authorizationToken: joined,
    resource: target.resource,
    path: shown,
    httpMethod: incoming.method,
    headers: headersV1(incoming).last,
    queryStringParameters: queryV1(incoming.rawQuery)?.last ?? {},
    pathParameters: parameters ?? {},
    stageVariables: target.stageVariables ?? {},
    requestContext: contextV1(incoming, target, shown, accountId),
  };
}

function httpV2(
  incoming: Incoming,
  { target, path, parameters }: Found,
  routeArn: string,
  identity: readonly string[],
  { accountId }: ApiPlace,
) {
  const rawPath = httpApiPath(target, path);
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn,
    identitySource: identity.length === 0 ? null : identity,
    routeKey: target.routeKey,
    rawPath,
    rawQueryString: incoming.rawQuery,
    cookies: cookiesV2(incoming),
    headers: headersV2(incoming, false),
    queryStringParameters: incoming.rawQuery === '' ? undefined : queryV2(incoming.rawQuery),
    requestContext: contextV2(incoming, target, rawPath, accountId),
    pathParameters: parameters,
    stageVariables: target.stageVariables,
  };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
