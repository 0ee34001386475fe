/** Shapes of lists, maps and structures. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { serializationError } from '../errors.ts';
import { constrainLength, type LengthLimits } from './scalars.ts';
import { type Position, quote, type Shape } from './shape.ts';

const SHAPE_PACKAGE = 'com.amazonaws.dynamodb.v20120810.';
/** What the service's JSON reader says where a collection is the member of a collection. */
const CAST_FAILURE =
  'class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class ' +
  '(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of ' +
  "loader 'bootstrap')";

export function list<T>(member: Shape<T>, limits: LengthLimits = {}): Shape<readonly T[]> {
  const print = (values: readonly T[]) => `[${values.map((value) => member.print(value)).join(', ')}]`;
  return {
    javaType: `java.util.List<${member.javaType}>`,
    decode(value, position) {
      if (!Array.isArray(value)) throw wrongCollection(value, position);
      return value.map((element) => member.decode(element ?? {}, 'element'));
    },
    constrain(values, path, report) {
      constrainLength(values.length, () => print(values), path, limits, report);
      values.forEach((value, i) => {
        member.constrain(value, `${path}.${i + 1}.member`, report);
      });
    },
    print,
  };
}

export interface MapLimits extends LengthLimits {
  /** Key limits as the service prints them, in its order. */
  readonly keys?: { readonly accepts: (key: string) => boolean; readonly printed: string };
  /** Limits on the length of each list the map holds. */
  readonly values?: { readonly minLength: number; readonly maxLength: number };
}

export function map<T>(member: Shape<T>, limits: MapLimits = {}): Shape<Readonly<Record<string, T>>> {
  const print = (values: Readonly<Record<string, T>>) =>
    `{${Object.entries(values)
      .map(([key, value]) => `${key}=${member.print(value)}`)
      .join(', ')}}`;
  return {
    javaType: mapType(member.javaType),
    decode(value) {
      const entries = Object.entries(objectOf(value, mapType(member.javaType)));
      return Object.fromEntries(entries.map(([key, entry]) => [key, member.decode(entry ?? {}, 'element')]));
    },
    constrain(values, path, report) {
      const keys = Object.keys(values);
      constrainLength(keys.length, () => print(values), path, limits, report);
      const { keys: keyLimits, values: valueLimits } = limits;
      if (keyLimits && !keys.every(keyLimits.accepts))
        report(quote(print(values)), path, `Map keys must satisfy constraint: [${keyLimits.printed}]`);
      if (valueLimits && !Object.values(values).every((value) => lengthWithin(value, valueLimits)))
        report(
          quote(print(values)),
          path,
          `Map value must satisfy constraint: [Member must have length less than or equal to ${valueLimits.maxLength}, ` +
            `Member must have length greater than or equal to ${valueLimits.minLength}]`,
        );
      for (const key of keys) member.constrain(values[key] as T, `${path}.${key}.member`, report);
    },
    print,
  };
}

export function mapType(memberType: string): string {
  return `java.util.Map<java.lang.String, ${memberType}>`;
}

/** A JSON object where a map belongs. */
export function objectOf(value: JsonValue, type: string, position: Position = 'field'): JsonObject {
  if (Array.isArray(value)) throw serializationError(`Unrecognized collection type ${type}`);
  if (typeof value === 'object' && value !== null) return value;
  throw serializationError(position === 'field' ? 'Unexpected field type' : CAST_FAILURE);
}

interface RequiredMember<T> {
  readonly required: Shape<T>;
}
type Members = Readonly<Record<string, Shape<unknown> | RequiredMember<unknown>>>;
type MemberType<M> = M extends RequiredMember<infer T> ? T : M extends Shape<infer T> ? T : never;
type RequiredNames<M> = { [K in keyof M]: M[K] extends RequiredMember<unknown> ? K : never }[keyof M];

/** The type of what a structure of these members decodes to. */
export type StructureOf<M> = { readonly [K in RequiredNames<M>]: MemberType<M[K]> } & {
  readonly [K in Exclude<keyof M, RequiredNames<M>>]?: MemberType<M[K]>;
};

/** A member whose absence breaks a constraint. */
export function required<T>(shape: Shape<T>): RequiredMember<T> {
  return { required: shape };
}

/** Constraints are reported in the order of `members`. */
export function structure<M extends Members>(name: string, members: M): Shape<StructureOf<M>> {
  const fields = Object.entries(members).map(([member, entry]) => {
    const isRequired = 'required' in entry;
    return { member, name: lowerFirst(member), shape: isRequired ? entry.required : entry, isRequired };
  });
  const javaType = SHAPE_PACKAGE + name;
  return {
    javaType,
    decode(value, position) {
      const json = structOf(value, javaType, position);
      const decoded: Record<string, unknown> = {};
      for (const { member, shape } of fields) {
        const content = Object.hasOwn(json, member) ? json[member] : undefined;
        if (content !== undefined && content !== null) decoded[member] = shape.decode(content, 'field');
      }
      return decoded as StructureOf<M>;
    },
    constrain(value, path, report) {
      const decoded = value as Readonly<Record<string, unknown>>;
      for (const { member, name, shape, isRequired } of fields) {
        const content = decoded[member];
        if (content === undefined && !isRequired) continue;
        const memberPath = path === '' ? name : `${path}.${name}`;
        if (content !== undefined) shape.constrain(content, memberPath, report);
        else report('null', memberPath, 'Member must not be null');
      }
    },
    print(value) {
      const decoded = value as Readonly<Record<string, unknown>>;
      const printed = fields
        .filter(({ member }) => decoded[member] !== undefined)
        .map(({ member, name: printed, shape }) => `${printed}=${shape.print(decoded[member])}`);
      return `${name}(${printed.join(', ')})`;
    },
  };
}

function structOf(value: JsonValue, javaType: string, position: Position): JsonObject {
  if (Array.isArray(value)) throw serializationError(`Unrecognized collection type class ${javaType}`);
  if (typeof value === 'object' && value !== null) return value;
  throw serializationError(
    position === 'field' ? 'Unexpected field type' : 'Unexpected value type in payload',
  );
}

function wrongCollection(value: JsonValue, position: Position): Error {
  if (typeof value === 'object')
    return serializationError('Start of structure or map found where not expected');
  return serializationError(position === 'field' ? 'Unexpected field type' : CAST_FAILURE);
}

function lengthWithin(value: unknown, limits: { minLength: number; maxLength: number }): boolean {
  return Array.isArray(value) && value.length >= limits.minLength && value.length <= limits.maxLength;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
