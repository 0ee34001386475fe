/** The statements of a transaction → the items they are about, with the service's two kinds of complaint. */
import { ServiceError } from '../../_wire/service-error.ts';
import { validationError } from '../errors.ts';
import { type Service, tableNameOf, tableOf } from '../service.ts';
import { keyMismatch } from '../tables/check-keys.ts';
import type { Table } from '../tables/table.ts';
import type { ItemWrite } from '../writing/item-write.ts';
import { allOrCancel, attempt, checkDistinct } from '../writing/transaction.ts';
import { isFullKey, keyEqualities } from './key-equalities.ts';
import { checkNoIndex, type KeyedRead, keyedRead, type LocatedRead } from './single-statement.ts';
import { checkOf, existsKey, insertOf, writeAt } from './single-writes.ts';
import type { DeleteItem, Exists, Select, UpdateItem, Write } from './statement.ts';

export interface CheckOrWrite {
  readonly lowered: Write | Exists;
  readonly returnItemOnFailure: boolean;
}

/** What is wrong with a statement itself refuses the request; the rest cancels the transaction. */
export function inStatement<T>(position: number, action: () => T): T {
  try {
    return action();
  } catch (failure) {
    if (!(failure instanceof ServiceError) || failure.code !== 'ValidationException') throw failure;
    throw validationError(`Validation failed in TransactStatements[${position}]: ${failure.message}`);
  }
}

export function locateReads(service: Service, selects: readonly Select[]): readonly LocatedRead[] {
  const reads = selects.map((select, i) => {
    const table = service.tables.find(tableNameOf(select.source.table));
    return table && inStatement(i, () => checkedRead(table, select));
  });
  const located = allOrCancel(
    reads.map((read, i) => attempt(() => (read ?? missing(service, selects[i])).locate())),
  );
  checkDistinct(located);
  return located;
}

function checkedRead(table: Table, select: Select): KeyedRead {
  if (select.source.index !== undefined)
    throw validationError('Reads on indices are not supported within transactions.');
  return keyedRead(table, select, 'ExecuteTransaction');
}

/** Throws that the table is not there. */
function missing(service: Service, select: Select | undefined): never {
  tableOf(service, select?.source.table ?? '');
  throw new Error('a table that was missing has appeared within one call');
}

export function locateWrites(service: Service, writes: readonly CheckOrWrite[]): readonly ItemWrite[] {
  writes.forEach((write, i) => {
    inStatement(i, () => checkWrite(service, write));
  });
  const located = allOrCancel(
    writes.map(({ lowered, returnItemOnFailure }) =>
      attempt(() => {
        const table = tableOf(service, lowered.source.table);
        if (lowered.kind === 'insert') return insertOf(table, lowered);
        if (lowered.kind === 'exists') return checkOf(table, lowered, returnItemOnFailure);
        return writeAt(table, lowered, oneKey(table, lowered), returnItemOnFailure);
      }),
    ),
  );
  checkDistinct(located);
  return located;
}

/** Of a table that is not there nothing more is said. */
function checkWrite(service: Service, { lowered }: CheckOrWrite): void {
  const { source } = lowered;
  if (lowered.kind === 'exists') {
    if (source.index !== undefined)
      throw validationError('Operations on indices are not supported in transactions');
  } else checkNoIndex(lowered);
  const table = service.tables.find(tableNameOf(source.table));
  if (!table) return;
  if (lowered.kind === 'exists') existsKey(table, lowered.where);
  else if (lowered.kind !== 'insert' && lowered.returning)
    throw validationError('RETURNING clause is not supported in ExecuteTransaction.');
}

/** Unlike a statement alone, one in a transaction is told no more than that its key does not fit. */
function oneKey(table: Table, { where }: UpdateItem | DeleteItem) {
  const equalities = keyEqualities(table, where, { withIn: false });
  if (equalities.contradicted === undefined && isFullKey(table, equalities.key)) return equalities;
  throw keyMismatch();
}
