/** Spreads the input of an operation over the parts of a REST request: path, query, headers, body. */
import { ServiceError } from '../../emulators/_wire/service-error.ts';
import type { JsonObject, JsonValue } from '../model/emulator.ts';
import type { RestRequest, RestRoute } from '../model/service-api.ts';

/** Members of Lambda's Invoke that are headers. */
const INVOKE_HEADERS: Readonly<Record<string, string>> = {
  InvocationType: 'x-amz-invocation-type',
  LogType: 'x-amz-log-type',
  ClientContext: 'x-amz-client-context',
};
const INVOKES = new Set(['Invoke', 'InvokeAsync']);

/** Throws `ServiceError` where a member of the path is missing. */
export function restRequest({ operation, method, path }: RestRoute, input: JsonObject): RestRequest {
  const rest = { ...input };
  const pathParameters: Record<string, string> = {};
  for (const [, name = ''] of path.matchAll(/\{(\w+)\+?\}/g)) {
    const found = Object.keys(rest).find((key) => key.toLowerCase() === name.toLowerCase());
    const value = found === undefined ? undefined : rest[found];
    if (found === undefined || typeof value !== 'string')
      throw new ServiceError('ValidationException', `${name} is required`);
    pathParameters[name] = value;
    delete rest[found];
  }
  const headers: Record<string, string> = {};
  const query = new URLSearchParams();
  if (INVOKES.has(operation)) return invokeRequest(method, pathParameters, rest);
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  for (const [name, value] of hasBody ? [] : Object.entries(rest)) addQuery(query, name, value);
  const body = Buffer.from(hasBody ? JSON.stringify(rest) : '');
  return { method, pathParameters, query, headers, body };
}

function invokeRequest(
  method: string,
  pathParameters: Record<string, string>,
  { Payload: payload, InvokeArgs: args, Qualifier: qualifier, ...rest }: JsonObject,
): RestRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    const header = INVOKE_HEADERS[name];
    if (header !== undefined && typeof value === 'string') headers[header] = value;
  }
  const query = new URLSearchParams(typeof qualifier === 'string' ? { Qualifier: qualifier } : {});
  const given = payload ?? args ?? '';
  const body = Buffer.from(typeof given === 'string' ? given : JSON.stringify(given));
  return { method, pathParameters, query, headers, body };
}

/** Names in queries begin with a small letter in some services and with a capital in others. */
function addQuery(query: URLSearchParams, name: string, value: JsonValue): void {
  const values = Array.isArray(value) ? value : [value];
  for (const spelled of new Set([name, name.charAt(0).toLowerCase() + name.slice(1)]))
    for (const one of values) query.append(spelled, typeof one === 'string' ? one : JSON.stringify(one));
}
