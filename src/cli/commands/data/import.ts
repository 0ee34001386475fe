/** `sls-local data import`: writes the items of a file, after having checked all of them. */
import type { CommandModule } from 'yargs';
import { countItems, type ItemFormat, itemFormats, readItems } from '../../../app/data-items.ts';
import { putItems } from '../../../app/data-write.ts';
import { SlsError } from '../../../std/errors.ts';
import { type TableArguments, withTable } from '../../data/options.ts';
import { withTables } from '../../data/tables.ts';
import { fileOrStdin } from '../../data/text-input.ts';

interface ImportArguments extends TableArguments {
  readonly file?: string | undefined;
  readonly format?: ItemFormat | undefined;
}

export const importCommand: CommandModule<object, ImportArguments> = {
  command: 'import <table> [file]',
  describe: 'Write the items of a file: JSON lines or lists, CSV, DynamoDB JSON',
  builder: (y) =>
    withTable(y)
      .positional('file', { type: 'string', describe: 'A file; - or nothing is standard input' })
      .options({
        format: { choices: itemFormats, describe: 'Form of the file (default: seen by looking)' },
      }) as never,
  handler: async (args) => {
    const source = await fileOrStdin(wordOf(args), args.format);
    await withTables(args, async ({ call, need }) => {
      const table = await need(args.table);
      // All of it is checked before the first is written.
      countItems(source, table);
      const count = await putItems(call, table, readItems(source, table));
      process.stdout.write(`imported ${count} item${count === 1 ? '' : 's'} into ${table.name}\n`);
    });
  },
};

/** yargs makes an empty text of the word `-`. A variable of the shell that is empty must not be taken for it. */
function wordOf({ file = '-' }: ImportArguments): string {
  if (file !== '' || process.argv.includes('-')) return file || '-';
  throw new SlsError('no-file', 'the name of the file to import is empty', {
    hint: 'write - for standard input',
  });
}
