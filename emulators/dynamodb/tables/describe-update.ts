/** A table as UpdateTable answers it: what changes is shown under way, though here it is done. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Service } from '../service.ts';
import type { IndexChange } from './change-indexes.ts';
import { describeTable } from './describe-table.ts';
import type { Table } from './table.ts';
import type { TableRecord, Throughput } from './table-record.ts';

/** To be made before the table is changed: an index that is removed is told of once more, as it was. */
export function describerOfUpdate(
  service: Service,
  before: Table,
  { GlobalSecondaryIndexUpdates: updates = [] }: IndexChange,
): (after: Table) => JsonObject {
  const indexes = indexesIn(describeTable(service, before, 'ACTIVE'));
  const known = new Set(indexes.map(({ IndexName: name }) => name));
  const removed = new Set(updates.map(({ Delete: remove }) => remove?.IndexName));
  const updated = new Set(updates.map(({ Update: update }) => update?.IndexName));
  const deleting = indexes
    .filter(({ IndexName: name }) => removed.has(name as string))
    .map((index) => ({ ...index, IndexStatus: 'DELETING' }));
  return (after) => {
    const description = describeTable(service, shownWith(service, before.record, after), 'UPDATING');
    const isRebilled = before.record.billingMode !== after.record.billingMode;
    const stateOf = (name: unknown) => {
      if (!known.has(name as string)) return { ...nothingYet, IndexStatus: 'CREATING', Backfilling: false };
      return { IndexStatus: isRebilled || updated.has(name as string) ? 'UPDATING' : 'ACTIVE' };
    };
    const shown = indexesIn(description).map((index) =>
      index.Backfilling === true ? index : { ...index, ...stateOf(index.IndexName) },
    );
    const all = [...shown, ...deleting];
    return { ...description, ...(all.length > 0 && { GlobalSecondaryIndexes: all }) };
  };
}

const nothingYet = { IndexSizeBytes: 0, ItemCount: 0 };

function indexesIn({ GlobalSecondaryIndexes: indexes }: JsonObject): readonly JsonObject[] {
  return (indexes ?? []) as JsonObject[];
}

/** As long as the change is under way, the service shows the capacity there was. */
function shownWith(service: Service, before: TableRecord, table: Table): Table {
  const { throughput, billingMode: mode } = table.record;
  if (mode !== 'PROVISIONED' || before.billingMode !== mode) return table;
  const at = service.clock.now();
  const shown: Throughput = {
    read: before.throughput.read,
    write: before.throughput.write,
    decreasesToday: before.throughput.decreasesToday,
    ...(throughput.increasedAt !== undefined && { increasedAt: Math.min(throughput.increasedAt, at) }),
    ...(throughput.decreasedAt !== undefined && { decreasedAt: Math.min(throughput.decreasedAt, at) }),
  };
  return { ...table, record: { ...table.record, throughput: shown } };
}
