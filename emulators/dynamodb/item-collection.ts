/** Item collections: all items with one hash key, in the table and its local indexes. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Service } from './service.ts';
import type { ItemChange } from './table-store.ts';
import type { Table } from './tables/table.ts';
import { attributeOf, type Item } from './values/attribute-value.ts';

export type MetricsMode = 'SIZE' | 'NONE' | undefined;

/** Metrics are given for tables with local indexes only, and only where they were asked for. */
export function itemCollectionMetrics(
  service: Service,
  mode: MetricsMode,
  table: Table,
  item: Item | undefined,
): JsonObject {
  const metrics = mode === 'SIZE' && item ? metricsOf(service, table, item) : undefined;
  return metrics ? { ItemCollectionMetrics: metrics } : {};
}

/** The same for a request that touches several tables: a list for each of them that has collections. */
export function collectionMetricsByTable(
  service: Service,
  mode: MetricsMode,
  changes: readonly ItemChange[],
): JsonObject {
  if (mode !== 'SIZE') return {};
  const byTable = new Map<string, JsonObject[]>();
  for (const { table, before, after } of changes) {
    const item = after ?? before?.item;
    const metrics = item && metricsOf(service, table, item);
    if (!metrics) continue;
    const present = byTable.get(table.name);
    if (present) present.push(metrics);
    else byTable.set(table.name, [metrics]);
  }
  return { ItemCollectionMetrics: Object.fromEntries(byTable) };
}

/** The estimate is a range of whole gigabytes; undefined for a table without local indexes. */
function metricsOf(service: Service, table: Table, item: Item): JsonObject | undefined {
  const { hash } = table.key;
  const value = attributeOf(item, hash);
  if (!value || table.record.localIndexes.length === 0) return undefined;
  // A collection on a laptop is not measured for each write: it is below a gigabyte while its whole table is.
  const gigabytes = Math.floor(service.tables.sizeBytes(table) / 2 ** 30);
  return {
    ItemCollectionKey: { [hash]: { ...value } as JsonObject },
    SizeEstimateRangeGB: [0, gigabytes + 1],
  };
}
