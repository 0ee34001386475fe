/** What JSON text stands for. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** Neither a list nor null. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return isRecord(value);
}

/** The same of what may be anything. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
