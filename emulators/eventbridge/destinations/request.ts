/** The HTTP request an API destination gets. Source: user guide, "API destinations as targets". */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import type { TraceContext } from '../../../src/model/invocation.ts';
import { isObject } from '../../../src/model/json.ts';
import { formatTraceHeader } from '../../../src/std/trace-header.ts';
import type { ConnectionRecord, DestinationRecord } from './destination-store.ts';
import { map, pathWith, queryWith, targetHeaders, textIn, texts } from './target-parameters.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RequestParts {
  readonly destination: DestinationRecord;
  readonly connection: ConnectionRecord;
  /** Of the rule, or of whatever else it is a target of. */
  readonly target: JsonObject;
  /** What paths of the target lead into; absent = they are texts like others. */
  readonly event?: JsonObject;
  readonly body: string;
  /** Of a connection with OAuth. */
  readonly token?: string;
  readonly origin?: TraceContext;
}

/** Throws an Error where the URL is none. */
export function makeRequest(parts: RequestParts): HttpRequest {
  const { destination, connection, target, event, origin } = parts;
  const ofTarget = isObject(target.HttpParameters) ? target.HttpParameters : {};
  const ofConnection = isObject(connection.authParameters.InvocationHttpParameters)
    ? connection.authParameters.InvocationHttpParameters
    : {};
  const values = texts(ofTarget.PathParameterValues).map((value) => textIn(value, event));
  const url = new URL(pathWith(destination.url, values));
  queryWith(url, ofTarget, event);
  for (const { key, value } of listed(ofConnection.QueryStringParameters)) url.searchParams.set(key, value);
  const body = withMembers(parts.body, listed(ofConnection.BodyParameters));
  return {
    method: destination.method,
    url: url.href,
    headers: {
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
      'content-type': 'application/json; charset=utf-8',
      range: 'bytes=0-1048575',
      ...(origin && { 'x-amzn-trace-id': formatTraceHeader(origin) }),
      ...targetHeaders(ofTarget, event),
      ...lowerKeys(
        Object.fromEntries(listed(ofConnection.HeaderParameters).map(({ key, value }) => [key, value])),
      ),
      ...authorization(parts),
    },
    body,
  };
}

function authorization({ connection, token }: RequestParts): Record<string, string> {
  const { authorizationType, authParameters } = connection;
  switch (authorizationType) {
    case 'BASIC': {
      const { Username: user, Password: password } = map(authParameters.BasicAuthParameters);
      const text = Buffer.from(`${String(user)}:${String(password)}`).toString('base64');
      return { authorization: `Basic ${text}` };
    }
    case 'API_KEY': {
      const { ApiKeyName: name, ApiKeyValue: value } = map(authParameters.ApiKeyAuthParameters);
      return { [String(name).toLowerCase()]: String(value) };
    }
    default:
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }
}

/** Members of the connection are added to a body that is a map. */
function withMembers(body: string, members: readonly Listed[]): string {
  if (members.length === 0) return body;
  try {
    const parsed = JSON.parse(body) as JsonValue;
    if (!isObject(parsed)) return body;
    return JSON.stringify({
      ...parsed,
      ...Object.fromEntries(members.map(({ key, value }) => [key, value])),
    });
  } catch {
    return body;
  }
}

interface Listed {
  readonly key: string;
  readonly value: string;
}

export function listed(value: JsonValue | undefined): readonly Listed[] {
  const items = Array.isArray(value) ? value.filter(isObject) : [];
  return items.map(({ Key: key, Value: text }) => ({ key: String(key), value: String(text ?? '') }));
}

function lowerKeys(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
