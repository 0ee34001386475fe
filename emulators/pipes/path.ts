/** Paths into a pipe's events: `$.body.order['id']`, `$.items[0]`, `$.items[*].id`. */
import type { JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';

/** Undefined where there is nothing, or the path cannot be read. */
export function valueAt(event: JsonValue, path: string): JsonValue | undefined {
  const steps = stepsOf(path);
  if (!steps) return undefined;
  const [first, ...others] = steps;
  if (first === undefined) return event;
  const start = openedMember(step(event, first), first, others.length > 0);
  return walk(start, others);
}

function stepsOf(path: string): string[] | undefined {
  const steps: string[] = [];
  const rest = path
    .replace(/^\$/, '')
    .replace(/\.([\w-]+|\*)|\[(\d+|\*)\]|\[['"]([^'"]*)['"]\]/g, (_, name, index, quoted) => {
      steps.push(name ?? index ?? quoted);
      return '';
    });
  return rest === '' ? steps : undefined;
}

function walk(value: JsonValue | undefined, steps: readonly string[]): JsonValue | undefined {
  const [first, ...others] = steps;
  if (value === undefined || first === undefined) return value;
  if (first !== '*') return walk(step(value, first), others);
  const all = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return all.flatMap((one) => walk(one, others) ?? []);
}

function step(value: JsonValue, name: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/**
 * The bodies of messages and the data of stream records are texts of JSON, which paths look into. Source: EventBridge guide,
 * "Pipes input transformation", "Implicit body data parsing".
 */
function openedMember(value: JsonValue | undefined, name: string, within: boolean): JsonValue | undefined {
  if (typeof value !== 'string' || (name !== 'body' && name !== 'data')) return value;
  const text = name === 'data' ? Buffer.from(value, 'base64').toString() : value;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return within ? undefined : text;
  }
}
