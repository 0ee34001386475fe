/** `sls-local data query`: the items under one hash key, of a table or an index. */
import type { CommandModule } from 'yargs';
import type { Item } from '../../../app/data-plain.ts';
import type { TableShape } from '../../../app/data-tables.ts';
import type { JsonObject } from '../../../model/emulator.ts';
import { SlsError } from '../../../std/errors.ts';
import { hashNames, rangeNames } from '../../../std/key-names.ts';
import { parseFilters } from '../../data/filter-input.ts';
import { keyValue } from '../../data/key-input.ts';
import { type PageArguments, pageOptions, type TableArguments, withTable } from '../../data/options.ts';
import { parseRange } from '../../data/range-input.ts';
import { needIndex } from '../../data/read-items.ts';
import { showPage } from '../../data/show-page.ts';
import { withTables } from '../../data/tables.ts';

interface QueryArguments extends TableArguments, PageArguments {
  readonly hash: readonly string[];
  readonly range?: readonly string[] | undefined;
  readonly reverse: boolean;
}

export const queryCommand: CommandModule<object, QueryArguments> = {
  command: 'query <table>',
  describe: 'Show the items under one hash key',
  builder: (y) =>
    withTable(y).options({
      hash: {
        type: 'string',
        array: true,
        nargs: 1,
        demandOption: true,
        describe: 'Value of the hash key; once for each hash attribute of an index',
      },
      range: {
        type: 'string',
        array: true,
        nargs: 1,
        describe:
          'Of the range key: V, begins_with:V, between:A,B, lt:V, le:V, gt:V, ge:V; once for each range attribute, from the first',
      },
      reverse: { type: 'boolean', default: false, describe: 'Highest range key first' },
      ...pageOptions,
    }) as never,
  handler: (args) =>
    withTables(args, async ({ call, need }) => {
      const table = await need(args.table);
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

function keyCondition(keyed: Keyed, { hash, range = [], reverse }: QueryArguments): JsonObject {
  const hashes = hashNames(keyed.key);
  const ranges = rangeNames(keyed.key);
  if (hash.length !== hashes.length)
    throw new SlsError(
      'bad-hash',
      `--hash: ${count(hash.length, 'value')} for ${count(hashes.length, 'hash attribute')} of ${keyed.name}: ${hashes.join(', ')}`,
      { hint: `write ${hashes.map((name) => `--hash <${name}>`).join(' ')}` },
    );
  if (range.length > ranges.length)
    throw new SlsError(
      'bad-range',
      ranges.length === 0
        ? `--range: the key of ${keyed.name} is ${hashes.map((name) => `"${name}"`).join(', ')} alone`
        : `--range: ${count(range.length, 'value')} for ${count(ranges.length, 'range attribute')} of ${keyed.name}: ${ranges.join(', ')}`,
      { hint: 'leave --range out, use --filter, or name an index with --index' },
    );
  const conditions = range.map((text, i) =>
    parseRange(text, (value) => keyValue(ranges[i] ?? '', value, keyed), String(i)),
  );
  const values: Item = Object.assign(
    Object.fromEntries(hash.map((value, i) => [`:h${i}`, keyValue(hashes[i] ?? '', value, keyed)])),
    ...conditions.map((condition) => condition.values),
  );
  return {
    KeyConditionExpression: [
      ...hash.map((_, i) => `#h${i} = :h${i}`),
      ...conditions.map(({ expression }) => expression),
    ].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries([
      ...hash.map((_, i) => [`#h${i}`, hashes[i] ?? '']),
      ...range.map((_, i) => [`#r${i}`, ranges[i] ?? '']),
    ]),
    ExpressionAttributeValues: values as unknown as JsonObject,
    ScanIndexForward: !reverse,
  };
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
