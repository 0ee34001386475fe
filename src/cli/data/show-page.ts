/** Shows a page of items and how to go on behind it. */
import { type TableCall, TableRefusal } from '../../app/data-call.ts';
import { type Item, plainValue } from '../../app/data-plain.ts';
import { SlsError } from '../../std/errors.ts';
import { formatJson } from '../../std/exact-json.ts';
import type { FilterInput } from './filter-input.ts';
import type { PageArguments } from './options.ts';
import { keyArgument, printItems } from './print-items.ts';
import { type ItemRequest, keysOf, readSome } from './read-items.ts';
import { say } from './tables.ts';

export async function showPage(call: TableCall, request: ItemRequest, args: PageArguments): Promise<void> {
  const lead = keysOf(request);
  const streams = args.json || args.dynamodbJson;
  const kept: Item[] = [];
  let count = 0;
  let last: Item | undefined;
  const more = await inItsWords(request.filter, () =>
    readSome(call, request, (items) => {
      count += items.length;
      last = items.at(-1) ?? last;
      if (streams) printItems(items, lead, args);
      else kept.push(...items);
    }),
  );
  printItems(kept, lead, args);
  if (count === 0) say(`no items in ${request.table.name}${request.filter ? ' match' : ''}`);
  if (more && last) say(`more: --after ${keyArgument(last, lead)}, or --limit 0 for all`);
}

/** The service complains of the placeholders it got; the person wrote names and values. */
async function inItsWords<T>(filter: FilterInput | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    if (!filter || !(failure instanceof TableRefusal) || !failure.message.includes('FilterExpression'))
      throw failure;
    const message = failure.message.replace(/[#:]f\d+/g, (placeholder) => {
      const value = filter.values[placeholder];
      return value ? formatJson(plainValue(value)) : (filter.names[placeholder] ?? placeholder);
    });
    throw new SlsError('bad-filter', `--filter: ${message}`, { cause: failure });
  }
}
