/**
 * The paths templates look into documents by: `$.items[0].id`, `$.items[*].id`, `$..id`, `$['a b']`, `$['a','b']`,
 * `$.items[1:3]`, `$.items[?(@.price < 10)]`, `$.items.length()`.
 */
import { type Filter, parseFilter } from './json-path-filter.ts';

type Step =
  | { readonly kind: 'name'; readonly name: string }
  /** At the end of a path the members as one map, before it each of them. */
  | { readonly kind: 'names'; readonly names: readonly string[]; readonly isLast: boolean }
  | { readonly kind: 'filter'; readonly passes: Filter }
  | { readonly kind: 'index'; readonly at: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'all' | 'deep' };

type Reader = (document: unknown) => unknown;

const STEP =
  /(?<deep>\.\.)(?=[\w*['"])|(?<star>\.?\*|\[\s*\*\s*\])|\[\s*(?<from>-?\d*)\s*:\s*(?<to>-?\d*)\s*\]|\[\s*(?<index>-?\d+(?:\s*,\s*-?\d+)*)\s*\]|\[\s*(?<quoted>'[^']*'(?:\s*,\s*'[^']*')*|"[^"]*"(?:\s*,\s*"[^"]*")*)\s*\]|\.(?<called>\w+)\(\)|\.?(?<name>[^\s.[\]()*,:?@'"]+)/y;
const QUOTED = /'([^']*)'|"([^"]*)"/g;

/** At the end of a path. Of a list; `length` also of a text, `keys` of a map. */
const functions: Readonly<Record<string, Reader>> = {
  length: (value) => (Array.isArray(value) || typeof value === 'string' ? value.length : undefined),
  keys: (value) => (isInner(value) && !Array.isArray(value) ? Object.keys(value as object) : undefined),
  min: (value) => overNumbers(value, (numbers) => numbers.reduce((a, b) => Math.min(a, b))),
  max: (value) => overNumbers(value, (numbers) => numbers.reduce((a, b) => Math.max(a, b))),
  sum: (value) => overNumbers(value, sumOf),
  avg: (value) => overNumbers(value, (numbers) => sumOf(numbers) / numbers.length),
};

/** Undefined where there is no such part; a path that may mean several parts gives a list. Throws for what is no path. */
export function readPath(document: unknown, path: string): unknown {
  return readerOf(path)(document);
}

/** The same for many documents. */
export function readerOf(path: string): Reader {
  const { steps, of } = parsePath(path.trim());
  const isOne = steps.every(isOfOne);
  const read: Reader = (document) => {
    const found = follow([document], steps, document);
    return isOne ? found[0] : found;
  };
  return of ? (document) => of(read(document)) : read;
}

function isOfOne(step: Step): boolean {
  switch (step.kind) {
    case 'name':
      return true;
    case 'names':
      return step.isLast;
    case 'index':
      return step.at.length === 1;
    default:
      return false;
  }
}

function parsePath(path: string): { readonly steps: readonly Step[]; readonly of?: Reader | undefined } {
  if (!path.startsWith('$')) throw new Error(`"${path}" is no path: it begins with "$"`);
  const steps: Step[] = [];
  for (let at = 1; at < path.length; ) {
    const filter = filterAt(path, at);
    if (filter) {
      steps.push({ kind: 'filter', passes: parseFilter(filter.written, readerOf) });
      at = filter.end;
      continue;
    }
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    if (!found) throw new Error(`"${path.slice(at)}" of the path "${path}" is not understood here`);
    at += found[0].length;
    const isLast = at === path.length;
    const { called, ...groups } = found.groups ?? {};
    if (called !== undefined) return { steps, of: functionCalled(called, isLast) };
    steps.push(stepOf(groups, isLast));
  }
  return { steps };
}

/** `[?( … )]` with its quoted texts and further brackets. */
function filterAt(
  path: string,
  from: number,
): { readonly written: string; readonly end: number } | undefined {
  const begin = /\[\s*\?\s*\(/y;
  begin.lastIndex = from;
  const opened = begin.exec(path)?.[0].length;
  if (opened === undefined) return undefined;
  const piece = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\/(?:[^/\\]|\\.)+\/|[()]|[^()'"/]+|./gy;
  piece.lastIndex = from + opened;
  for (let depth = 1; ; ) {
    const found = piece.exec(path)?.[0];
    if (found === undefined) throw new Error(`the filter "${path.slice(from)}" has no end`);
    if (found === '(') depth++;
    if (found !== ')' || --depth > 0) continue;
    const written = path.slice(from + opened, piece.lastIndex - 1);
    const closing = /\s*\]/y;
    closing.lastIndex = piece.lastIndex;
    if (!closing.test(path)) throw new Error(`expected "]" behind the filter "${written}"`);
    return { written, end: closing.lastIndex };
  }
}

function stepOf(groups: Readonly<Record<string, string | undefined>>, isLast: boolean): Step {
  const { deep, star, from, to, index, quoted, name } = groups;
  if (deep !== undefined) return { kind: 'deep' };
  if (star !== undefined) return { kind: 'all' };
  if (index !== undefined) return { kind: 'index', at: index.split(',').map(Number) };
  if (from !== undefined || to !== undefined) return { kind: 'slice', from: bound(from), to: bound(to) };
  if (quoted === undefined) return { kind: 'name', name: name ?? '' };
  const names = [...quoted.matchAll(QUOTED)].map(([, single, double]) => single ?? double ?? '');
  return names.length > 1 ? { kind: 'names', names, isLast } : { kind: 'name', name: names[0] ?? '' };
}

function functionCalled(name: string, isLast: boolean): Reader {
  if (!isLast) throw new Error(`the function "${name}()" of a path stands at its end`);
  if (Object.hasOwn(functions, name) && functions[name]) return functions[name];
  throw new Error(`the function "${name}()" of paths is not understood here`);
}

function bound(written: string | undefined): number | undefined {
  return written ? Number(written) : undefined;
}

function follow(values: readonly unknown[], [step, ...rest]: readonly Step[], root: unknown): unknown[] {
  if (!step) return [...values];
  return follow(
    values.flatMap((value) => partsOf(value, step, root)),
    rest,
    root,
  );
}

function partsOf(value: unknown, step: Step, root: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return step.kind === 'deep' ? [value] : [];
  switch (step.kind) {
    case 'all':
      return Object.values(value);
    case 'deep':
      return [
        value,
        ...Object.values(value).flatMap((one) => (isInner(one) ? partsOf(one, step, root) : [])),
      ];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'index':
      return Array.isArray(value)
        ? step.at.flatMap((at) => (value.at(at) === undefined ? [] : [value.at(at)]))
        : [];
    // A map that is no list is the only one to pass.
    case 'filter':
      return (Array.isArray(value) ? value : [value]).filter((item) => step.passes(item, root));
    case 'name':
      return membersOf(value, [step.name]).map(([, member]) => member);
    case 'names': {
      const members = membersOf(value, step.names);
      return step.isLast ? [Object.fromEntries(members)] : members.map(([, member]) => member);
    }
  }
}

function membersOf(value: object, names: readonly string[]): readonly (readonly [string, unknown])[] {
  const own = new Map<string, unknown>(Array.isArray(value) ? [] : Object.entries(value));
  return names.flatMap((name) => (own.has(name) ? [[name, own.get(name)] as const] : []));
}

function overNumbers(value: unknown, of: (numbers: readonly number[]) => number): number | undefined {
  const numbers = Array.isArray(value) ? value.filter((one) => typeof one === 'number') : [];
  return numbers.length === 0 ? undefined : of(numbers);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

function isInner(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
