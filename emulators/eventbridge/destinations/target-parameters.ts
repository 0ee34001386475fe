/** `HttpParameters` of a target: what it adds to the path, the query and the headers of its calls. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import { valueAt } from '../json-path.ts';

/** A `*` for each value, in order. */
export function pathWith(url: string, values: readonly string[]): string {
  const left = [...values];
  return url.replaceAll('*', () => encodeURIComponent(left.shift() ?? '*'));
}

export function queryWith(url: URL, parameters: JsonObject, event: JsonObject | undefined): void {
  for (const [name, value] of Object.entries(map(parameters.QueryStringParameters)))
    url.searchParams.set(name, textIn(value, event));
}

/** Names are lower-case; those that targets may not set are left out. */
export function targetHeaders(parameters: JsonObject, event: JsonObject | undefined): Record<string, string> {
  const given = Object.entries(map(parameters.HeaderParameters));
  const named = given.map(([name, value]): [string, string] => [name.toLowerCase(), textIn(value, event)]);
  return Object.fromEntries(named.filter(([name]) => !isForbidden(name)));
}

/** A value may be a path into the event. */
export function textIn(value: JsonValue | undefined, event: JsonObject | undefined): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  if (!event || !text.startsWith('$.')) return text;
  const found = valueAt(event, text);
  return typeof found === 'string' ? found : JSON.stringify(found ?? '');
}

export function texts(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function map(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Source: user guide, "Amazon API Gateway targets for rules" and "API destinations". */
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...['authorization', 'connection', 'content-encoding', 'content-length', 'host', 'max-forwards', 'te'],
  ...['transfer-encoding', 'trailer', 'upgrade', 'via', 'www-authenticate', 'x-forwarded-for'],
]);

function isForbidden(name: string): boolean {
  return FORBIDDEN.has(name) || name.startsWith('x-amz');
}
