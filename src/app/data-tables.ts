/** What tables there are and how they are keyed, as the service describes them. */
import type { JsonObject, JsonValue } from '../model/emulator.ts';
import type { AttributeType, KeySchema } from '../model/resources.ts';
import { SlsError } from '../std/errors.ts';
import { keyOfNames, namesOf } from '../std/key-names.ts';
import { type TableCall, TableRefusal } from './data-call.ts';

export interface IndexShape {
  readonly name: string;
  readonly kind: 'global' | 'local';
  readonly key: KeySchema;
  readonly items: number;
  readonly bytes: number;
}

export interface TableShape {
  readonly name: string;
  /** UUID; another one when the table was deleted and created anew. */
  readonly id: string;
  readonly items: number;
  readonly bytes: number;
  readonly key: KeySchema;
  /** Types of the key attributes of the table and its indexes. */
  readonly types: Readonly<Record<string, AttributeType>>;
  readonly indexes: readonly IndexShape[];
}

/** Names of all tables, sorted. */
export async function tableNames(call: TableCall): Promise<readonly string[]> {
  const names: string[] = [];
  let start: JsonValue | undefined;
  do {
    const page = await call('ListTables', start === undefined ? {} : { ExclusiveStartTableName: start });
    names.push(...(page.TableNames as string[]));
    start = page.LastEvaluatedTableName;
  } while (start !== undefined);
  return names;
}

export async function allTables(call: TableCall): Promise<readonly TableShape[]> {
  const shapes: TableShape[] = [];
  for (const name of await tableNames(call)) {
    const shape = await findTable(call, name);
    if (shape) shapes.push(shape);
  }
  return shapes;
}

export async function findTable(call: TableCall, name: string): Promise<TableShape | undefined> {
  try {
    const { Table: table } = await call('DescribeTable', { TableName: name });
    return shapeOf(table as JsonObject);
  } catch (failure) {
    const isMissing = failure instanceof TableRefusal && MISSING.has(failure.code);
    if (isMissing) return undefined;
    throw failure;
  }
}

/** A name no table can have is refused as a value. */
const MISSING = new Set(['ResourceNotFoundException', 'ValidationException']);

/** Throws `SlsError` `table-unknown`, naming the tables there are. */
export async function needTable(call: TableCall, name: string): Promise<TableShape> {
  return (await findTable(call, name)) ?? throwUnknown(name, await tableNames(call));
}

function throwUnknown(name: string, known: readonly string[]): never {
  const near = nearestName(name, known);
  throw new SlsError(
    'table-unknown',
    `there is no table "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    { hint: known.length === 0 ? 'there are no tables at all' : `there is: ${known.join(', ')}` },
  );
}

/** The known name most like `name`: one that holds it or is held by it, else the one with most pairs of letters in common. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  const scored = known.map((each) => ({ each, score: likeness(wanted, each.toLowerCase()) }));
  const best = scored.sort((a, b) => b.score - a.score)[0];
  return best && best.score >= 0.4 ? best.each : undefined;
}

function likeness(a: string, b: string): number {
  if (a === '' || b === '') return 0;
  if (a.includes(b) || b.includes(a)) return 1 + Math.min(a.length, b.length) / Math.max(a.length, b.length);
  const pairs = (text: string) => Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2));
  const left = pairs(b);
  const total = left.length + a.length - 1;
  let shared = 0;
  for (const pair of pairs(a)) {
    const at = left.indexOf(pair);
    if (at < 0) continue;
    left.splice(at, 1);
    shared++;
  }
  return (2 * shared) / total;
}

function shapeOf(table: JsonObject): TableShape {
  const definitions = (table.AttributeDefinitions ?? []) as JsonObject[];
  return {
    name: String(table.TableName),
    id: String(table.TableId),
    items: Number(table.ItemCount ?? 0),
    bytes: Number(table.TableSizeBytes ?? 0),
    key: keyOf(table.KeySchema),
    types: Object.fromEntries(
      definitions.map(({ AttributeName: name, AttributeType: type }) => [
        String(name),
        String(type) as AttributeType,
      ]),
    ),
    indexes: [
      ...indexesOf(table.GlobalSecondaryIndexes, 'global'),
      ...indexesOf(table.LocalSecondaryIndexes, 'local'),
    ],
  };
}

function indexesOf(indexes: JsonValue | undefined, kind: IndexShape['kind']): IndexShape[] {
  return ((indexes ?? []) as JsonObject[]).map((index) => ({
    name: String(index.IndexName),
    kind,
    key: keyOf(index.KeySchema),
    items: Number(index.ItemCount ?? 0),
    bytes: Number(index.IndexSizeBytes ?? 0),
  }));
}

function keyOf(schema: JsonValue | undefined): KeySchema {
  const named = (type: string) =>
    ((schema ?? []) as JsonObject[])
      .filter(({ KeyType: each }) => each === type)
      .map(({ AttributeName: name }) => String(name));
  return keyOfNames(named('HASH'), named('RANGE')) ?? { hash: '' };
}

/** Hash attributes, then range attributes if there are any. */
export const keyNames = namesOf;

const TYPE_WORDS: Readonly<Record<AttributeType, string>> = { S: 'text', N: 'number', B: 'binary value' };

export function typeWord(type: AttributeType): string {
  return TYPE_WORDS[type];
}

/** `id (text)`, `customer (text), at (number)`. */
export function keyText(key: KeySchema, types: TableShape['types']): string {
  return keyNames(key)
    .map((name) => `${name} (${TYPE_WORDS[types[name] ?? 'S']})`)
    .join(', ');
}
