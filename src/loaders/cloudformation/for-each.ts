/** `Fn::ForEach` of the language extensions: one fragment per item of a collection. */

import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { asText, quote } from './plain-functions.ts';
import { isMap, type Template, type Values } from './template.ts';

type Resolve = (value: unknown, path: Path) => unknown;
/** Told of a loop that cannot be unrolled; it is left out. */
type Malformed = (path: Path, message: string) => void;

/**
 * Replaces `Fn::ForEach::Name: [Identifier, [items], { key: fragment }]` among the keys of a map by its fragments.
 * `${Identifier}` and `&{Identifier}` (letters and digits only) are filled in, in keys and values.
 */
export function expandLoops(map: Values, resolve: Resolve, path: Path, malformed: Malformed): Values {
  if (!Object.keys(map).some(isLoop)) return map;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(map))
    Object.assign(result, isLoop(key) ? unroll(value, resolve, [...path, key], malformed) : { [key]: value });
  return result;
}

/** The template with the loops among its resources, conditions and outputs unrolled; to be done before it is resolved. */
export function expandTemplateLoops(template: Template, resolve: Resolve, malformed: Malformed): Template {
  const result: Record<string, unknown> = { ...template };
  for (const section of ['Conditions', 'Resources', 'Outputs']) {
    const value = template[section];
    if (isMap(value)) result[section] = expandLoops(value, resolve, [section], malformed);
  }
  return result;
}

export function isLoop(key: string): boolean {
  return key.startsWith('Fn::ForEach::');
}

function unroll(loop: unknown, resolve: Resolve, path: Path, malformed: Malformed): Values {
  const [identifier, collection, fragment] = Array.isArray(loop) ? loop : [];
  if (!Array.isArray(loop) || loop.length !== 3 || typeof identifier !== 'string' || !isMap(fragment)) {
    malformed(path, `${path.at(-1)} wants a list of a name, a collection and a map, not ${quote(loop)}`);
    return {};
  }
  const items = resolve(collection, [...path, 1]);
  if (!Array.isArray(items) && !isUnresolved(items))
    malformed([...path, 1], `${path.at(-1)} goes over a list of texts, not over ${quote(items)}`);
  const result: Record<string, unknown> = {};
  for (const item of Array.isArray(items) ? items : []) {
    const filled = fill(fragment, identifier, asText(item));
    if (isMap(filled)) Object.assign(result, expandLoops(filled, resolve, [...path, 2], malformed));
  }
  return result;
}

function fill(value: unknown, identifier: string, item: string): unknown {
  if (typeof value === 'string') return fillText(value, identifier, item);
  if (Array.isArray(value)) return value.map((part) => fill(part, identifier, item));
  if (!isMap(value)) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && value.Ref === identifier) return item;
  return Object.fromEntries(
    entries.map(([key, part]) => [fillText(key, identifier, item), fill(part, identifier, item)]),
  );
}

function fillText(text: string, identifier: string, item: string): string {
  return text
    .replaceAll(`\${${identifier}}`, item)
    .replaceAll(`&{${identifier}}`, item.replace(/[^A-Za-z0-9]/g, ''));
}
