/** BatchWriteItem: puts and deletes, each on its own. */
import { Consumption, consumedCapacities } from '../capacity.ts';
import { validationError } from '../errors.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { list, map, required, structure } from '../input/collections.ts';
import { returnConsumedCapacity, returnItemCollectionMetrics, tableNameKeys } from '../input/members.ts';
import { reworded, type TypeOf } from '../input/shape.ts';
import { collectionMetricsByTable } from '../item-collection.ts';
import { defineOperation, type Service, tableOf } from '../service.ts';
import type { CommittedChange, ItemChange } from '../table-store.ts';
import { checkItemKey, checkItemSize, checkKey } from '../tables/check-keys.ts';
import type { Table } from '../tables/table.ts';
import type { Item } from '../values/attribute-value.ts';
import { type ItemSizes, itemSizes } from '../values/item-size.ts';
import { validateItem } from '../values/validate-value.ts';

const MAX_REQUESTS = 25;

const writeRequest = structure('WriteRequest', {
  PutRequest: structure('PutRequest', { Item: required(attributeMap) }),
  DeleteRequest: structure('DeleteRequest', { Key: required(attributeMap) }),
});
type WriteRequest = TypeOf<typeof writeRequest>;

const requestItems = reworded(
  map(list(writeRequest), {
    minLength: 1,
    keys: tableNameKeys,
    values: { minLength: 1, maxLength: MAX_REQUESTS },
  }),
  (constraint) =>
    constraint.startsWith('Member must have length')
      ? { alone: 'The requestItems parameter is required for BatchWriteItem' }
      : undefined,
);

type Action = { readonly put: Item; readonly sizes: ItemSizes } | { readonly delete: Item };

export const batchWriteItem = defineOperation({
  name: 'BatchWriteItem',
  input: structure('BatchWriteItemInput', {
    ReturnConsumedCapacity: returnConsumedCapacity,
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
    RequestItems: required(requestItems),
  }),
  run(input, service, call) {
    const requests = Object.entries(input.RequestItems).map(([name, writes]) => ({
      name,
      actions: writes.map(readAction),
    }));
    if (requests.reduce((sum, { actions }) => sum + actions.length, 0) > MAX_REQUESTS)
      throw validationError('Too many items requested for the BatchWriteItem call');
    const tables = requests.map(({ name, actions }) => ({ table: tableOf(service, name), actions }));
    const changes = tables.flatMap(({ table, actions }) => changesOf(service, table, actions));
    const committed = service.tables.commit(changes, { kind: 'call', origin: call.origin });
    return {
      UnprocessedItems: {},
      ...collectionMetricsByTable(service, input.ReturnItemCollectionMetrics, changes),
      ...consumedCapacities(input.ReturnConsumedCapacity, () => consumptionsOf(committed)),
    };
  },
});

function readAction({ PutRequest: put, DeleteRequest: remove }: WriteRequest): Action {
  // For none of the two the service says this as well.
  if ((put === undefined) === (remove === undefined))
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  if (!put) return { delete: validateItem(remove?.Key ?? {}) };
  const item = validateItem(put.Item);
  const sizes = itemSizes(item);
  checkItemSize(sizes.size);
  return { put: item, sizes };
}

function changesOf(service: Service, table: Table, actions: readonly Action[]): readonly ItemChange[] {
  const seen = new Set<string>();
  return actions.map((action) => {
    const key = checkedKey(table, action);
    const text = Buffer.from(key).toString('latin1');
    if (seen.has(text)) throw validationError('Provided list of item keys contains duplicates');
    seen.add(text);
    const before = service.tables.get(table, key);
    return 'put' in action
      ? { table, key, before, after: action.put, sizes: action.sizes }
      : { table, key, before, after: undefined };
  });
}

function checkedKey(table: Table, action: Action): Uint8Array {
  if ('put' in action) {
    checkItemKey(table, action.put);
    return table.layout.keyOf(action.put);
  }
  checkKey(table, action.delete);
  return table.layout.keyOf(action.delete);
}

function consumptionsOf(committed: readonly CommittedChange[]): Iterable<Consumption> {
  const byTable = new Map<string, Consumption>();
  for (const change of committed) {
    const consumption = byTable.get(change.table.name) ?? new Consumption(change.table);
    byTable.set(change.table.name, consumption.addChange(change));
  }
  return byTable.values();
}
