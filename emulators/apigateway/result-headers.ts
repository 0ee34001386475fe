/** Turns the headers of a function's result into response headers. */
import type { Malformed } from './answer.ts';

/** The connection is ours, not the function's. */
const OURS = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** REST APIs rename these (API Gateway developer guide, "Important notes", REST APIs). */
const REMAPPED = new Set([
  'authorization',
  'content-md5',
  'date',
  'host',
  'server',
  'user-agent',
  'www-authenticate',
]);

/** Which names are dropped besides, and whether REST's renaming applies. */
export interface HeaderRules {
  readonly drop?: (lowerName: string) => boolean;
  readonly remap?: boolean;
}

/** Appends `headers` (an object of single values) to `into`; answers why not when a value is not a plain one. */
export function addSingle(into: string[], headers: unknown, rules: HeaderRules): Malformed | undefined {
  if (headers === undefined || headers === null) return undefined;
  if (typeof headers !== 'object' || Array.isArray(headers))
    return { malformed: '"headers" is not an object' };
  for (const name of Object.keys(headers)) {
    const value = (headers as Record<string, unknown>)[name];
    if (value === null || value === undefined) continue;
    if (typeof value === 'object')
      return {
        malformed: `header "${name}" is ${Array.isArray(value) ? 'an array' : 'an object'}, not a string`,
      };
    addOne(into, name, String(value), rules);
  }
  return undefined;
}

/** Appends `multiValueHeaders` (an object of arrays); a header there replaces the single one of the same name and value. */
export function addMulti(into: string[], headers: unknown, rules: HeaderRules): Malformed | undefined {
  if (headers === undefined || headers === null) return undefined;
  if (typeof headers !== 'object' || Array.isArray(headers))
    return { malformed: '"multiValueHeaders" is not an object' };
  for (const name of Object.keys(headers)) {
    const values = (headers as Record<string, unknown>)[name];
    if (!Array.isArray(values)) return { malformed: `"multiValueHeaders.${name}" is not an array` };
    for (const value of values)
      if (!hasPair(into, name, String(value))) addOne(into, name, String(value), rules);
  }
  return undefined;
}

function addOne(into: string[], name: string, value: string, { drop, remap }: HeaderRules): void {
  const lower = name.toLowerCase();
  if (OURS.has(lower) || drop?.(lower)) return;
  into.push(remap && REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name, value);
}

function hasPair(headers: readonly string[], name: string, value: string): boolean {
  const lower = name.toLowerCase();
  for (let i = 0; i < headers.length; i += 2)
    if (headers[i]?.toLowerCase() === lower && headers[i + 1] === value) return true;
  return false;
}

export function hasHeader(headers: readonly string[], lowerName: string): boolean {
  for (let i = 0; i < headers.length; i += 2) if (headers[i]?.toLowerCase() === lowerName) return true;
  return false;
}
