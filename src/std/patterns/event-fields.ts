/** An event as the fields patterns ask for: by path, each value with the list elements it stands in. */
import type { JsonValue } from '../../model/emulator.ts';
import { isRecord } from '../../model/json.ts';
import type { Clause, Condition, Scalar } from './condition.ts';
import { fits } from './condition.ts';

export interface FieldValue {
  readonly value: Scalar;
  /** Lists by number and which of their elements it is in: list, element, list, element, …; absent = in none. */
  readonly within?: readonly number[];
}

export interface EventFields {
  readonly values: ReadonlyMap<string, readonly FieldValue[]>;
  /** Two fields may stand in different elements of one list, and then are no match together. */
  readonly hasElements: boolean;
}

/** Which paths are of interest; the rest of an event is not looked at. */
export interface PathFilter {
  /** The field itself. */
  wants(path: string): boolean;
  /** Something below it. */
  wantsBelow(path: string): boolean;
}

export function fieldsOf(event: JsonValue, filter: PathFilter): EventFields {
  const values = new Map<string, FieldValue[]>();
  let lists = 0;
  let hasElements = false;

  const add = (path: string, value: JsonValue, within: readonly number[] | undefined): void => {
    if (Array.isArray(value)) {
      const list = lists++;
      for (const [index, element] of value.entries()) {
        const isScalar = element === null || typeof element !== 'object';
        add(path, element, isScalar ? within : [...(within ?? []), list, index]);
      }
      return;
    }
    if (value !== null && typeof value === 'object') {
      if (path === '' || filter.wantsBelow(path))
        for (const key in value) {
          const inner = value[key];
          if (inner !== undefined) add(path === '' ? key : `${path}.${key}`, inner, within);
        }
      return;
    }
    if (!filter.wants(path)) return;
    if (within) hasElements = true;
    const known = values.get(path);
    const found = within ? { value, within } : { value };
    if (known) known.push(found);
    else values.set(path, [found]);
  };

  if (isRecord(event)) add('', event, undefined);
  return { values, hasElements };
}

/**
 * Whether all conditions hold, with values that can stand together. The clause is in the order of its paths: what is wanted
 * not to be there is looked for beside what came before it, as in aws/event-ruler.
 */
export function holds(
  clause: Clause,
  fields: EventFields,
  from = 0,
  within: readonly number[] = [],
): boolean {
  const field = clause[from];
  if (!field) return true;
  const all = fields.values.get(field.path) ?? [];
  const values = within.length === 0 ? all : all.filter((one) => !one.within || agree(within, one.within));
  if (values.length === 0) return field.any.some(isAbsence) && holds(clause, fields, from + 1, within);
  return values.some(
    ({ value, within: its }) =>
      field.any.some((one) => fits(one, value)) &&
      holds(clause, fields, from + 1, its ? [...within, ...its] : within),
  );
}

function isAbsence({ kind }: Condition): boolean {
  return kind === 'absent';
}

function agree(one: readonly number[], other: readonly number[]): boolean {
  for (let i = 0; i < one.length; i += 2)
    for (let j = 0; j < other.length; j += 2)
      if (one[i] === other[j] && one[i + 1] !== other[j + 1]) return false;
  return true;
}
