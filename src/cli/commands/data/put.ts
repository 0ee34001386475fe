/** `sls-local data put`: writes one item, in place of what has the same key. */
import type { CommandModule } from 'yargs';
import type { TableCall } from '../../../app/data-call.ts';
import { readItems } from '../../../app/data-items.ts';
import type { Item } from '../../../app/data-plain.ts';
import type { TableShape } from '../../../app/data-tables.ts';
import { keyOfItem } from '../../../app/data-write.ts';
import type { JsonObject } from '../../../model/emulator.ts';
import { SlsError } from '../../../std/errors.ts';
import { type TableArguments, withTable } from '../../data/options.ts';
import { withTables } from '../../data/tables.ts';
import { anyText } from '../../data/text-input.ts';

interface PutArguments extends TableArguments {
  readonly item: string;
  readonly dynamodbJson: boolean;
}

export const putCommand: CommandModule<object, PutArguments> = {
  command: 'put <table>',
  describe: 'Write one item',
  builder: (y) =>
    withTable(y).options({
      item: {
        alias: 'e',
        type: 'string',
        demandOption: true,
        describe: 'A file, - for standard input, or JSON text',
        requiresArg: true,
      },
      'dynamodb-json': {
        type: 'boolean',
        default: false,
        describe: 'The item carries types: {"id":{"S":"1"}}',
      },
    }) as never,
  handler: async (args) => {
    const text = await anyText(args.item, args.dynamodbJson ? 'dynamodb-json' : 'json');
    await withTables(args, async ({ call, need }) => {
      const table = await need(args.table);
      const items = [...readItems(text, table)];
      const [item] = items;
      if (!item || items.length > 1)
        throw new SlsError('one-item', `put takes one item, found ${items.length}`, {
          hint: `write many with: sls-local data import ${table.name} FILE`,
        });
      const replaced = await putItem(call, table, item);
      process.stdout.write(`${replaced ? 'replaced' : 'put'} ${keyOfItem(table, item)} in ${table.name}\n`);
    });
  },
};

/** True when there was one already. */
async function putItem(call: TableCall, table: TableShape, item: Item): Promise<boolean> {
  const { Attributes: old } = await call('PutItem', {
    TableName: table.name,
    Item: item as unknown as JsonObject,
    ReturnValues: 'ALL_OLD',
  });
  return old !== undefined;
}
