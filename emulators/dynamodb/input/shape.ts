/** What a member of a request may be: its JSON type, its constraints, and how the service prints it. */
import type { JsonValue } from '../../../src/model/emulator.ts';
import { validationError } from '../errors.ts';

/** Where a value stands; the service words the wrong type of a list member differently from that of a field. */
export type Position = 'field' | 'element';

export interface Shape<T> {
  /** The Java class in the service's messages. */
  readonly javaType: string;
  /** Without unknown members and nulls. Throws the service's SerializationException for a wrong JSON type. */
  decode(value: JsonValue, position: Position): T;
  /** Reports every broken constraint of a decoded value. */
  constrain(value: T, path: string, report: Report): void;
  /** As Java's toString would. */
  print(value: T): string;
}

export type TypeOf<S> = S extends Shape<infer T> ? T : never;

export type Report = (printed: string, path: string, constraint: string, newer?: NewerReport) => void;

/** How the newer layer reports a broken constraint, where the older one has none to report but enums: in the list, or alone by a whole message. */
export type NewerReport = { readonly listed: string } | { readonly alone: string };

/** The service names at most this many broken constraints. */
const MAX_REPORTED = 10;

/** Throws one ValidationException that names what is wrong. */
export function assertConstraints<T>(shape: Shape<T>, value: T): void {
  let broken: Broken[] | undefined;
  shape.constrain(value, '', (printed, path, constraint, newer) => {
    broken ??= [];
    const older = `Value ${printed} at '${path}' failed to satisfy constraint: ${constraint}`;
    broken.push({ older, newer, isEnum: constraint.startsWith(ENUM) });
  });
  if (broken) throw validationError(messageOf(broken));
}

interface Broken {
  readonly older: string;
  readonly newer: NewerReport | undefined;
  readonly isEnum: boolean;
}

function messageOf(broken: readonly Broken[]): string {
  if (broken.some(({ newer, isEnum }) => !newer && !isEnum))
    return reportOf(broken.map(({ older }) => older));
  for (const { newer } of broken) if (newer && 'alone' in newer) return newer.alone;
  return reportOf(broken.map(({ older, newer }) => (newer && 'listed' in newer ? newer.listed : older)));
}

export const ENUM = 'Member must satisfy enum value set';

/** The shape with what the newer layer says of a broken constraint; undefined = the same as the older one. */
export function reworded<T>(
  shape: Shape<T>,
  newer: (constraint: string, path: string) => NewerReport | undefined,
): Shape<T> {
  return {
    ...shape,
    constrain: (value, path, report) =>
      shape.constrain(value, path, (printed, at, constraint, known) =>
        report(printed, at, constraint, known ?? newer(constraint, at)),
      ),
  };
}

function reportOf(broken: readonly string[]): string {
  const reported = broken.slice(0, MAX_REPORTED);
  const noun = reported.length === 1 ? 'validation error' : 'validation errors';
  return `${reported.length} ${noun} detected: ${reported.join('; ')}`;
}

/** `'a'`, or `null` where a required member is absent. */
export function quote(printed: string): string {
  return `'${printed}'`;
}

/** How the service calls a JSON scalar that stands where another type belongs. */
export function tokenOf(value: string | number | boolean): string {
  if (typeof value === 'string') return 'STRING_VALUE';
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
}
