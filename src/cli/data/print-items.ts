/** Prints items: a table for people, or one JSON object a line. */
import { type AttributeValue, type Item, plainItem, plainValue } from '../../app/data-plain.ts';
import { keyNames } from '../../app/data-tables.ts';
import type { KeySchema } from '../../model/resources.ts';
import { formatJson } from '../../std/exact-json.ts';
import { paint } from '../colours.ts';
import { type Layout, layOut } from './columns.ts';
import { say } from './tables.ts';

export interface ItemOutput {
  readonly json: boolean;
  readonly dynamodbJson: boolean;
}

/** Cells in a file or a pipe are cut late, for the sake of the others' alignment. */
const WIDEST_PIPED = 200;

/** `lead`: keys whose attributes come first. */
export function printItems(items: readonly Item[], lead: readonly KeySchema[], output: ItemOutput): void {
  if (output.json || output.dynamodbJson) {
    for (const item of items) process.stdout.write(`${itemText(item, output)}\n`);
    return;
  }
  if (items.length === 0) return;
  const { lines, leftOut } = itemTable(items, lead, process.stdout.columns);
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (leftOut.length > 0) say(`no room for ${leftOut.join(', ')}; all of it: --json`);
}

/** On one line, or with `indent` blanks a level. */
export function itemText(item: Item, { dynamodbJson }: Pick<ItemOutput, 'dynamodbJson'>, indent = 0): string {
  return dynamodbJson ? JSON.stringify(item, null, indent) : formatJson(plainItem(item), indent);
}

function itemTable(items: readonly Item[], lead: readonly KeySchema[], width: number | undefined): Layout {
  const names = columnsOf(items, lead);
  const keys = new Set(lead.flatMap(keyNames));
  const columns = names.map((name) => ({
    title: name,
    align: isNumeric(items, name) ? ('right' as const) : ('left' as const),
    whole: keys.has(name),
    paint: keys.has(name) ? paint.bold : paint.dim,
  }));
  const rows = items.map((item) =>
    names.map((name) => {
      const value = attributeAt(item, name);
      const cell = value ? cellOf(value) : '';
      return width === undefined && cell.length > WIDEST_PIPED ? `${cell.slice(0, WIDEST_PIPED - 1)}…` : cell;
    }),
  );
  return layOut(columns, rows, width ?? Number.MAX_SAFE_INTEGER);
}

/** The keys first, then the other attributes as they come up. */
export function columnsOf(items: Iterable<Item>, lead: readonly KeySchema[]): string[] {
  const names = new Set(lead.flatMap(keyNames));
  for (const item of items) for (const name of Object.keys(item)) names.add(name);
  return [...names];
}

/** Text without quotes; other values as plain JSON. */
function cellOf(value: AttributeValue): string {
  return 'S' in value ? value.S : formatJson(plainValue(value));
}

function isNumeric(items: readonly Item[], name: string): boolean {
  const values = items.flatMap((item) => attributeAt(item, name) ?? []);
  return values.length > 0 && values.every((value) => 'N' in value);
}

function attributeAt(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The key of an item as `--after` and the other commands take it. */
export function keyArgument(item: Item, keys: readonly KeySchema[]): string {
  const names = new Set(keys.flatMap(keyNames));
  const key = Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
  return `'${formatJson(plainItem(key)).replaceAll("'", "'\\''")}'`;
}

/** `1.2 KB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
