/** Reads the key of an item as people write it: `1`, `customer=ann at=5`, or `{"id":"1"}`. */
import { BadItem, type Item, plainValue, quoted, typedItem } from '../../app/data-plain.ts';
import { keyNames, keyText, type TableShape, typeWord } from '../../app/data-tables.ts';
import type { AttributeType } from '../../model/resources.ts';
import { SlsError } from '../../std/errors.ts';
import { JsonSyntaxError, parseExactJson } from '../../std/json-reader.ts';

type Keyed = Pick<TableShape, 'name' | 'key' | 'types'>;

/** `words`: `NAME=VALUE` of key attributes, or their values alone in the key's order; or one JSON map. Throws `SlsError` `bad-key`. */
export function parseKey(words: readonly string[], table: Keyed): Item {
  const [first] = words;
  if (first === undefined) throw wrongKey('no key is given', table);
  if (words.length === 1 && first.trimStart().startsWith('{')) return keyOfJson(first, table);
  return keyOfWords(words, table);
}

/** An attribute's value from a word of the command line: no quotes around texts. Throws `SlsError` `bad-key`. */
export function keyValue(name: string, word: string, table: Keyed): Item[string] {
  const type = table.types[name] ?? 'S';
  if (!fits(word, type))
    throw new SlsError(
      'bad-key',
      `"${name}" must be a ${typeWord(type)}, found "${word}"; the key of ${table.name} is ${keyText(table.key, table.types)}`,
    );
  if (type === 'N') return { N: word };
  return type === 'B' ? { B: word } : { S: word };
}

function wrongKey(reason: string, { name, key, types }: Keyed): SlsError {
  const form = keyNames(key)
    .map((each) => `${each}=…`)
    .join(' ');
  return new SlsError('bad-key', `${reason}; the key of ${name} is ${keyText(key, types)}`, {
    hint: `write ${form}, or --key '{${keyNames(key)
      .map((each) => `"${each}":…`)
      .join(',')}}'`,
  });
}

function keyOfWords(words: readonly string[], table: Keyed): Item {
  const names = keyNames(table.key);
  const given = new Map<string, string>();
  const bare: string[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    const name = word.slice(0, Math.max(0, at));
    if (at > 0 && names.includes(name)) {
      if (given.has(name)) throw wrongKey(`"${name}" is given twice`, table);
      given.set(name, word.slice(at + 1));
    } else bare.push(word);
  }
  for (const name of names) {
    const next = given.has(name) ? undefined : bare.shift();
    if (next !== undefined) given.set(name, next);
  }
  const [extra] = bare;
  if (extra !== undefined) throw wrongKey(`"${extra}" is no part of the key`, table);
  return Object.fromEntries(
    names.map((name) => {
      const word = given.get(name);
      if (word === undefined) throw wrongKey(`"${name}" is not given`, table);
      return [name, keyValue(name, word, table)];
    }),
  );
}

function keyOfJson(text: string, table: Keyed): Item {
  const item = readJson(text, table);
  const names = keyNames(table.key);
  for (const [name, value] of Object.entries(item)) {
    const type = table.types[name] ?? 'S';
    if (!names.includes(name)) throw wrongKey(`"${name}" is no part of the key`, table);
    if (!(type in value))
      throw wrongKey(`"${name}" must be a ${typeWord(type)}, found ${quoted(plainValue(value))}`, table);
  }
  const missing = names.find((name) => !Object.hasOwn(item, name));
  if (missing !== undefined) throw wrongKey(`"${missing}" is not given`, table);
  return item;
}

function readJson(text: string, table: Keyed): Item {
  try {
    return typedItem(parseExactJson(text));
  } catch (failure) {
    if (failure instanceof BadItem) throw wrongKey(failure.message, table);
    if (!(failure instanceof JsonSyntaxError)) throw failure;
    throw wrongKey(`the key is not JSON: ${failure.reason} at character ${failure.offset + 1}`, table);
  }
}

function fits(word: string, type: AttributeType): boolean {
  if (type === 'N') return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(word);
  return type === 'S' || (word !== '' && Buffer.from(word, 'base64').toString('base64') === word);
}
