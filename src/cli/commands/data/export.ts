/** `sls-local data export`: all items of a table, or of every table, as text. */
import { join, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { type ItemFormat, itemFormats } from '../../../app/data-items.ts';
import { allTables } from '../../../app/data-tables.ts';
import { SlsError } from '../../../std/errors.ts';
import { exportTable } from '../../data/export-table.ts';
import { withOutFile, writeToStdout } from '../../data/out-file.ts';
import { say, type Tables, withTables } from '../../data/tables.ts';
import { type ProjectArguments, withProjectOptions } from '../../project-options.ts';

interface ExportArguments extends ProjectArguments {
  readonly table?: string | undefined;
  readonly all: boolean;
  readonly format?: ItemFormat | undefined;
  readonly output?: string | undefined;
}

const ENDINGS: Readonly<Record<ItemFormat, string>> = {
  jsonl: 'jsonl',
  csv: 'csv',
  'dynamodb-json': 'dynamodb.json',
};

export const exportCommand: CommandModule<object, ExportArguments> = {
  command: 'export [table]',
  describe: 'Write all items as JSON lines, CSV or DynamoDB JSON',
  builder: (y) =>
    withProjectOptions(y)
      .positional('table', { type: 'string', describe: 'Its name' })
      .options({
        all: { type: 'boolean', default: false, describe: 'Every table; needs -o with a folder' },
        format: {
          choices: itemFormats,
          describe: "Default: by the file's name, else jsonl",
        },
        output: {
          alias: 'o',
          type: 'string',
          describe: 'A file instead of standard output',
          requiresArg: true,
        },
      }) as never,
  handler: (args) => {
    if (args.all === (args.table !== undefined))
      throw new SlsError('bad-option', 'export takes the name of a table, or --all', {
        hint: 'list the tables with: sls-local data',
      });
    return withTables(args, (tables) =>
      args.table === undefined ? exportAll(tables, args) : exportOne(tables, args.table, args),
    );
  },
};

async function exportOne(
  { call, need }: Tables,
  name: string,
  { format, output }: ExportArguments,
): Promise<void> {
  const table = await need(name);
  const chosen = format ?? formatOf(output);
  if (output === undefined || output === '-') {
    await exportTable(call, table, chosen, writeToStdout);
    return;
  }
  const count = await withOutFile(resolve(output), (write) => exportTable(call, table, chosen, write));
  say(`exported ${count} items of ${name} to ${output}`);
}

async function exportAll({ call }: Tables, { format = 'jsonl', output }: ExportArguments): Promise<void> {
  if (output === undefined)
    throw new SlsError('bad-option', '--all writes a file for each table: give a folder with -o', {
      hint: 'sls-local data export --all -o backup',
    });
  for (const table of await allTables(call)) {
    const file = join(output, `${table.name}.${ENDINGS[format]}`);
    const count = await withOutFile(resolve(file), (write) => exportTable(call, table, format, write));
    say(`exported ${count} items of ${table.name} to ${file}`);
  }
}

function formatOf(file: string | undefined): ItemFormat {
  if (file !== undefined && /\.csv$/i.test(file)) return 'csv';
  return file?.endsWith(`.${ENDINGS['dynamodb-json']}`) ? 'dynamodb-json' : 'jsonl';
}
