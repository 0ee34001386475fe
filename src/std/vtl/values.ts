/** Values of templates as Java has them: how they print, what is true, what is equal. */

/** What a template is given to call: `$input`, `$util`. */
export interface Host {
  readonly isHost: true;
  /** Undefined for what it does not have. */
  property(name: string): unknown;
  /** Undefined for what it does not have; null is a value. Throws to say why the template fails. */
  call(name: string, given: readonly unknown[]): unknown;
}

const ownLists = new WeakSet<object>();

/** A list of the template's own, which prints as `[a, b]`; one of a JSON document prints as JSON. */
export function ownList(items: Iterable<unknown>): unknown[] {
  const list = [...items];
  ownLists.add(list);
  return list;
}

export function isHost(value: unknown): value is Host {
  return typeof value === 'object' && value !== null && 'isHost' in value && value.isHost === true;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isHost(value);
}

/** Null, undefined and false are not true; empty texts and zero are. */
export function isTrue(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false;
}

/** `{a=1, b=[2,3]}` for a map of a document, as the provider prints it. Nothing for null. */
export function printed(value: unknown): string {
  if (value === null || value === undefined) return '';
  return javaText(value);
}

function javaText(value: unknown): string {
  if (Array.isArray(value))
    return ownLists.has(value) ? `[${value.map(javaText).join(', ')}]` : JSON.stringify(value);
  if (isMap(value))
    return `{${Object.entries(value)
      .map(([key, one]) => `${key}=${javaText(one)}`)
      .join(', ')}}`;
  return isHost(value) ? '' : String(value ?? null);
}

/** Numbers by value, values of one type by content, all else by how they print. */
export function areEqual(left: unknown, right: unknown): boolean {
  const isNothing = (value: unknown) => value === null || value === undefined;
  if (isNothing(left) || isNothing(right)) return isNothing(left) && isNothing(right);
  if (typeof left === 'object' && typeof right === 'object')
    return JSON.stringify(left) === JSON.stringify(right);
  return printed(left) === printed(right);
}

/** An own entry; nothing of what every object of JavaScript has. */
export function entryOf(map: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

export function setEntry(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}
