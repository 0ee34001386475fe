/** `sls-local data delete`: removes one item by its key. */
import type { CommandModule } from 'yargs';
import { keyOfItem } from '../../../app/data-write.ts';
import type { JsonObject } from '../../../model/emulator.ts';
import { parseKey } from '../../data/key-input.ts';
import { type KeyArguments, keyWordsOf, withKey } from '../../data/options.ts';
import { withTables } from '../../data/tables.ts';
import { missingItem } from './get.ts';

export const deleteCommand: CommandModule<object, KeyArguments> = {
  command: 'delete <table> [key-words..]',
  describe: 'Remove one item',
  builder: (y) => withKey(y) as never,
  handler: (args) =>
    withTables(args, async ({ call, need }) => {
      const table = await need(args.table);
      const key = parseKey(keyWordsOf(args), table);
      const { Attributes: old } = await call('DeleteItem', {
        TableName: table.name,
        Key: key as unknown as JsonObject,
        ReturnValues: 'ALL_OLD',
      });
      if (old === undefined) throw missingItem(table, key);
      process.stdout.write(`deleted ${keyOfItem(table, key)} from ${table.name}\n`);
    }),
};
