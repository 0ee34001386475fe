/** The table of a table operation, whose error names the table. */
import { tableNotFound } from '../errors.ts';
import { type Service, tableNameOf } from '../service.ts';
import type { Table } from './table.ts';

export function existingTable(service: Service, nameOrArn: string): Table {
  const name = tableNameOf(nameOrArn);
  const table = service.tables.find(name);
  if (!table) throw tableNotFound(name);
  return table;
}
