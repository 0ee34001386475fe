/** WHERE → the alternatives it leaves open, each with one value of the hash key. */
import type { KeySchema } from '../../../src/model/resources.ts';
import { validationError } from '../errors.ts';
import type { Condition } from '../expressions/condition.ts';
import { attributeNameOf, isNested } from '../expressions/path.ts';
import type { RangeCondition } from '../keys/range-condition.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { equalValues } from '../values/compare.ts';
import { testOf } from './key-equalities.ts';

/** Everything in it must be true. */
export interface Branch {
  readonly hash: AttributeValue | undefined;
  /** What is asked of the range key in ways a query can serve. */
  readonly ranges: readonly RangeCondition[];
  readonly filters: readonly Condition[];
}

const open: Branch = { hash: undefined, ranges: [], filters: [] };
/** Far beyond what the service reads for one statement. */
const MAX_BRANCHES = 1000;

/** Does every alternative name a value of the hash key? If not, the statement is a scan. */
export function pinsHash(where: Condition | undefined, hash: string): boolean {
  switch (where?.kind) {
    case 'and':
      return where.conditions.some((part) => pinsHash(part, hash));
    case 'or':
      return where.conditions.length > 0 && where.conditions.every((part) => pinsHash(part, hash));
    case 'in':
      return valuesOfIn(where, hash) !== undefined;
    case 'compare': {
      const test = testOf(where);
      return test?.comparator === '=' && test.name === hash;
    }
    default:
      return false;
  }
}

/** Alternatives that contradict themselves are left out. Throws when there are too many. */
export function branchesOf(where: Condition, key: KeySchema): readonly Branch[] {
  switch (where.kind) {
    case 'and': {
      let branches: readonly Branch[] = [open];
      for (const part of where.conditions) branches = crossed(branches, branchesOf(part, key));
      return branches;
    }
    case 'or':
      return narrowsKey(where, key)
        ? limited(where.conditions.flatMap((part) => branchesOf(part, key)))
        : [filtered(where)];
    case 'in': {
      const name = where.operand.kind === 'path' ? attributeNameOf(where.operand.path) : '';
      const values = valuesOfIn(where, key.hash) ?? valuesOfIn(where, key.range);
      return values ? values.map((value) => keyed(name, '=', value, key, where)) : [filtered(where)];
    }
    case 'compare': {
      const test = testOf(where);
      return [test ? keyed(test.name, test.comparator, test.value, key, where) : filtered(where)];
    }
    case 'between':
    case 'begins_with': {
      const range = rangeOf(where, key);
      return [range ? { ...open, ranges: [range] } : filtered(where)];
    }
    default:
      return [filtered(where)];
  }
}

function filtered(condition: Condition): Branch {
  return { ...open, filters: [condition] };
}

function keyed(
  name: string,
  operator: string,
  value: AttributeValue,
  key: KeySchema,
  condition: Condition,
): Branch {
  if (name === key.hash && operator === '=') return { ...open, hash: value };
  if (name !== key.range) return filtered(condition);
  if (operator === '=' || operator === '<' || operator === '<=' || operator === '>' || operator === '>=')
    return { ...open, ranges: [{ operator, value }] };
  return filtered(condition);
}

/** What BETWEEN or begins_with asks of the range key; undefined where they are about something else. */
function rangeOf(condition: Condition, { range }: KeySchema): RangeCondition | undefined {
  if (condition.kind !== 'between' && condition.kind !== 'begins_with') return undefined;
  const { operand } = condition;
  if (operand.kind !== 'path' || isNested(operand.path) || operand.path[0] !== range) return undefined;
  if ('argument' in condition) {
    const { argument } = condition;
    return argument.kind === 'value' ? { operator: 'begins_with', value: argument.value } : undefined;
  }
  const { low, high } = condition;
  if (low.kind !== 'value' || high.kind !== 'value') return undefined;
  return { operator: 'BETWEEN', low: low.value, high: high.value };
}

/** The values an attribute may have; undefined for an IN that is about something else. */
function valuesOfIn(
  { operand, options }: Condition & { kind: 'in' },
  name: string | undefined,
): readonly AttributeValue[] | undefined {
  if (operand.kind !== 'path' || isNested(operand.path) || operand.path[0] !== name) return undefined;
  const values = options.flatMap((option) => (option.kind === 'value' ? [option.value] : []));
  return values.length === options.length ? values : undefined;
}

/** Does it say something of the key that a query can be made of? Other alternatives are left to the filter. */
function narrowsKey(condition: Condition, key: KeySchema): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.some((part) => narrowsKey(part, key));
    case 'in':
      return (valuesOfIn(condition, key.hash) ?? valuesOfIn(condition, key.range)) !== undefined;
    case 'compare':
    case 'between':
    case 'begins_with':
      return branchesOf(condition, key).some(({ filters }) => filters.length === 0);
    default:
      return false;
  }
}

function crossed(left: readonly Branch[], right: readonly Branch[]): readonly Branch[] {
  const both: Branch[] = [];
  for (const a of left)
    for (const b of right) {
      if (a.hash && b.hash && !equalValues(a.hash, b.hash)) continue;
      both.push({
        hash: a.hash ?? b.hash,
        ranges: [...a.ranges, ...b.ranges],
        filters: [...a.filters, ...b.filters],
      });
      limited(both);
    }
  return both;
}

function limited(branches: readonly Branch[]): readonly Branch[] {
  if (branches.length > MAX_BRANCHES) throw tooManyReads();
  return branches;
}

export function tooManyReads() {
  return validationError('Too many decomposed read operations for a given query.');
}
