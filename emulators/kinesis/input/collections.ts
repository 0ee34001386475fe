/** Lists, maps and structures in an operation's input. */
import type { JsonValue } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import { serialization } from '../errors.ts';
import { checkLength } from './scalars.ts';
import { checkMembers, complaint, type Decoded, decodeMembers, type Members, type Shape } from './shape.ts';

export function structure<M extends Members>(members: M): Shape<Decoded<M> | undefined> {
  return {
    decode(value) {
      if (value === undefined || value === null) return undefined;
      if (Array.isArray(value)) throw serialization('Start of list found where not expected');
      if (!isObject(value)) throw serialization('Expected null');
      return decodeMembers(members, value);
    },
    check(value, path, errors) {
      if (value !== undefined) checkMembers(members, value, `${path}.`, errors);
    },
  };
}

interface ListRules {
  readonly least: number;
  readonly most: number;
  /** How the service shows an item that is a structure. */
  readonly shownAs?: string;
  /** Of texts: how long each may be, told of the list as a whole. */
  readonly itemLengths?: readonly [least: number, most: number];
}

export function list<T>(item: Shape<T | undefined>, rules: ListRules): Shape<readonly T[] | undefined> {
  const { least, most, shownAs, itemLengths } = rules;
  return {
    decode(value) {
      if (value === undefined || value === null) return undefined;
      if (isObject(value)) throw serialization('Start of structure or map found where not expected.');
      if (!Array.isArray(value)) throw serialization('Expected list or null');
      return value.flatMap((one) => item.decode(one) ?? []);
    },
    check(value, path, errors) {
      if (value === undefined) return;
      const shown = `[${value.map((one) => shownAs ?? String(one)).join(', ')}]`;
      checkLength(value.length, shown, path, least, most, errors);
      if (itemLengths && value.some((one) => !within(String(one), itemLengths)))
        errors.push(complaint(shown, path, `Member must satisfy constraint: [${lengthsText(itemLengths)}]`));
      for (const [at, one] of value.entries()) item.check(one, `${path}.${at + 1}.member`, errors);
    },
  };
}

interface MapRules {
  readonly least: number;
  readonly most: number;
}

const KEY_LENGTHS = [1, 128] as const;
const VALUE_LENGTHS = [0, 256] as const;

/** Tags. */
export function textMap(rules: MapRules): Shape<Readonly<Record<string, string>> | undefined> {
  return {
    decode(value) {
      if (value === undefined || value === null) return undefined;
      if (Array.isArray(value)) throw serialization('Start of list found where not expected');
      if (!isObject(value)) throw serialization('Expected map or null');
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tagText(one)]));
    },
    check(value, path, errors) {
      if (value === undefined) return;
      const entries = Object.entries(value);
      const shown = `{${entries.map(([key, one]) => `${key}=${one}`).join(', ')}}`;
      checkLength(entries.length, shown, path, rules.least, rules.most, errors);
      const tell = (what: string, lengths: Lengths) =>
        errors.push(complaint(shown, path, `Map ${what} must satisfy constraint: [${lengthsText(lengths)}]`));
      if (entries.some(([key]) => !within(key, KEY_LENGTHS))) tell('keys', KEY_LENGTHS);
      if (entries.some(([, one]) => !within(one, VALUE_LENGTHS))) tell('value', VALUE_LENGTHS);
    },
  };
}

function tagText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) throw serialization('Start of list found where not expected');
  if (isObject(value)) throw serialization('Start of structure or map found where not expected.');
  const name =
    typeof value === 'boolean'
      ? 'java.lang.Boolean'
      : 'com.amazon.coral.value.json.numbers.TruncatingBigNumber';
  throw serialization(`class ${name} can not be converted to an String`);
}

type Lengths = readonly [least: number, most: number];

const within = ({ length }: string, [least, most]: Lengths) => length >= least && length <= most;

const lengthsText = ([least, most]: Lengths) =>
  `Member must have length less than or equal to ${most}, Member must have length greater than or equal to ${least}`;
