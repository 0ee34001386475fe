/** `sls-local data get`: one item by its key. */
import type { CommandModule } from 'yargs';
import type { TableCall } from '../../../app/data-call.ts';
import type { Item } from '../../../app/data-plain.ts';
import type { TableShape } from '../../../app/data-tables.ts';
import { keyOfItem } from '../../../app/data-write.ts';
import type { JsonObject } from '../../../model/emulator.ts';
import { SlsError } from '../../../std/errors.ts';
import { parseKey } from '../../data/key-input.ts';
import {
  type KeyArguments,
  keyWordsOf,
  type OutputArguments,
  outputOptions,
  withKey,
} from '../../data/options.ts';
import { itemText } from '../../data/print-items.ts';
import { withTables } from '../../data/tables.ts';

interface GetArguments extends KeyArguments, OutputArguments {}

export const getCommand: CommandModule<object, GetArguments> = {
  command: 'get <table> [key-words..]',
  describe: 'Show one item',
  builder: (y) => withKey(y).options(outputOptions) as never,
  handler: (args) =>
    withTables(args, async ({ call, need }) => {
      const table = await need(args.table);
      const item = await needItem(call, table, parseKey(keyWordsOf(args), table));
      process.stdout.write(`${itemText(item, args, args.json ? 0 : 2)}\n`);
    }),
};

/** Throws `SlsError` `item-missing`, exit code 1. */
export async function needItem(call: TableCall, table: TableShape, key: Item): Promise<Item> {
  const { Item: item } = await call('GetItem', {
    TableName: table.name,
    Key: key as unknown as JsonObject,
    ConsistentRead: true,
  });
  if (item === undefined) throw missingItem(table, key);
  return item as unknown as Item;
}

export function missingItem(table: TableShape, key: Item): SlsError {
  return new SlsError('item-missing', `${table.name} has no item with ${keyOfItem(table, key)}`, {
    exitCode: 1,
  });
}
