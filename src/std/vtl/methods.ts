/** The methods templates call on texts, numbers, lists and maps: Java's, as far as templates have use for them. */
import { makePattern, replacement, splitText } from './java-regex.ts';
import { areEqual, entryOf, isMap, ownList, printed, setEntry } from './values.ts';

type Method<T> = (it: T, given: readonly unknown[]) => unknown;

const text = (value: unknown) => printed(value);
const number = (value: unknown) => Number(value);

const ofAll: Readonly<Record<string, Method<unknown>>> = {
  toString: (it: unknown) => printed(it),
  equals: (it, [other]) => typeof it === typeof other && areEqual(it, other),
};

const ofTexts: Readonly<Record<string, Method<string>>> = {
  length: (it) => it.length,
  isEmpty: (it) => it === '',
  isBlank: (it) => it.trim() === '',
  equalsIgnoreCase: (it, [other]) => it.toLowerCase() === text(other).toLowerCase(),
  compareTo: (it, [other]) => (it < text(other) ? -1 : Number(it > text(other))),
  startsWith: (it, [other, from]) => it.startsWith(text(other), from === undefined ? 0 : number(from)),
  endsWith: (it, [other]) => it.endsWith(text(other)),
  contains: (it, [other]) => it.includes(text(other)),
  indexOf: (it, [other, from]) => it.indexOf(text(other), from === undefined ? 0 : number(from)),
  lastIndexOf: (it, [other]) => it.lastIndexOf(text(other)),
  charAt: (it, [at]) => part(it, number(at), number(at) + 1),
  substring: (it, [from, to]) => part(it, number(from), to === undefined ? it.length : number(to)),
  toLowerCase: (it) => it.toLowerCase(),
  toUpperCase: (it) => it.toUpperCase(),
  trim: (it) => it.trim(),
  strip: (it) => it.trim(),
  repeat: (it, [times]) => it.repeat(Math.min(Math.max(0, number(times)), 10_000)),
  concat: (it, [other]) => it + text(other),
  valueOf: (_: string, [other]: readonly unknown[]) => text(other),
  replace: (it, [from, to]) => it.replaceAll(text(from), () => text(to)),
  replaceAll: (it, [from, to]) => it.replace(makePattern(text(from), 'g'), replacement(text(to))),
  replaceFirst: (it, [from, to]) => it.replace(makePattern(text(from), ''), replacement(text(to))),
  matches: (it, [pattern]) => makePattern(`^(?:${text(pattern)})$`, '').test(it),
  split: (it, [by, limit]) => ownList(splitText(it, text(by), limit === undefined ? 0 : number(limit))),
};

const ofNumbers: Readonly<Record<string, Method<number>>> = {
  intValue: (it) => Math.trunc(it),
  longValue: (it) => Math.trunc(it),
  doubleValue: (it) => it,
  floatValue: (it) => it,
  compareTo: (it, [other]) => Math.sign(it - number(other)),
  // `#set($Integer = 0)`, then `$Integer.parseInt("5")`: how templates make numbers of texts.
  parseInt: (_, [other]) => parsed(other, /^[+-]?\d+$/),
  parseLong: (_, [other]) => parsed(other, /^[+-]?\d+$/),
  parseDouble: (_, [other]) => parsed(other, /^[+-]?[\d.]+(?:[eE][+-]?\d+)?$/),
  valueOf: (_: number, [other]: readonly unknown[]) => parsed(other, /^[+-]?[\d.]+(?:[eE][+-]?\d+)?$/),
};

const ofLists: Readonly<Record<string, Method<unknown[]>>> = {
  size: (it) => it.length,
  isEmpty: (it) => it.length === 0,
  get: (it, [at]) => itemOf(it, number(at)),
  set: (it, [at, value]) => {
    const before = itemOf(it, number(at));
    it[number(at)] = value;
    return before;
  },
  add: (it, given) => {
    if (given.length > 1) return void it.splice(number(given[0]), 0, given[1]);
    it.push(given[0]);
    return true;
  },
  addAll: (it, [others]) => {
    if (Array.isArray(others)) it.push(...others);
    return true;
  },
  remove: (it, [wanted]) => {
    const at = typeof wanted === 'number' ? wanted : it.findIndex((one) => areEqual(one, wanted));
    const [removed] = at < 0 ? [] : it.splice(at, 1);
    return typeof wanted === 'number' ? removed : at >= 0;
  },
  clear: (it) => void it.splice(0),
  contains: (it, [wanted]) => it.some((one) => areEqual(one, wanted)),
  indexOf: (it, [wanted]) => it.findIndex((one) => areEqual(one, wanted)),
  subList: (it, [from, to]) => ownList(Array.from(it).slice(number(from), number(to))),
};

const ofMaps: Readonly<Record<string, Method<Record<string, unknown>>>> = {
  size: (it) => Object.keys(it).length,
  isEmpty: (it) => Object.keys(it).length === 0,
  get: (it, [key]) => entryOf(it, text(key)),
  getOrDefault: (it, [key, other]) => (Object.hasOwn(it, text(key)) ? it[text(key)] : other),
  put: (it, [key, value]) => {
    const before = entryOf(it, text(key));
    setEntry(it, text(key), value);
    return before;
  },
  putAll: (it, [others]) => {
    if (isMap(others)) for (const [key, value] of Object.entries(others)) setEntry(it, key, value);
  },
  remove: (it, [key]) => {
    const before = entryOf(it, text(key));
    delete it[text(key)];
    return before;
  },
  containsKey: (it, [key]) => Object.hasOwn(it, text(key)),
  containsValue: (it, [value]) => Object.values(it).some((one) => areEqual(one, value)),
  keySet: (it) => ownList(Object.keys(it)),
  values: (it) => ownList(Object.values(it)),
  entrySet: (it) => ownList(Object.entries(it).map(([key, value]) => ({ key, value }))),
};

/** Of `entrySet`, and of `$foreach`. */
const getters: Readonly<Record<string, string>> = {
  ...{ getKey: 'key', getValue: 'value', getIndex: 'index', getCount: 'count', hasNext: 'hasNext' },
};

/** Undefined where values of this type have no such method; what a method gives for nothing is null. */
export function callMethod(it: unknown, name: string, given: readonly unknown[]): unknown {
  const method = methodOf(it, name);
  return method && (method(given) ?? null);
}

function methodOf(it: unknown, name: string): ((given: readonly unknown[]) => unknown) | undefined {
  const of = <T>(table: Readonly<Record<string, Method<T>>>, value: T) => {
    const method = Object.hasOwn(table, name) ? table[name] : undefined;
    return method && ((given: readonly unknown[]) => method(value, given));
  };
  const own = () => {
    if (typeof it === 'string') return of(ofTexts, it);
    if (typeof it === 'number') return of(ofNumbers, it);
    if (Array.isArray(it)) return of<unknown[]>(ofLists, it);
    if (!isMap(it)) return undefined;
    const getter = Object.hasOwn(getters, name) ? getters[name] : undefined;
    return getter !== undefined && Object.hasOwn(it, getter) ? () => it[getter] : of(ofMaps, it);
  };
  return own() ?? of(ofAll, it);
}

function part(it: string, from: number, to: number): string {
  if (!(from >= 0 && to >= from && to <= it.length))
    throw new Error(`"${it}" has no part from ${from} to ${to}`);
  return it.slice(from, to);
}

function itemOf(it: readonly unknown[], at: number): unknown {
  if (!(Number.isInteger(at) && at >= 0 && at < it.length))
    throw new Error(`a list of ${it.length} has no item ${at}`);
  return it[at];
}

function parsed(value: unknown, form: RegExp): number {
  const written = text(value);
  if (!form.test(written)) throw new Error(`"${written}" is no number`);
  return Number(written);
}
