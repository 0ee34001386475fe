/** Shapes of an operation's input: what type a member has, and what the service says when its value is refused. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { serialization, validationOf } from '../errors.ts';

export interface Shape<T> {
  /** Throws the service's SerializationException for a value of another type. */
  decode(value: JsonValue | undefined): T;
  /** Adds what is wrong with the value to `errors`; `path` as the service writes it. */
  check(value: T, path: string, errors: string[]): void;
}

export type Members = Readonly<Record<string, Shape<unknown>>>;
export type Decoded<M extends Members> = { readonly [K in keyof M]: M[K] extends Shape<infer T> ? T : never };

/** The service stops at ten. */
const MAX_ERRORS = 10;

/** Throws the service's SerializationException or ValidationException. */
export function readInput<M extends Members>(members: M, input: JsonObject): Decoded<M> {
  const decoded = decodeMembers(members, input);
  const errors: string[] = [];
  checkMembers(members, decoded, '', errors);
  if (errors.length > 0) throw validationOf(errors.slice(0, MAX_ERRORS));
  return decoded;
}

export function decodeMembers<M extends Members>(members: M, input: JsonObject): Decoded<M> {
  const decoded: Record<string, unknown> = {};
  for (const name in members) {
    const shape = members[name];
    if (shape) decoded[name] = shape.decode(input[name]);
  }
  return decoded as Decoded<M>;
}

export function checkMembers<M extends Members>(
  members: M,
  values: Decoded<M>,
  parent: string,
  errors: string[],
): void {
  for (const name in members)
    members[name]?.check(values[name], `${parent}${name.charAt(0).toLowerCase()}${name.slice(1)}`, errors);
}

export function required<T>(shape: Shape<T | undefined>): Shape<T> {
  return {
    // What is absent is refused by `check`, before anybody uses it.
    decode: (value) => shape.decode(value) as T,
    check(value, path, errors) {
      if (value === undefined) errors.push(complaint('null', path, 'Member must not be null'));
      else shape.check(value, path, errors);
    },
  };
}

/** `value` as it stands in the text: quoted, but for null. */
export function complaint(value: string, path: string, constraint: string): string {
  const shown = value === 'null' ? value : `'${value}'`;
  return `Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}

/** Throws for lists and maps where neither belongs. */
export function refuseNested(value: JsonValue): void {
  if (Array.isArray(value)) throw serialization('Start of list found where not expected');
  if (typeof value === 'object' && value !== null)
    throw serialization('Start of structure or map found where not expected.');
}

const JAVA_NAMES: Readonly<Record<string, string>> = {
  boolean: 'java.lang.Boolean',
  number: 'com.amazon.coral.value.json.numbers.TruncatingBigNumber',
  string: 'java.lang.String',
};

export function notConvertible(value: JsonValue, to: string) {
  return serialization(`class ${JAVA_NAMES[typeof value]} can not be converted to ${to}`);
}
