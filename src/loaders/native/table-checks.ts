/** What the cloud would refuse of a table though it can be made here: warnings. A name no call can name is an error. */
import type { PlaceOf } from '../cloudformation/template.ts';
import type { Report } from '../problems.ts';
import { isTableName, MAX_GLOBAL_INDEXES, MAX_LOCAL_INDEXES, TABLE_NAME_HINT } from '../table-names.ts';
import type { Path } from '../yaml.ts';
import type { IndexKeyConfig, TableConfig } from './config.ts';

interface Declared {
  readonly key: string;
  readonly name: string;
  readonly table: TableConfig;
}

interface Flaw {
  readonly what: string;
  readonly hint: string;
  readonly path: Path;
}

/** False for a table that is left out. */
export function checkTable({ key, name, table }: Declared, place: PlaceOf, report: Report): boolean {
  const tell = (severity: 'error' | 'warning', { what, hint, path }: Flaw) =>
    report({
      ...{ severity, code: 'invalid-table', message: `table "${key}" ${what}`, hint },
      ...{ place: place(['tables', key, ...path]), subject: ['tables', key, ...path].join('.') },
    });
  if (!isTableName(name)) {
    tell('error', { what: `is named "${name}", which the cloud refuses`, hint: TABLE_NAME_HINT, path: [] });
    return false;
  }
  for (const flaw of [...keyFlaws(table), ...attributeFlaws(table), ...indexFlaws(table)])
    tell('warning', flaw);
  return true;
}

function keyFlaws({ key }: TableConfig): Flaw[] {
  const { hash, range } = partsOf(key);
  if (range.length === 0 || range[0] !== hash[0]) return [];
  const what = `has "${hash[0]}" as hash and range of its key: the cloud refuses that`;
  return [{ what, hint: 'leave out the range, or name another attribute', path: ['key'] }];
}

function attributeFlaws({ key, attributes = {}, indexes = {} }: TableConfig): Flaw[] {
  const keys = [key, ...Object.values(indexes).map((index) => index.key)].map(partsOf);
  const used = new Set(keys.flatMap(({ hash, range }) => [...hash, ...range]));
  return Object.keys(attributes)
    .filter((name) => !used.has(name))
    .map((name) => ({
      what: `has a type for "${name}", which is no part of a key: the cloud refuses that; it does not count here`,
      hint: 'take it out of attributes: only attributes of keys have a type',
      path: ['attributes', name],
    }));
}

function indexFlaws({ key, indexes = {} }: TableConfig): Flaw[] {
  const table = partsOf(key);
  const all = Object.entries(indexes);
  const locals = all.filter(([, { local }]) => local === true);
  const counts = [
    { kind: 'global', count: all.length - locals.length, most: MAX_GLOBAL_INDEXES },
    { kind: 'local', count: locals.length, most: MAX_LOCAL_INDEXES },
  ];
  return [
    ...counts
      .filter(({ count, most }) => count > most)
      .map(({ kind, count, most }) => ({
        what: `has ${count} ${kind} indexes: the cloud takes ${most} at most`,
        hint: 'leave some out, or spread them over several tables',
        path: ['indexes'],
      })),
    ...all
      .filter(([name]) => !isTableName(name))
      .map(([name]) => ({
        what: `has an index named "${name}", which the cloud refuses: no call can name it`,
        hint: TABLE_NAME_HINT,
        path: ['indexes', name],
      })),
    ...locals.flatMap(([name, index]) => localFlaws(name, partsOf(index.key), table)),
  ];
}

function localFlaws(name: string, key: KeyParts, table: KeyParts): Flaw[] {
  const path = ['indexes', name];
  const global = 'leave out local: true';
  const flaws: Flaw[] = [];
  if (table.range.length === 0)
    flaws.push({
      what: `has no range key, but the local index "${name}": the cloud refuses that`,
      hint: `${global}, or give the table a range`,
      path,
    });
  if (key.range.length === 0)
    flaws.push({
      what: `has the local index "${name}" without a range: the cloud refuses that`,
      hint: 'add the range the index is sorted by',
      path,
    });
  if (key.hash[0] !== table.hash[0])
    flaws.push({
      what: `has the local index "${name}" with the hash "${key.hash[0]}": the cloud takes only that of the table, "${table.hash[0]}"`,
      hint: `${global}, or write ${table.hash[0]}`,
      path,
    });
  return flaws;
}

interface KeyParts {
  readonly hash: readonly string[];
  readonly range: readonly string[];
}

function partsOf(key: IndexKeyConfig): KeyParts {
  if (typeof key === 'string') return { hash: [key], range: [] };
  return { hash: [key.hash].flat(), range: [key.range ?? []].flat() };
}
