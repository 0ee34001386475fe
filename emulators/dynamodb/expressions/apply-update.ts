/** Item + update → updated item. Every value is computed from the item as it was before. */
import { unreachable } from '../../../src/std/errors.ts';
import { validationError } from '../errors.ts';
import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import { addDecimals, formatDecimal, negate, parseDecimal } from '../values/decimal.ts';
import { sortedBinaries, sortedNumbers, sortedTexts } from '../values/validate-value.ts';
import { type Path, valueAt } from './path.ts';
import type { Update, UpdateAction, UpdateValue } from './update.ts';

/** What the service says when an operand has the wrong type; the legacy parameter has a text of its own. */
export type WrongOperand = () => Error;

export const wrongExpressionOperand: WrongOperand = () =>
  validationError('An operand in the update expression has an incorrect data type');

/** `item` is not touched. Throws the service's ValidationException for an update this item does not allow. */
export function applyUpdate(item: Item, update: Update, wrongOperand = wrongExpressionOperand): Item {
  const writes: { path: Path; value: AttributeValue }[] = [];
  const removals: Path[] = [];
  for (const action of update) {
    const value = resultOf(item, action, wrongOperand);
    if (value) writes.push({ path: action.path, value });
    else removals.push(action.path);
  }
  let updated = item;
  // Ascending, so that list members behind the end are appended in order of position …
  for (const { path, value } of writes.sort((a, b) => comparePaths(a.path, b.path)))
    updated = withValue(updated, path, value);
  // … and removals descending, so that the positions before them stay what they were.
  for (const path of removals.sort((a, b) => comparePaths(b, a))) {
    // A position that was not there before may be that of a member just appended.
    const wasThere = valueAt(item, path) !== undefined;
    const removed = withoutValue(wasThere ? updated : item, path);
    if (wasThere) updated = removed;
  }
  return updated;
}

/** Undefined: the attribute is removed. */
function resultOf(item: Item, action: UpdateAction, wrongOperand: WrongOperand): AttributeValue | undefined {
  switch (action.section) {
    case 'SET':
      return evaluate(item, action.value, wrongOperand);
    case 'REMOVE':
      return undefined;
    case 'ADD':
      return added(valueAt(item, action.path), action.value, wrongOperand);
    case 'DELETE':
      return subtracted(valueAt(item, action.path), action.value, wrongOperand);
    default:
      return unreachable(action);
  }
}

function evaluate(item: Item, value: UpdateValue, wrongOperand: WrongOperand): AttributeValue {
  switch (value.kind) {
    case 'value':
      return value.value;
    case 'path':
      return existing(valueAt(item, value.path));
    case 'if_not_exists':
      return valueAt(item, value.path) ?? evaluate(item, value.otherwise, wrongOperand);
    case 'list_append': {
      const head = evaluate(item, value.head, wrongOperand);
      const tail = evaluate(item, value.tail, wrongOperand);
      if (!('L' in head && 'L' in tail)) throw wrongOperand();
      return { L: [...head.L, ...tail.L] };
    }
    case 'arithmetic': {
      const left = evaluate(item, value.left, wrongOperand);
      const right = evaluate(item, value.right, wrongOperand);
      if (!('N' in left && 'N' in right)) throw wrongOperand();
      return sum(left.N, right.N, value.operator);
    }
    default:
      return unreachable(value);
  }
}

function existing(value: AttributeValue | undefined): AttributeValue {
  if (value) return value;
  throw validationError('The provided expression refers to an attribute that does not exist in the item');
}

function sum(left: string, right: string, operator: '+' | '-'): AttributeValue {
  const second = parseDecimal(right);
  return {
    N: formatDecimal(addDecimals(parseDecimal(left), operator === '+' ? second : negate(second))),
  };
}

function added(
  present: AttributeValue | undefined,
  value: AttributeValue,
  wrongOperand: WrongOperand,
): AttributeValue {
  if (!present) return value;
  if ('N' in present && 'N' in value) return sum(present.N, value.N, '+');
  if ('SS' in present && 'SS' in value) return { SS: sortedTexts(union(present.SS, value.SS)) };
  if ('NS' in present && 'NS' in value) return { NS: sortedNumbers(union(present.NS, value.NS)) };
  if ('BS' in present && 'BS' in value) return { BS: sortedBinaries(union(present.BS, value.BS)) };
  // Only the legacy parameter lets a list come here.
  if ('L' in present && 'L' in value) return { L: [...present.L, ...value.L] };
  throw wrongOperand();
}

function subtracted(
  present: AttributeValue | undefined,
  value: AttributeValue,
  wrongOperand: WrongOperand,
): AttributeValue | undefined {
  if (!present) return undefined;
  if ('SS' in present && 'SS' in value) return setOrNothing('SS', difference(present.SS, value.SS));
  if ('NS' in present && 'NS' in value) return setOrNothing('NS', difference(present.NS, value.NS));
  if ('BS' in present && 'BS' in value) return setOrNothing('BS', difference(present.BS, value.BS));
  throw wrongOperand();
}

function setOrNothing(type: 'SS' | 'NS' | 'BS', members: readonly string[]): AttributeValue | undefined {
  if (members.length === 0) return undefined;
  if (type === 'SS') return { SS: members };
  return type === 'NS' ? { NS: members } : { BS: members };
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}

function difference(a: readonly string[], b: readonly string[]): readonly string[] {
  const taken = new Set(b);
  return a.filter((member) => !taken.has(member));
}

function comparePaths(a: Path, b: Path): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a[i] ?? '';
    const y = b[i] ?? '';
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return a.length - b.length;
}

type Change = (present: AttributeValue | undefined) => AttributeValue | undefined;

function withValue(item: Item, path: Path, value: AttributeValue): Item {
  return changeMap(item, path, 0, () => value);
}

function withoutValue(item: Item, path: Path): Item {
  return changeMap(item, path, 0, () => undefined);
}

function changeMap(members: Item, path: Path, depth: number, change: Change): Item {
  const name = String(path[depth]);
  const present = attributeOf(members, name);
  const changed = changeChild(present, path, depth, change);
  if (changed === present) return members;
  // A computed key in a literal defines an own property whatever the name, and one that is there keeps its place.
  return changed ? { ...members, [name]: changed } : without(members, name);
}

function without(members: Item, name: string): Item {
  const { [name]: _, ...others } = members;
  return others;
}

function changeList(
  members: readonly AttributeValue[],
  path: Path,
  depth: number,
  change: Change,
): readonly AttributeValue[] {
  const position = Number(path[depth]);
  const changed = changeChild(members[position], path, depth, change);
  if (position >= members.length) return changed ? [...members, changed] : members;
  return changed ? members.with(position, changed) : members.toSpliced(position, 1);
}

/** The value behind step `depth` after the change further down. */
function changeChild(
  present: AttributeValue | undefined,
  path: Path,
  depth: number,
  change: Change,
): AttributeValue | undefined {
  if (depth === path.length - 1) return change(present);
  const step = path[depth + 1];
  if (present && typeof step === 'number' && 'L' in present)
    return { L: changeList(present.L, path, depth + 1, change) };
  if (present && typeof step === 'string' && 'M' in present)
    return { M: changeMap(present.M, path, depth + 1, change) };
  throw validationError('The document path provided in the update expression is invalid for update');
}
