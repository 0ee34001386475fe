/** Reads items from text: JSON lines, JSON lists, what `aws dynamodb scan` printed, DynamoDB's export form, or CSV. */
import type { JsonObject, JsonValue } from '../model/emulator.ts';
import { SlsError } from '../std/errors.ts';
import { type ExactJson, ExactNumber, isExactList, isExactMap } from '../std/exact-json.ts';
import { JsonSyntaxError, jsonValues, positionAt } from '../std/json-reader.ts';
import { type ItemRules, makeItemCheck } from './data-check.ts';
import { BadCsv, csvRows, itemOfRow } from './data-csv.ts';
import { BadItem, type Item, typedItem } from './data-plain.ts';

export const itemFormats = ['jsonl', 'csv', 'dynamodb-json'] as const;
/** `jsonl`: plain JSON. `dynamodb-json`: with types, `{"Item":{"id":{"S":"1"}}}`. */
export type ItemFormat = (typeof itemFormats)[number];

export interface ItemText {
  readonly text: string;
  /** Absolute path; absent = standard input or the command line, which `from` names. */
  readonly file?: string;
  /** `standard input`, for messages. */
  readonly from: string;
  /** `json`: either form of JSON. Absent = found out by looking. */
  readonly format?: ItemFormat | 'json';
}

interface Read {
  readonly item: Item;
  readonly offset: number;
}

/**
 * Every item, checked against the table's rules; read lazily. Throws `SlsError` `bad-item` with file, line and column at
 * the first that is wrong.
 */
export function* readItems(source: ItemText, rules: ItemRules): Generator<Item> {
  const check = makeItemCheck(rules);
  for (const { item, offset } of rawItems(source, rules)) {
    try {
      yield check(item);
    } catch (failure) {
      throw failure instanceof BadItem ? placed(failure.message, source, offset) : failure;
    }
  }
}

/** Reads all of it once without keeping it. Answers how many items there are; throws as `readItems`. */
export function countItems(source: ItemText, rules: ItemRules): number {
  let count = 0;
  for (const _ of readItems(source, rules)) count++;
  return count;
}

/** Where an item of the source stands: `line 3`. */
function placed(reason: string, { text, file, from }: ItemText, offset: number): SlsError {
  const { line, column } = positionAt(text, offset);
  if (file !== undefined) return new SlsError('bad-item', reason, { file, line, column });
  return new SlsError('bad-item', `${from}, line ${line}, column ${column}: ${reason}`);
}

function* rawItems(source: ItemText, rules: ItemRules): Generator<Read> {
  const format = source.format ?? guessFormat(source);
  let offset = 0;
  try {
    for (const read of format === 'csv'
      ? csvItems(source.text, rules)
      : jsonItems(source.text, format, rules)) {
      offset = read.offset;
      yield { item: read.item(), offset };
    }
  } catch (failure) {
    if (failure instanceof BadItem) throw placed(failure.message, source, offset);
    if (failure instanceof JsonSyntaxError)
      throw placed(`this is not JSON: ${failure.reason}`, source, failure.offset);
    throw failure instanceof BadCsv ? placed(failure.message, source, failure.offset) : failure;
  }
}

/** The item is made after its place is known. */
interface Found {
  readonly offset: number;
  item(): Item;
}

function guessFormat({ text, file = '' }: ItemText): 'csv' | 'json' {
  if (/\.csv$/i.test(file)) return 'csv';
  return /^\uFEFF?\s*([[{]|$)/.test(text) || /\.(json|jsonl|ndjson)$/i.test(file) ? 'json' : 'csv';
}

function* csvItems(text: string, rules: ItemRules): Generator<Found> {
  let columns: readonly string[] | undefined;
  for (const { cells, offset } of csvRows(text)) {
    if (columns) {
      const named = columns;
      yield { offset, item: () => itemOfRow(named, cells, rules) };
      continue;
    }
    columns = cells;
    const twice = cells.find((name, i) => cells.indexOf(name) < i);
    if (twice !== undefined)
      throw new BadCsv(`the attribute "${twice}" is named twice in the first row`, offset);
    if (cells.includes('')) throw new BadCsv('a cell of the first row names no attribute', offset);
  }
}

function* jsonItems(
  text: string,
  format: Exclude<ItemText['format'], 'csv' | undefined>,
  rules: ItemRules,
): Generator<Found> {
  for (const { value, offset } of jsonValues(text)) {
    for (const { item, typed } of unwrapped(value, rules)) {
      const isTyped = format === 'json' ? typed || hasTypedKey(item, rules) : format === 'dynamodb-json';
      yield { offset, item: () => (isTyped ? rawTyped(item) : typedItem(item)) };
    }
  }
}

interface Wrapped {
  readonly item: ExactJson;
  readonly typed: boolean;
}

/** The export form, a scan's or a query's answer, a BatchWriteItem request; else the value is an item itself. */
function unwrapped(value: ExactJson, { name, key }: ItemRules): Wrapped[] {
  const itself = [{ item: value, typed: false }];
  if (!isExactMap(value) || value.has(key.hash)) return itself;
  const item = value.get('Item');
  if (isExactMap(item)) return [{ item, typed: true }];
  const items = value.get('Items');
  if (isExactList(items) && value.has('Count')) return items.map((each) => ({ item: each, typed: true }));
  const requests = value.get(name);
  if (!isExactList(requests) || value.size > 1) return itself;
  return requests.map((request) => {
    const put = isExactMap(request) ? request.get('PutRequest') : undefined;
    return { item: (isExactMap(put) ? put.get('Item') : undefined) ?? request, typed: true };
  });
}

/** A plain key is a text, a number or `{"$binary":…}`; so an item with types shows itself by its key. */
function hasTypedKey(item: ExactJson, { key }: ItemRules): boolean {
  const value = isExactMap(item) ? item.get(key.hash) : undefined;
  return isExactMap(value) && value.size === 1 && [...value.keys()].every((type) => /^[SNB]$/.test(type));
}

function rawTyped(item: ExactJson): Item {
  const json = jsonOf(item);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new BadItem('an item in DynamoDB JSON is a map such as {"id":{"S":"1"}}');
  return json as JsonObject as Item;
}

/** As `JSON.parse` gives it. */
function jsonOf(value: ExactJson): JsonValue {
  if (value instanceof ExactNumber) return Number(value.text);
  if (isExactList(value)) return value.map(jsonOf);
  if (!isExactMap(value)) return value;
  const json: JsonObject = Object.create(null);
  for (const [key, member] of value) json[key] = jsonOf(member);
  return json;
}
