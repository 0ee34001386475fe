/**
 * Items as plain JSON, without losing anything: numbers are written with all their digits, and what JSON has no form for
 * is a map with one key, `{"$binary":"<base64>"}`, `{"$stringSet":[…]}`, `{"$numberSet":[…]}`, `{"$binarySet":[…]}`.
 * A real map of that look is written inside `{"$map":{…}}`. Read besides: `{"$number":"…"}`.
 */
import type { AttributeValue, Item } from '../../emulators/dynamodb/values/attribute-value.ts';
import { BugError } from '../std/errors.ts';
import {
  type ExactJson,
  type ExactMap,
  ExactNumber,
  formatJson,
  isExactList,
  isExactMap,
} from '../std/exact-json.ts';

export type { AttributeValue, Item };

/** An item, or a value in one, is not what it must be. The message is for people and quotes it. */
export class BadItem extends Error {
  override readonly name = 'BadItem';
}

const TAGS = new Set(['$binary', '$stringSet', '$numberSet', '$binarySet', '$number', '$map']);

export function plainItem(item: Item): ExactMap {
  return new Map(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

export function plainValue(value: AttributeValue): ExactJson {
  if ('S' in value) return value.S;
  if ('N' in value) return new ExactNumber(value.N);
  if ('BOOL' in value) return value.BOOL;
  if ('NULL' in value) return null;
  if ('L' in value) return value.L.map(plainValue);
  if ('M' in value) {
    const map = plainItem(value.M);
    return tagOf(map) === undefined ? map : new Map([['$map', map]]);
  }
  if ('B' in value) return new Map([['$binary', value.B]]);
  if ('SS' in value) return new Map([['$stringSet', value.SS]]);
  if ('NS' in value) return new Map([['$numberSet', value.NS.map((text) => new ExactNumber(text))]]);
  if ('BS' in value) return new Map([['$binarySet', value.BS]]);
  throw new BugError(`no attribute value: ${JSON.stringify(value)}`);
}

/** The item that plain JSON stands for. Throws `BadItem`. */
export function typedItem(plain: ExactJson): Item {
  if (!isExactMap(plain)) throw new BadItem(`an item is a map such as {"id":"1"}, found ${quoted(plain)}`);
  return typedMembers(plain, '');
}

/** `at` names the value in messages: `address.lines[0]`. Throws `BadItem`. */
export function typedValue(plain: ExactJson, at: string): AttributeValue {
  if (plain === null) return { NULL: true };
  if (typeof plain === 'boolean') return { BOOL: plain };
  if (typeof plain === 'string') return { S: plain };
  if (plain instanceof ExactNumber) return { N: plain.text };
  if (isExactList(plain)) return { L: plain.map((member, i) => typedValue(member, `${at}[${i}]`)) };
  return typedMap(plain, at);
}

/** For messages; long values are cut. */
export function quoted(plain: ExactJson): string {
  const text = formatJson(plain);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function typedMap(plain: ExactMap, at: string): AttributeValue {
  const tag = tagOf(plain);
  const content = tag === undefined ? undefined : plain.get(tag);
  if (tag === undefined || content === undefined) return { M: typedMembers(plain, at) };
  const wrong = (expected: string) =>
    new BadItem(
      `${at}: ${tag} takes ${expected}, found ${quoted(content)}; a map of that look is {"$map":{…}}`,
    );
  switch (tag) {
    case '$binary':
      return { B: base64Of(content, wrong) };
    case '$number':
      if (typeof content !== 'string') throw wrong('a number as text');
      return { N: content };
    case '$stringSet':
      return { SS: membersOf(content, wrong, (member) => (typeof member === 'string' ? member : undefined)) };
    case '$numberSet':
      return {
        NS: membersOf(content, wrong, (member) => (member instanceof ExactNumber ? member.text : undefined)),
      };
    case '$binarySet':
      return { BS: membersOf(content, wrong, (member) => base64Of(member, wrong)) };
    default:
      if (!isExactMap(content)) throw wrong('a map');
      return { M: typedMembers(content, at) };
  }
}

function typedMembers(plain: ExactMap, at: string): Item {
  const item: Record<string, AttributeValue> = Object.create(null);
  for (const [name, member] of plain) item[name] = typedValue(member, at === '' ? name : `${at}.${name}`);
  return item;
}

/** The tag of a map that has one key, which is a tag. */
function tagOf(map: ExactMap): string | undefined {
  if (map.size !== 1) return undefined;
  for (const key of map.keys()) return TAGS.has(key) ? key : undefined;
  return undefined;
}

type Wrong = (expected: string) => BadItem;

function base64Of(content: ExactJson, wrong: Wrong): string {
  if (typeof content !== 'string' || Buffer.from(content, 'base64').toString('base64') !== content)
    throw wrong('base64');
  return content;
}

function membersOf(
  content: ExactJson,
  wrong: Wrong,
  read: (member: ExactJson) => string | undefined,
): readonly string[] {
  if (!isExactList(content) || content.length === 0) throw wrong('a list of at least one member');
  return content.map((member) => {
    const text = read(member);
    if (text === undefined) throw wrong('a list of members of its type');
    return text;
  });
}
