/** Finds in a request what an authorizer tells callers apart by. */
import type { IdentitySource } from '../../../src/model/authorizers.ts';
import { unreachable } from '../../../src/std/errors.ts';
import { type Incoming, parseQuery } from '../incoming.ts';
import type { Target } from '../targets.ts';

/** What is empty counts as missing. */
export function identityOf(
  source: IdentitySource,
  incoming: Incoming,
  target: Target,
  accountId: string,
): string | undefined {
  const value = sourceValue(source, incoming, target, accountId);
  return value === '' ? undefined : value;
}

/** For people: `the header Authorization`. */
export function identityText({ from, name }: IdentitySource): string {
  switch (from) {
    case 'header':
      return `the header ${name}`;
    case 'query':
      return `the query parameter ${name}`;
    case 'stage-variable':
      return `the stage variable ${name}`;
    case 'context':
      return `$context.${name}`;
    default:
      return unreachable(from);
  }
}

function sourceValue(
  { from, name }: IdentitySource,
  incoming: Incoming,
  target: Target,
  accountId: string,
): string | undefined {
  switch (from) {
    case 'header':
      return headerOf(incoming, name);
    case 'query':
      return parseQuery(incoming.rawQuery).findLast(([key]) => key === name)?.[1];
    case 'stage-variable':
      return target.stageVariables?.[name];
    case 'context':
      return contextValue(name, incoming, target, accountId);
    default:
      return unreachable(from);
  }
}

function headerOf(incoming: Incoming, name: string): string | undefined {
  const value = incoming.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(',') : value;
}

/** Those context variables that are known before a request is authorized. */
function contextValue(
  name: string,
  incoming: Incoming,
  target: Target,
  accountId: string,
): string | undefined {
  switch (name) {
    case 'accountId':
      return accountId;
    case 'apiId':
      return target.apiId;
    case 'domainName':
      return incoming.domainName;
    case 'httpMethod':
    case 'http.method':
      return incoming.method;
    case 'identity.sourceIp':
    case 'http.sourceIp':
      return incoming.sourceIp;
    case 'identity.userAgent':
    case 'http.userAgent':
      return incoming.headers['user-agent'];
    case 'identity.apiKey':
      return headerOf(incoming, 'x-api-key');
    case 'path':
    case 'http.path':
      return incoming.rawPath;
    case 'protocol':
      return incoming.protocol;
    case 'requestId':
    case 'extendedRequestId':
      return incoming.requestId;
    case 'resourcePath':
      return target.resource;
    case 'routeKey':
      return target.routeKey;
    case 'stage':
      return target.stage;
    default:
      return undefined;
  }
}
