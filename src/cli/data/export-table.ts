/** Writes all items of a table as text, page by page. */
import type { TableCall } from '../../app/data-call.ts';
import { rowOf, rowOfItem } from '../../app/data-csv.ts';
import type { ItemFormat } from '../../app/data-items.ts';
import { type Item, plainItem } from '../../app/data-plain.ts';
import type { TableShape } from '../../app/data-tables.ts';
import { pagesOf } from '../../app/data-write.ts';
import { formatJson } from '../../std/exact-json.ts';
import { columnsOf } from './print-items.ts';
import { say } from './tables.ts';

/** Answers the number of items. `write` resolves when it can take more. */
export async function exportTable(
  call: TableCall,
  table: TableShape,
  format: ItemFormat,
  write: (text: string) => Promise<void>,
): Promise<number> {
  const lineOf = format === 'csv' ? await csvWriter(call, table, write) : jsonWriter(format);
  let count = 0;
  for await (const items of allPages(call, table)) {
    count += items.length;
    await write(items.map(lineOf).join(''));
  }
  return count;
}

function allPages(call: TableCall, { name }: TableShape): AsyncGenerator<readonly Item[]> {
  return pagesOf(call, 'Scan', { TableName: name });
}

/** DynamoDB's own export to S3 has this form. */
function jsonWriter(format: Exclude<ItemFormat, 'csv'>): (item: Item) => string {
  return format === 'jsonl'
    ? (item) => `${formatJson(plainItem(item))}\n`
    : (item) => `${JSON.stringify({ Item: item })}\n`;
}

/** The first row names every attribute, so the table is read once for them alone. */
async function csvWriter(
  call: TableCall,
  table: TableShape,
  write: (text: string) => Promise<void>,
): Promise<(item: Item) => string> {
  let columns: readonly string[] = columnsOf([], [table.key]);
  for await (const items of allPages(call, table)) {
    const named = columns;
    columns = [...new Set([...named, ...columnsOf(items, [])])];
  }
  await write(rowOf(columns));
  const known = new Set(columns);
  return (item) => {
    const missed = Object.keys(item).filter((name) => !known.has(name));
    if (missed.length > 0) say(`left out, written while the export ran: ${missed.join(', ')}`);
    return rowOfItem(columns, item, table);
  };
}
