/** `sls-local data [table]`: lists the tables, or shows the items of one. */
import type { CommandModule } from 'yargs';
import { allTables, keyNames, keyText, type TableShape } from '../../../app/data-tables.ts';
import { paint } from '../../colours.ts';
import { layOut } from '../../data/columns.ts';
import { parseFilters } from '../../data/filter-input.ts';
import { type PageArguments, pageOptions } from '../../data/options.ts';
import { bytesText } from '../../data/print-items.ts';
import { needIndex } from '../../data/read-items.ts';
import { showPage } from '../../data/show-page.ts';
import { say, type Tables, withTables } from '../../data/tables.ts';
import { type ProjectArguments, withProjectOptions } from '../../project-options.ts';

interface ShowArguments extends ProjectArguments, PageArguments {
  readonly table?: string | undefined;
}

export const showCommand: CommandModule<object, ShowArguments> = {
  command: ['show [table]', '$0'],
  describe: 'List the tables, or show the items of one',
  builder: (y) =>
    withProjectOptions(y)
      .positional('table', { type: 'string', describe: 'Its name' })
      .options(pageOptions) as never,
  handler: (args) =>
    withTables(args, (tables) =>
      args.table === undefined ? listTables(tables, args) : showTable(tables, args.table, args),
    ),
};

async function showTable({ call, need }: Tables, name: string, args: ShowArguments): Promise<void> {
  const table = await need(name);
  const request = {
    table,
    index: needIndex(table, args.index),
    operation: 'Scan' as const,
    filter: parseFilters(args.filter ?? []),
    limit: args.limit,
    after: args.after,
  };
  await showPage(call, request, args);
}

async function listTables({ call }: Tables, { json }: ShowArguments): Promise<void> {
  const tables = await allTables(call);
  if (json) return void process.stdout.write(`${JSON.stringify(tables, null, 2)}\n`);
  if (tables.length === 0) return say('there are no tables');
  const columns = [
    { title: 'table', whole: true, paint: paint.bold },
    { title: 'items', align: 'right' as const, paint: paint.bold },
    { title: 'size', align: 'right' as const, paint: paint.bold },
    { title: 'key', paint: paint.bold },
    { title: 'indexes', paint: paint.bold },
  ];
  const { lines } = layOut(columns, tables.map(rowOf), process.stdout.columns ?? Number.MAX_SAFE_INTEGER);
  for (const line of lines) process.stdout.write(`${line}\n`);
}

function rowOf({ name, items, bytes, key, types, indexes }: TableShape): string[] {
  return [
    name,
    items.toLocaleString('en-US'),
    bytesText(bytes),
    keyText(key, types),
    indexes.map((index) => `${index.name} (${keyNames(index.key).join(', ')})`).join(', '),
  ];
}
