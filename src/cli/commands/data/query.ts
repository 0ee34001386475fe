/** `sls-local data query`: the items under one hash key, of a table or an index. */
import type { CommandModule } from 'yargs';
import type { Item } from '../../../app/data-plain.ts';
import { needTable, type TableShape } from '../../../app/data-tables.ts';
import type { JsonObject } from '../../../model/emulator.ts';
import { SlsError } from '../../../std/errors.ts';
import { parseFilters } from '../../data/filter-input.ts';
import { keyValue } from '../../data/key-input.ts';
import { type PageArguments, pageOptions, type TableArguments, withTable } from '../../data/options.ts';
import { parseRange } from '../../data/range-input.ts';
import { needIndex } from '../../data/read-items.ts';
import { showPage } from '../../data/show-page.ts';
import { withTables } from '../../data/tables.ts';

interface QueryArguments extends TableArguments, PageArguments {
  readonly hash: string;
  readonly range?: string | undefined;
  readonly reverse: boolean;
}

export const queryCommand: CommandModule<object, QueryArguments> = {
  command: 'query <table>',
  describe: 'Show the items under one hash key',
  builder: (y) =>
    withTable(y).options({
      hash: { type: 'string', demandOption: true, describe: 'Value of the hash key', requiresArg: true },
      range: {
        type: 'string',
        describe: 'Of the range key: V, begins_with:V, between:A,B, lt:V, le:V, gt:V, ge:V',
        requiresArg: true,
      },
      reverse: { type: 'boolean', default: false, describe: 'Highest range key first' },
      ...pageOptions,
    }) as never,
  handler: (args) =>
    withTables(args, async ({ call }) => {
      const table = await needTable(call, args.table);
      const index = needIndex(table, args.index);
      const request = {
        table,
        index,
        operation: 'Query' as const,
        query: keyCondition(index ? { ...index, types: table.types } : table, args),
        filter: parseFilters(args.filter ?? []),
        limit: args.limit,
        after: args.after,
      };
      await showPage(call, request, args);
    }),
};

/** A table, or an index of one. */
type Keyed = Pick<TableShape, 'name' | 'key' | 'types'>;

function keyCondition(keyed: Keyed, { hash, range, reverse }: QueryArguments): JsonObject {
  const { key } = keyed;
  const condition = range === undefined ? undefined : rangeCondition(keyed, range);
  const values: Item = { ':h': keyValue(key.hash, hash, keyed), ...condition?.values };
  return {
    KeyConditionExpression: `#h = :h${condition ? ` AND ${condition.expression}` : ''}`,
    ExpressionAttributeNames: {
      '#h': key.hash,
      ...(condition && key.range !== undefined ? { '#r': key.range } : {}),
    },
    ExpressionAttributeValues: values as unknown as JsonObject,
    ScanIndexForward: !reverse,
  };
}

function rangeCondition(keyed: Keyed, text: string) {
  const { range } = keyed.key;
  if (range === undefined)
    throw new SlsError('bad-range', `--range: the key of ${keyed.name} is "${keyed.key.hash}" alone`, {
      hint: 'leave --range out, use --filter, or name an index with --index',
    });
  return parseRange(text, (value) => keyValue(range, value, keyed));
}
