/**
 * Filter policies of subscriptions: JSON text → a test of messages.
 * Source: SNS guide, "Amazon SNS subscription filter policies" and "Filter policy constraints".
 */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { FilterPolicyScope } from '../../../src/model/project.ts';
import { messageOf } from '../../../src/std/errors.ts';
import { type MessageAttributes, type Notification, textFor } from '../message.ts';
import { compileCondition, type FieldTest, OPERATORS, PolicyError, type Scalar } from './conditions.ts';

export type MessageTest = (notification: Notification, protocol: string) => boolean;

const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;
const MOST_BYTES = 256 * 1024;

/** Throws `PolicyError` with the service's words. */
export function compileFilterPolicy(text: string, scope: FilterPolicyScope): MessageTest {
  if (Buffer.byteLength(text) > MOST_BYTES) throw new PolicyError('Filter policy is too long');
  const policy = parsePolicy(text);
  const size = sizeOf(policy);
  if (size.keys > MOST_KEYS) throw new PolicyError('Filter policy can not have more than 5 keys');
  if (size.combinations > MOST_COMBINATIONS) throw new PolicyError('Filter policy is too complex');
  const test = compileMap(policy, scope);
  if (scope === 'MessageAttributes') return ({ attributes }) => test(attributeValues(attributes));
  return (notification, protocol) => {
    const body = parseBody(textFor(notification, protocol));
    return body !== undefined && test(body);
  };
}

function parsePolicy(text: string): JsonObject {
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(text) as JsonValue;
  } catch (failure) {
    throw new PolicyError(`failed to parse JSON. ${messageOf(failure)}`);
  }
  if (!isObject(parsed)) throw new PolicyError('failed to parse JSON. Filter policy must be a JSON object');
  return parsed;
}

type MapTest = (map: JsonObject) => boolean;

function compileMap(policy: JsonObject, scope: FilterPolicyScope): MapTest {
  const tests = Object.entries(policy).map(([key, value]) => compileField(key, value, scope));
  return (map) => tests.every((test) => test(map));
}

function compileField(key: string, value: JsonValue, scope: FilterPolicyScope): MapTest {
  if (isEither(key, value)) {
    const either = value.map((one) => compileMap(one, scope));
    return (map) => either.some((test) => test(map));
  }
  if (isObject(value)) {
    if (Object.keys(value).length === 0) throw new PolicyError('Empty objects are not allowed');
    const inner = compileMap(value, 'MessageBody');
    if (scope === 'MessageAttributes')
      throw new PolicyError('Filter policy scope MessageAttributes does not support nested filter policy');
    return (map) => mapsIn(own(map, key)).some(inner);
  }
  if (!Array.isArray(value)) throw new PolicyError(`"${key}" must be an object or an array`);
  if (value.length === 0) throw new PolicyError('Empty arrays are not allowed');
  const tests: readonly FieldTest[] = value.map(compileCondition);
  return (map) => {
    const values = scope === 'MessageBody' && key.includes('.') ? dotted(map, key) : scalarsIn(own(map, key));
    return tests.some((test) => test(values));
  };
}

/** `$or` is an operator when it holds maps of fields; else it is a field of that name. */
function isEither(key: string, value: JsonValue): value is JsonObject[] {
  return (
    key === '$or' &&
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((one) => isObject(one) && !Object.keys(one).some((name) => OPERATORS.includes(name)))
  );
}

interface Size {
  readonly keys: number;
  readonly combinations: number;
}

/** Values of nested keys count once for each level (SNS guide). */
function sizeOf(policy: JsonObject, depth = 1): Size {
  let keys = 0;
  let combinations = 1;
  for (const [key, value] of Object.entries(policy)) {
    if (isEither(key, value)) {
      const sizes = value.map((one) => sizeOf(one, depth));
      keys += sizes.reduce((sum, size) => sum + size.keys, 0);
      combinations *= sizes.reduce((sum, size) => sum + size.combinations, 0);
    } else if (isObject(value)) {
      const inner = sizeOf(value, depth + 1);
      keys += inner.keys;
      combinations *= inner.combinations;
    } else {
      keys += 1;
      combinations *= (Array.isArray(value) ? Math.max(1, value.length) : 1) * depth;
    }
  }
  return { keys, combinations };
}

/** As values of a map: texts, numbers, and what is in a `String.Array`; nothing matches a binary value. */
function attributeValues(attributes: MessageAttributes): JsonObject {
  const entries = Object.entries(attributes).flatMap(([name, { type, value }]): [string, JsonValue][] => {
    if (type.startsWith('Binary')) return [];
    if (type.startsWith('Number')) return [[name, Number(value)]];
    return [[name, type === 'String.Array' ? parsedArray(value) : value]];
  });
  return Object.fromEntries(entries);
}

/** What is no list in JSON is a text like any other. */
function parsedArray(text: string): JsonValue {
  try {
    const parsed = JSON.parse(text) as JsonValue;
    return Array.isArray(parsed) ? parsed : text;
  } catch {
    return text;
  }
}

/** Undefined for what is no map: such a message matches no policy. */
function parseBody(text: string): JsonObject | undefined {
  try {
    const parsed = JSON.parse(text) as JsonValue;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The maps a nested policy may be about; an empty one where there is none, in which no field exists. */
function mapsIn(value: JsonValue | undefined): readonly JsonObject[] {
  const maps = flat(value).filter(isObject);
  return maps.length > 0 ? maps : [{}];
}

function scalarsIn(value: JsonValue | undefined): readonly Scalar[] {
  return flat(value).filter(
    (one): one is Scalar => one !== undefined && (one === null || typeof one !== 'object'),
  );
}

/** `a.b` is the field of that name, and `b` within `a`. */
function dotted(map: JsonObject, key: string): readonly Scalar[] {
  const here = scalarsIn(own(map, key));
  const dots = [...key.matchAll(/\./g)].map(({ index }) => index);
  const below = dots.flatMap((dot) =>
    flat(own(map, key.slice(0, dot)))
      .filter(isObject)
      .flatMap((inner) => dotted(inner, key.slice(dot + 1))),
  );
  return [...here, ...below];
}

function flat(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  return Array.isArray(value) ? value.flatMap(flat) : [value];
}

function own(map: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
