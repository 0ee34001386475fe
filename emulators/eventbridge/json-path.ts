/** The paths of `InputPath` and `InputPathsMap`: `$.detail.items[0].id`, `$.detail['a-b']`, `$.detail.items[*].id`. */
import type { JsonValue } from '../../src/model/emulator.ts';

type Step = string | number | '*';

/** Undefined for what is no path. */
export function parsePath(path: string): readonly Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const step = /\.([^.[\]]+)|\[(\d+)\]|\[(\*)\]|\['([^']*)'\]|\["([^"]*)"\]/y;
  const steps: Step[] = [];
  let at = 1;
  while (at < path.length) {
    step.lastIndex = at;
    const found = step.exec(path);
    if (!found) return undefined;
    const [all, name, index, star, quoted, doubleQuoted] = found;
    steps.push(index !== undefined ? Number(index) : (name ?? star ?? quoted ?? doubleQuoted ?? ''));
    at += all.length;
  }
  return steps;
}

/** Undefined where the value has no such part. */
export function valueAt(value: JsonValue, path: string): JsonValue | undefined {
  return follow(value, parsePath(path) ?? []);
}

function follow(value: JsonValue | undefined, [step, ...rest]: readonly Step[]): JsonValue | undefined {
  if (step === undefined || value === undefined) return value;
  if (step === '*') {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.values(value).flatMap((one) => follow(one, rest) ?? []);
  }
  if (Array.isArray(value)) return follow(typeof step === 'number' ? value[step] : undefined, rest);
  if (typeof value !== 'object' || value === null) return undefined;
  return follow(Object.hasOwn(value, step) ? value[step] : undefined, rest);
}
