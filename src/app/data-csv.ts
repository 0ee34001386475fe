/**
 * Items as CSV: a row of attribute names, then one row an item. An empty cell is an attribute the item does not have. Cells of
 * the table's key hold their text, number or base64 as it is. In any other cell text is written as it is, and the rest as plain
 * JSON: `12`, `true`, `null`, `[1,2]`, `{"$stringSet":["a"]}`; so text that would be read as one of those is in JSON's quotes.
 */
import { attributeOf } from '../../emulators/dynamodb/values/attribute-value.ts';
import type { AttributeType, KeySchema } from '../model/resources.ts';
import { type ExactJson, formatJson } from '../std/exact-json.ts';
import { parseExactJson } from '../std/json-reader.ts';
import { type AttributeValue, BadItem, type Item, plainValue, typedValue } from './data-plain.ts';

/** The key of the table, and the types of its and its indexes' key attributes. */
export interface CsvKeys {
  readonly key: KeySchema;
  readonly types: Readonly<Record<string, AttributeType>>;
}

/** One record of a CSV file. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** Where it begins in the text, from 0. */
  readonly offset: number;
}

/** Reads RFC 4180: quotes around cells with commas, quotes and line ends. Blank lines are left out. Throws `BadCsv`. */
export function* csvRows(text: string): Generator<CsvRow> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const offset = at;
    const cells: string[] = [];
    for (;;) {
      const cell = readCell(text, at);
      cells.push(cell.value);
      at = cell.end;
      if (text[at] !== ',') break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (at < text.length && text[at] !== '\n') throw new BadCsv('a cell goes on after its closing quote', at);
    at++;
    if (cells.length > 1 || cells[0] !== '') yield { cells, offset };
  }
}

export class BadCsv extends Error {
  override readonly name = 'BadCsv';
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}

const BARE = /[^,\r\n]*(?:\r(?!\n)[^,\r\n]*)*/y;

function readCell(text: string, at: number): { readonly value: string; readonly end: number } {
  if (text[at] !== '"') {
    BARE.lastIndex = at;
    const value = BARE.exec(text)?.[0] ?? '';
    return { value, end: at + value.length };
  }
  let end = text.indexOf('"', at + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0) throw new BadCsv('a cell has no closing quote', at);
  return { value: text.slice(at + 1, end).replaceAll('""', '"'), end: end + 1 };
}

/** The item of a row. Throws `BadItem`. */
export function itemOfRow(columns: readonly string[], cells: readonly string[], keys: CsvKeys): Item {
  if (cells.length > columns.length)
    throw new BadItem(`the row has ${cells.length} cells, the first row names ${columns.length} attributes`);
  const item: Record<string, AttributeValue> = Object.create(null);
  columns.forEach((name, i) => {
    const cell = cells[i] ?? '';
    if (cell !== '') item[name] = valueOfCell(name, cell, keys);
  });
  return item;
}

export function rowOfItem(columns: readonly string[], item: Item, keys: CsvKeys): string {
  return rowOf(
    columns.map((name) => {
      const value = attributeOf(item, name);
      return value ? cellOf(value, isKey(name, keys)) : '';
    }),
  );
}

export function rowOf(cells: readonly string[]): string {
  // A row of one empty cell would be a blank line.
  if (cells.length === 1 && cells[0] === '') return '""\n';
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** An index's key attribute of another type would be refused, so text that looks like a number is taken as text there. */
function valueOfCell(name: string, cell: string, keys: CsvKeys): AttributeValue {
  const type = Object.hasOwn(keys.types, name) ? keys.types[name] : undefined;
  if (type && isKey(name, keys)) return ofType(type, cell, name);
  const json = jsonOf(cell);
  const value = typedValue(json === undefined ? cell : json, name);
  return type === undefined || type in value ? value : ofType(type, cell, name);
}

function ofType(type: AttributeType, cell: string, name: string): AttributeValue {
  if (type === 'N') {
    if (!NUMBER.test(cell)) throw new BadItem(`"${name}" must be a number, found "${cell}"`);
    return { N: cell };
  }
  return type === 'B' ? { B: cell } : { S: cell };
}

/** Undefined for what does not look like JSON, or does and is none. */
function jsonOf(cell: string): ExactJson | undefined {
  if (!/^\s*["[{\d\-tfn]/.test(cell)) return undefined;
  try {
    return parseExactJson(cell);
  } catch {
    return undefined;
  }
}

function cellOf(value: AttributeValue, isKey: boolean): string {
  if ('S' in value && (isKey || (value.S !== '' && jsonOf(value.S) === undefined))) return value.S;
  return isKey && 'B' in value ? value.B : formatJson(plainValue(value));
}

function isKey(name: string, { key }: CsvKeys): boolean {
  return name === key.hash || name === key.range;
}
