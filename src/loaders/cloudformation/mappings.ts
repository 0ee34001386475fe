/** `Fn::FindInMap`, with the default value of the language extensions. */
import type { Path } from '../yaml.ts';
import { asText, type Evaluation, quote } from './plain-functions.ts';
import { isMap, mapOf, type Template } from './template.ts';

/** `[map, key, second key]` and optionally `{ DefaultValue }`. */
export function findInMap(template: Template, argument: unknown, path: Path, e: Evaluation): unknown {
  if (!Array.isArray(argument) || argument.length < 3)
    return e.malformed(path, `Fn::FindInMap wants a list of a map and two keys, not ${quote(argument)}`);
  const [name, first, second] = argument
    .slice(0, 3)
    .map((item, index) => asText(e.resolve(item, [...path, index])));
  const row = mapOf(mapOf(mapOf(template.Mappings)[name ?? ''])[first ?? '']);
  if (Object.hasOwn(row, second ?? '')) return row[second ?? ''];
  const fallback: unknown = argument[3];
  if (isMap(fallback) && 'DefaultValue' in fallback)
    return e.resolve(fallback.DefaultValue, [...path, 3, 'DefaultValue']);
  return e.malformed(path, `Fn::FindInMap finds nothing at ${name}.${first}.${second} of Mappings`);
}
