/** All that patterns ask of one field, so that a value finds the entries it fits without trying each. */
import { unreachable } from '../errors.ts';
import { addressBits } from './address.ts';
import { type Condition, fits, type Scalar } from './condition.ts';
import { makeRangeIndex, type RangeIndex } from './range-index.ts';
import { makeTextIndex, type TextIndex } from './text-index.ts';

export interface FieldIndex<T> {
  add(condition: Condition, entry: T): void;
  /** An entry may be told several times. */
  find(value: Scalar, found: (entry: T) => void): void;
  /** Entries that want the field not to be there. */
  readonly absent: readonly T[];
}

interface Tried<T> {
  readonly condition: Condition;
  readonly entry: T;
}

/** Parts are made when the first condition of their kind comes: most fields have one kind. */
export function makeFieldIndex<T>(): FieldIndex<T> {
  const equal = new Map<Scalar, T[]>();
  const absent: T[] = [];
  const present: T[] = [];
  /** Tried one by one: what is excluded fits nearly always, and `*a*` has no beginning to go by. */
  const others: Tried<T>[] = [];
  let texts: TextParts<T> | undefined;
  let ranges: RangeIndex<T> | undefined;
  let blocks: TextIndex<T> | undefined;

  const add = (condition: Condition, entry: T): void => {
    switch (condition.kind) {
      case 'equals': {
        const known = equal.get(condition.value);
        if (known) known.push(entry);
        else equal.set(condition.value, [entry]);
        return;
      }
      case 'absent':
        absent.push(entry);
        return;
      case 'exists':
        present.push(entry);
        return;
      case 'anything-but':
        others.push({ condition, entry });
        return;
      case 'range':
        ranges ??= makeRangeIndex();
        ranges.add(condition, entry);
        return;
      case 'cidr':
        blocks ??= makeTextIndex('start');
        blocks.add(condition.bits, entry);
        return;
      case 'wildcard':
        texts ??= makeTextParts();
        addWildcard(texts, condition, entry);
        return;
      case 'prefix':
      case 'suffix':
      case 'folded-equals':
      case 'folded-prefix':
      case 'folded-suffix':
        texts ??= makeTextParts();
        texts[condition.kind].add(condition.text, entry);
        return;
      default:
        unreachable(condition);
    }
  };

  const addWildcard = (parts: TextParts<T>, condition: Condition & { kind: 'wildcard' }, entry: T) => {
    const { pieces } = condition.wildcard;
    const [first = ''] = pieces;
    const last = pieces.at(-1) ?? '';
    if (pieces.length === 1) add({ kind: 'equals', value: first }, entry);
    else if (first !== '') parts.wildcardStarts.add(first, { condition, entry });
    else if (last !== '') parts.wildcardEnds.add(last, { condition, entry });
    else others.push({ condition, entry });
  };

  return {
    add,
    absent,
    find(value, found) {
      const equals = equal.get(value);
      if (equals) for (const entry of equals) found(entry);
      for (const entry of present) found(entry);
      for (const { condition, entry } of others) if (fits(condition, value)) found(entry);
      if (typeof value === 'number') ranges?.find(value, found);
      if (typeof value !== 'string') return;
      if (texts) findText(texts, value, found);
      const bits = blocks && addressBits(value);
      if (blocks && bits !== undefined) blocks.find(bits, found);
    },
  };
}

interface TextParts<T> {
  readonly prefix: TextIndex<T>;
  readonly suffix: TextIndex<T>;
  readonly 'folded-equals': TextIndex<T>;
  readonly 'folded-prefix': TextIndex<T>;
  readonly 'folded-suffix': TextIndex<T>;
  readonly wildcardStarts: TextIndex<Tried<T>>;
  readonly wildcardEnds: TextIndex<Tried<T>>;
}

function makeTextParts<T>(): TextParts<T> {
  return {
    prefix: makeTextIndex('start'),
    suffix: makeTextIndex('end'),
    'folded-equals': makeTextIndex('whole'),
    'folded-prefix': makeTextIndex('start'),
    'folded-suffix': makeTextIndex('end'),
    wildcardStarts: makeTextIndex('start'),
    wildcardEnds: makeTextIndex('end'),
  };
}

function findText<T>(parts: TextParts<T>, value: string, found: (entry: T) => void): void {
  const folded = value.toLowerCase();
  const tried = ({ condition, entry }: Tried<T>) => {
    if (fits(condition, value)) found(entry);
  };
  parts.prefix.find(value, found);
  parts.suffix.find(value, found);
  parts['folded-equals'].find(folded, found);
  parts['folded-prefix'].find(folded, found);
  parts['folded-suffix'].find(folded, found);
  parts.wildcardStarts.find(value, tried);
  parts.wildcardEnds.find(value, tried);
}
