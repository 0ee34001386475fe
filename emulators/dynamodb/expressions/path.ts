/** Document paths: `a.b[0].#c` as written, and resolved to names and positions. */
import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import type { TokenReader } from './tokens.ts';

/** A step is an attribute name, a `#placeholder` still to be resolved, or a position in a list. */
export type Step =
  | { readonly name: string }
  | { readonly placeholder: string }
  | { readonly position: number };

export interface WrittenPath {
  readonly kind: 'path';
  readonly steps: readonly Step[];
}

/** The first entry is the attribute's name; texts look up a map, numbers a list. */
export type Path = readonly (string | number)[];

/** As deep as items may be. */
const MAX_STEPS = 32;
const MAX_POSITION = 2 ** 31 - 1;

export function parsePath(reader: TokenReader, keywords: ReadonlySet<string>): WrittenPath {
  const steps: Step[] = [parseName(reader, keywords)];
  for (;;) {
    if (reader.takeIf('.')) steps.push(parseName(reader, keywords));
    else if (reader.takeIf('[')) {
      if (reader.current.kind !== 'number') throw reader.syntaxError();
      steps.push({ position: positionIn(reader) });
      reader.expect(']');
    } else {
      if (steps.length > MAX_STEPS)
        throw reader.error(`The document path has too many nesting levels; nesting levels: ${steps.length}`);
      return { kind: 'path', steps };
    }
  }
}

function positionIn(reader: TokenReader): number {
  const { text } = reader.take();
  const position = Number(text);
  if (position > MAX_POSITION)
    throw reader.error(`List index is not within the allowable range; index: [${text}]`);
  return position;
}

function parseName(reader: TokenReader, keywords: ReadonlySet<string>): Step {
  const { kind, text } = reader.current;
  if (kind === 'placeholder') return { placeholder: reader.take().text };
  if (kind !== 'name' || keywords.has(text.toUpperCase())) throw reader.syntaxError();
  return { name: reader.take().text };
}

/** `[a, b, [0]]`, as the service's messages show a path. */
export function printPath(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

export function isNested(path: Path): boolean {
  return path.length > 1;
}

export function attributeNameOf(path: Path): string {
  return String(path[0]);
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, i) => step === b[i]);
}

/** The value at `path`; undefined where there is none. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value = attributeOf(item, attributeNameOf(path));
  for (let i = 1; i < path.length && value; i++) value = childOf(value, path[i] ?? '');
  return value;
}

function childOf(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value ? attributeOf(value.M, step) : undefined;
}

export type PathClash = { readonly kind: 'overlap' | 'conflict'; readonly one: Path; readonly two: Path };

/** Two paths of which one leads through the other, else two that use the same value as list and as map. */
export function findClash(paths: readonly Path[]): PathClash | undefined {
  return findPair(paths, 'overlap', overlaps) ?? findPair(paths, 'conflict', conflicts);
}

function findPair(
  paths: readonly Path[],
  kind: PathClash['kind'],
  test: (a: Path, b: Path) => boolean,
): PathClash | undefined {
  for (let later = 1; later < paths.length; later++)
    for (let earlier = 0; earlier < later; earlier++) {
      const one = paths[earlier] ?? [];
      const two = paths[later] ?? [];
      if (test(one, two)) return { kind, one, two };
    }
  return undefined;
}

function overlaps(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  return samePath(a.slice(0, length), b.slice(0, length));
}

function conflicts(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return typeof a[i] !== typeof b[i];
  return false;
}
