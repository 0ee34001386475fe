/** Reads typed values out of a map of a project file, and reports what is not as expected, with its path and place. */
import type { Place, Problem } from '../model/project.ts';
import {
  dotted,
  flagOf,
  isMap,
  listOf,
  numberOf,
  type PlaceOf,
  textOf,
  type Values,
} from './cloudformation/template.ts';
import type { Report } from './problems.ts';
import { isUnresolved } from './unresolved.ts';
import type { Path } from './yaml.ts';

export interface FieldsContext {
  readonly place: PlaceOf;
  readonly report: Report;
}

export interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
}

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Below this map; absent = the map itself. */
  readonly key?: string | number;
}

/** A map; each reader gives undefined where the key is absent or (after reporting it) wrong. */
export interface Fields {
  readonly path: Path;
  /** Dotted path, for messages. */
  readonly subject: string;
  readonly place: Place;
  readonly values: Values;
  readonly context: FieldsContext;
  has(key: string): boolean;
  text(key: string): string | undefined;
  /** Numbers may be written as text. */
  number(key: string, limits?: NumberLimits): number | undefined;
  flag(key: string): boolean | undefined;
  choice<T extends string>(key: string, allowed: readonly T[]): T | undefined;
  /** One text or a list of texts. */
  texts(key: string): readonly string[] | undefined;
  map(key: string): Fields | undefined;
  error(finding: Finding): void;
  warn(finding: Finding): void;
  /** Reports `invalid-value`. */
  wrong(key: string, expected: string): void;
  /** Warns of each key that is not in `known`. */
  unknownKeys(known: ReadonlySet<string>): void;
}

export function makeFields(values: Values, path: Path, context: FieldsContext): Fields {
  const { place, report } = context;
  const found = (severity: Problem['severity'], { key, ...rest }: Finding) => {
    const at = key === undefined ? path : [...path, key];
    report({ severity, ...rest, place: place(at), subject: dotted(at) });
  };
  const present = (key: string) => values[key] !== undefined && values[key] !== null;

  const read = <T>(
    key: string,
    parse: (value: unknown) => T | undefined,
    expected: string,
  ): T | undefined => {
    if (!present(key)) return undefined;
    const parsed = parse(values[key]);
    // What is unresolved has been reported where it stands.
    if (parsed === undefined && !isUnresolved(values[key])) fields.wrong(key, expected);
    return parsed;
  };

  const fields: Fields = {
    path,
    subject: dotted(path),
    get place() {
      return place(path);
    },
    values,
    context,
    has: present,
    text: (key) => read(key, textOf, 'a text'),
    number: (key, limits = {}) =>
      read(key, (value) => within(numberOf(value), limits), `a number${limitsText(limits)}`),
    flag: (key) => read(key, flagOf, 'true or false'),
    choice: (key, allowed) =>
      read(key, (value) => allowed.find((option) => option === textOf(value)), oneOf(allowed)),
    texts: (key) => read(key, textsOf, 'a text or a list of texts'),
    map: (key) =>
      read(key, (value) => (isMap(value) ? makeFields(value, [...path, key], context) : undefined), 'a map'),
    error: (finding) => found('error', finding),
    warn: (finding) => found('warning', finding),
    wrong(key, expected) {
      found('error', {
        code: 'invalid-value',
        message: `${dotted([...path, key])}: expected ${expected}, found ${describe(values[key])}`,
        key,
      });
    },
    unknownKeys(known) {
      for (const key of Object.keys(values))
        if (!known.has(key))
          found('warning', {
            code: 'unknown-key',
            message: `"${key}" is not a known key of ${dotted(path) || 'this file'}`,
            hint: nearest(key, known),
            key,
          });
    },
  };
  return fields;
}

/** What was found, for messages: `"abc"`, `12`, `a list`, `nothing`. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'function' ? 'a function' : JSON.stringify(value);
}

export function oneOf(allowed: readonly string[]): string {
  const last = allowed.at(-1) ?? '';
  return allowed.length < 2
    ? `"${last}"`
    : `${allowed
        .slice(0, -1)
        .map((a) => `"${a}"`)
        .join(', ')} or "${last}"`;
}

/** A hint naming the known key that differs least, where one is near. */
export function nearest(key: string, known: Iterable<string>): string {
  const wanted = key.toLowerCase();
  const best = [...known]
    .map((name) => ({ name, distance: distance(wanted, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(1, key.length / 3)
    ? `did you mean "${best.name}"?`
    : 'check the spelling; it is not read';
}

function within(value: number | undefined, { min, max }: NumberLimits): number | undefined {
  if (value === undefined || (min !== undefined && value < min) || (max !== undefined && value > max))
    return undefined;
  return value;
}

function limitsText({ min, max }: NumberLimits): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

function textsOf(value: unknown): readonly string[] | undefined {
  const texts = listOf(value).map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
