/** The table of a table operation, whose error names the table. */
import { ServiceError } from '../../_wire/service-error.ts';
import { tableNotFound } from '../errors.ts';
import { type Service, tableNameOf } from '../service.ts';
import type { Table } from './table.ts';

/** A table that is loading is not there yet. */
export function existingTable(service: Service, nameOrArn: string): Table {
  const table = knownTable(service, nameOrArn);
  if (table.record.loading) throw tableNotFound(table.name);
  return table;
}

/** Also a table that is loading: for the operations that know of its status. */
export function knownTable(service: Service, nameOrArn: string): Table {
  const name = tableNameOf(nameOrArn);
  const table = service.tables.find(name);
  if (!table) throw tableNotFound(name);
  return table;
}

/** For the operations around backups, which have an exception of their own. `named` is how the message calls the table. */
export function backedUpTable(service: Service, nameOrArn: string, named = tableNameOf(nameOrArn)): Table {
  const table = service.tables.find(tableNameOf(nameOrArn));
  if (!table || table.record.loading)
    throw new ServiceError('TableNotFoundException', `Table not found: ${named}`, {
      namespace: 'com.amazonaws.dynamodb.v20120810#',
    });
  return table;
}
