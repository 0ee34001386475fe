/** The paths templates look into documents by: `$.items[0].id`, `$.items[*].id`, `$..id`, `$['a b']`, `$.items[1:3]`. */

type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly at: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'all' | 'deep' };

const STEP =
  /(?<deep>\.\.)(?=[\w*['"])|(?<star>\.?\*|\[\s*\*\s*\])|\[\s*(?<from>-?\d*)\s*:\s*(?<to>-?\d*)\s*\]|\[\s*(?<index>-?\d+(?:\s*,\s*-?\d+)*)\s*\]|\[\s*'(?<single>[^']*)'\s*\]|\[\s*"(?<double>[^"]*)"\s*\]|\.?(?<name>[^\s.[\]()*,:?@'"]+)/y;

/** Undefined where there is no such part; a path that may mean several parts gives a list. Throws for what is no path. */
export function readPath(document: unknown, path: string): unknown {
  const steps = parsePath(path.trim());
  const isOne = steps.every(({ kind, ...step }) => kind === 'name' || ('at' in step && step.at.length === 1));
  const found = follow([document], steps);
  return isOne ? found[0] : found;
}

function parsePath(path: string): readonly Step[] {
  if (!path.startsWith('$')) throw new Error(`"${path}" is no path: it begins with "$"`);
  const steps: Step[] = [];
  for (let at = 1; at < path.length; ) {
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    if (!found) throw new Error(`"${path.slice(at)}" of the path "${path}" is not understood here`);
    steps.push(stepOf(found.groups ?? {}));
    at += found[0].length;
  }
  return steps;
}

function stepOf(groups: Readonly<Record<string, string | undefined>>): Step {
  const { deep, star, from, to, index, single, double, name } = groups;
  if (deep !== undefined) return { kind: 'deep' };
  if (star !== undefined) return { kind: 'all' };
  if (index !== undefined) return { kind: 'index', at: index.split(',').map(Number) };
  if (from !== undefined || to !== undefined) return { kind: 'slice', from: bound(from), to: bound(to) };
  return { kind: 'name', name: single ?? double ?? name ?? '' };
}

function bound(written: string | undefined): number | undefined {
  return written ? Number(written) : undefined;
}

function follow(values: readonly unknown[], [step, ...rest]: readonly Step[]): unknown[] {
  if (!step) return [...values];
  return follow(
    values.flatMap((value) => partsOf(value, step)),
    rest,
  );
}

function partsOf(value: unknown, step: Step): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return step.kind === 'deep' ? [value] : [];
  switch (step.kind) {
    case 'all':
      return Object.values(value);
    case 'deep':
      return [value, ...Object.values(value).flatMap((one) => (isInner(one) ? partsOf(one, step) : []))];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'index':
      return Array.isArray(value)
        ? step.at.flatMap((at) => (value.at(at) === undefined ? [] : [value.at(at)]))
        : [];
    case 'name': {
      const own: readonly (readonly [string, unknown])[] = Object.entries(value);
      return Array.isArray(value) ? [] : own.flatMap(([key, one]) => (key === step.name ? [one] : []));
    }
  }
}

function isInner(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
