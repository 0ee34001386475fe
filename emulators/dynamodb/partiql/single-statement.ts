/** A write, or a read by key, that is done at once: ExecuteStatement, and each statement of a batch. */
import type { ApiCall } from '../../../src/model/service-api.ts';
import { validationError } from '../errors.ts';
import { type Service, tableOf } from '../service.ts';
import type { StoredItem } from '../stored-item.ts';
import type { CommittedChange } from '../table-store.ts';
import { checkKey } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import type { Table } from '../tables/table.ts';
import type { Item } from '../values/attribute-value.ts';
import { decide } from '../writing/item-write.ts';
import { isFullKey, keyEqualities } from './key-equalities.ts';
import { columnsOf } from './projected-columns.ts';
import { checkAlternatives, checkOneOfEach } from './read-plan.ts';
import { returned, writeOf } from './single-writes.ts';
import type { Select, Write } from './statement.ts';

export interface Written {
  readonly table: Table;
  /** What RETURNING asked for: one or none. */
  readonly items: readonly Item[];
  readonly committed: CommittedChange | undefined;
}

export function runWrite(
  service: Service,
  call: ApiCall,
  write: Write,
  returnItemOnFailure: boolean,
): Written {
  checkNoIndex(write);
  const table = tableOf(service, write.source.table);
  const change = decide(service, writeOf(table, write, returnItemOnFailure));
  const [committed] = service.tables.commit([change], { kind: 'call', origin: call.origin });
  return { table, items: returned(write, change), committed };
}

export function checkNoIndex({ source }: Write): void {
  if (source.index !== undefined) throw validationError('This operation is not supported on an index');
}

export interface KeyedRead {
  /** Throws for a key that does not fit its table. */
  locate(): LocatedRead;
}

export interface LocatedRead {
  readonly table: Table;
  readonly key: Uint8Array;
  /** The item as selected; undefined when it is not there. */
  read(service: Service): { readonly stored: StoredItem | undefined; readonly item: Item | undefined };
}

/** The read of one item by its key and nothing else. `api` is named in the complaint. */
export function keyedRead(table: Table, { source, where, columns }: Select, api: string): KeyedRead {
  if (source.index !== undefined) checkOneOfEach(table.index(source.index));
  checkAlternatives(table, where);
  const { key, rest } = keyEqualities(table, where, { withIn: true });
  if (source.index !== undefined || rest.length > 0 || !isFullKey(table, key))
    throw validationError(
      `Select statements within ${api} must specify the primary key in the where clause.`,
    );
  return {
    locate() {
      checkKey(table, key);
      if (columns) checkScalarKeys(table, columns);
      const position = table.layout.keyOf(key);
      return {
        table,
        key: position,
        read(service) {
          const stored = service.tables.get(table, position);
          const item = stored && (columns ? columnsOf(columns)(stored.item) : stored.item);
          return { stored, item };
        },
      };
    },
  };
}
