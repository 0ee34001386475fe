/**
 * The pattern language of the filters of event source mappings: JSON text → a test of events. Rules of event buses have more,
 * and are many: see `patterns/`.
 * Source: Lambda Developer Guide, "Control which events Lambda sends to your function"; the README of aws/event-ruler; for `cidr`
 * AWS's sample lambda-esm-sqs-filters-sam; for pipes the column "Pipe support" of "Comparison operators" in the EventBridge
 * guide. Not here: `wildcard`, which neither takes.
 */
import type { JsonObject, JsonValue } from '../model/emulator.ts';
import { isObject } from '../model/json.ts';
import { messageOf } from './errors.ts';
import { addressBits, blockBits } from './patterns/address.ts';

export type EventTest = (event: JsonValue | undefined) => boolean;

/** Thrown for a pattern that the cloud would refuse; the message says which part and why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

type Scalar = string | number | boolean | null;
/** Sees all values of a field: none when it is absent or a map, several when it is a list. */
type FieldTest = (values: readonly Scalar[]) => boolean;

/** Who takes the pattern: a pipe takes a little less than an event source mapping. */
export type FilterOwner = 'mapping' | 'pipe';

/** Throws `PatternError`. */
export function compilePattern(text: string, owner: FilterOwner = 'mapping'): EventTest {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (failure) {
    throw new PatternError(`it is not JSON: ${messageOf(failure)}`);
  }
  return compileMap(pattern as JsonValue, 'it', owner);
}

/** True for what one of the patterns accepts. Throws `PatternError`. */
export function compilePatterns(texts: readonly string[]): EventTest {
  const tests = texts.map((text) => compilePattern(text));
  return (event) => tests.some((test) => test(event));
}

function compileMap(pattern: JsonValue | undefined, name: string, owner: FilterOwner): EventTest {
  if (!isObject(pattern)) throw new PatternError(`${name} is not a map of fields`);
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw new PatternError(`${name} names no field`);
  const tests = fields.map(([key, value]) => compileField(key, value, owner));
  return (event) => mapsOf(event).some((map) => tests.every((test) => test(map)));
}

function compileField(key: string, value: JsonValue, owner: FilterOwner): (map: JsonObject) => boolean {
  if (key === '$or' && Array.isArray(value)) {
    if (value.length < 2) throw new PatternError('"$or" needs two patterns or more');
    const either = value.map((one) => compileMap(one, 'a pattern of "$or"', owner));
    return (map) => either.some((test) => test(map));
  }
  if (isObject(value)) {
    const inner = compileMap(value, `"${key}"`, owner);
    return (map) => inner(own(map, key));
  }
  if (!Array.isArray(value))
    throw new PatternError(
      `"${key}" is ${JSON.stringify(value)}: expected a list of values, or a map of fields`,
    );
  if (value.length === 0) throw new PatternError(`"${key}" is an empty list, which nothing can match`);
  const tests = value.map((one) => compileValue(key, one, owner));
  return (map) => {
    const values = scalarsOf(own(map, key));
    return tests.some((test) => test(values));
  };
}

function compileValue(key: string, value: JsonValue, owner: FilterOwner): FieldTest {
  if (isScalar(value)) return some((found) => found === value);
  const [operator, operand, ...more] = isObject(value) ? Object.entries(value).flat() : [];
  if (typeof operator !== 'string' || operand === undefined || more.length > 0)
    throw new PatternError(
      `"${key}" holds ${JSON.stringify(value)}: expected a value, or one operator such as { "prefix": "a" }`,
    );
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') throw wrongOperand(key, operator, operand, 'true or false');
    // Only leaves exist: a map is none.
    return (values) => values.length > 0 === operand;
  }
  if (operator === 'numeric') return some(compileNumeric(key, operand));
  if (operator === 'anything-but') return some(compileAnythingBut(key, operand, owner));
  if (operator === 'cidr') return some(compileBlock(key, operand));
  return some(compileText(key, operator, operand));
}

const some =
  (test: (value: Scalar) => boolean): FieldTest =>
  (values) =>
    values.some(test);

function compileText(key: string, operator: string, operand: JsonValue): (value: Scalar) => boolean {
  const { text, fold } = textOperand(key, operator, operand);
  const folded = fold(text);
  const texts =
    (test: (value: string) => boolean) =>
    (value: Scalar): boolean =>
      typeof value === 'string' && test(fold(value));
  switch (operator) {
    case 'prefix':
      return texts((value) => value.startsWith(folded));
    case 'suffix':
      return texts((value) => value.endsWith(folded));
    case 'equals-ignore-case':
      return texts((value) => value === folded);
    default:
      throw new PatternError(
        `"${key}" uses "${operator}", which is no operator of filters: they are prefix, suffix, equals-ignore-case, anything-but, numeric, cidr, exists`,
      );
  }
}

/** `"a"`, and for prefix and suffix `{ "equals-ignore-case": "a" }` too. */
function textOperand(key: string, operator: string, operand: JsonValue) {
  const lower = (text: string) => text.toLowerCase();
  const inner = isObject(operand) ? operand['equals-ignore-case'] : undefined;
  if (typeof inner === 'string' && operator !== 'equals-ignore-case') return { text: inner, fold: lower };
  if (typeof operand !== 'string') throw wrongOperand(key, operator, operand, 'a text');
  return { text: operand, fold: operator === 'equals-ignore-case' ? lower : (text: string) => text };
}

function compileAnythingBut(key: string, operand: JsonValue, owner: FilterOwner): (value: Scalar) => boolean {
  if (isObject(operand)) {
    if (owner === 'pipe')
      throw wrongOperand(key, 'anything-but', operand, 'values: filters of pipes take no operator in it');
    const [operator = '', texts = null, ...more] = Object.entries(operand).flat();
    if (typeof operator !== 'string' || more.length > 0)
      throw wrongOperand(key, 'anything-but', operand, 'values, or one operator');
    const excluded = (Array.isArray(texts) ? texts : [texts]).map((text) => compileText(key, operator, text));
    return (value) => !excluded.some((test) => test(value));
  }
  const excluded = Array.isArray(operand) ? operand : [operand];
  const [first] = excluded;
  const alike = excluded.every((one) => typeof one === typeof first);
  if (!alike || (typeof first !== 'string' && typeof first !== 'number'))
    throw wrongOperand(key, 'anything-but', operand, 'texts or numbers, not both');
  return (value) => !excluded.includes(value);
}

function compileBlock(key: string, operand: JsonValue): (value: Scalar) => boolean {
  const block = typeof operand === 'string' ? blockBits(operand) : undefined;
  if (block === undefined)
    throw wrongOperand(key, 'cidr', operand, 'a block of addresses such as "10.0.0.0/24"');
  return (value) => typeof value === 'string' && (addressBits(value)?.startsWith(block) ?? false);
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `["=", 5]`, or a range: `[">", 0, "<=", 5]`. */
function compileNumeric(key: string, operand: JsonValue): (value: Scalar) => boolean {
  const refuse = () => wrongOperand(key, 'numeric', operand, 'such as [">", 0, "<=", 5]');
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) throw refuse();
  const bounds = [operand.slice(0, 2), operand.slice(2)].flatMap(([sign, bound]) => {
    if (sign === undefined) return [];
    const compare =
      typeof sign === 'string' && Object.hasOwn(comparisons, sign) ? comparisons[sign] : undefined;
    if (!compare || typeof bound !== 'number') throw refuse();
    return [(value: number) => compare(value, bound)];
  });
  return (value) => typeof value === 'number' && bounds.every((fits) => fits(value));
}

function wrongOperand(key: string, operator: string, operand: JsonValue, expected: string): PatternError {
  return new PatternError(`"${operator}" of "${key}" is ${JSON.stringify(operand)}: expected ${expected}`);
}

/** The maps a pattern may be about: all in a list, and an empty one where there is none, in which no field exists. */
function mapsOf(value: JsonValue | undefined): readonly JsonObject[] {
  const maps = flat(value).filter(isObject);
  return maps.length > 0 ? maps : [{}];
}

function scalarsOf(value: JsonValue | undefined): readonly Scalar[] {
  return flat(value).filter(isScalar);
}

function flat(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  return Array.isArray(value) ? value.flatMap(flat) : [value];
}

function own(map: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function isScalar(value: JsonValue | undefined): value is Scalar {
  return value !== undefined && (value === null || typeof value !== 'object');
}
