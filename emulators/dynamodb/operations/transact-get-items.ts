/** TransactGetItems: all items as of one moment, which within one process is any. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { Consumption, consumedCapacities, readUnits } from '../capacity.ts';
import { makeProjector } from '../expressions/projection.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { list, required, structure } from '../input/collections.ts';
import { expressionAttributeNames, returnConsumedCapacity, tableName } from '../input/members.ts';
import { text } from '../input/scalars.ts';
import { readGet } from '../reading/read-get.ts';
import { defineOperation, tableOf } from '../service.ts';
import { checkKey } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import { validateItem } from '../values/validate-value.ts';
import { allOrCancel, attempt, checkDistinct, MAX_TRANSACTION_ACTIONS } from '../writing/transaction.ts';

export const transactGetItems = defineOperation({
  name: 'TransactGetItems',
  input: structure('TransactGetItemsInput', {
    ReturnConsumedCapacity: returnConsumedCapacity,
    TransactItems: required(
      list(
        structure('TransactGetItem', {
          Get: required(
            structure('Get', {
              Key: required(attributeMap),
              TableName: required(tableName),
              ProjectionExpression: text(),
              ExpressionAttributeNames: expressionAttributeNames,
            }),
          ),
        }),
        { minLength: 1, maxLength: MAX_TRANSACTION_ACTIONS },
      ),
    ),
  }),
  run(input, service) {
    const gets = input.TransactItems.map(({ Get: get }) => ({
      tableName: get.TableName,
      ...readGet(get, () => [validateItem(get.Key)]),
    }));
    const located = allOrCancel(
      gets
        .map((get) => ({ ...get, table: tableOf(service, get.tableName) }))
        .map(({ table, keys: [key = {}], paths }) =>
          attempt(() => {
            checkKey(table, key);
            if (paths) checkScalarKeys(table, paths);
            return { table, key: table.layout.keyOf(key), project: paths && makeProjector(paths) };
          }),
        ),
    );
    checkDistinct(located);
    const consumptions = new Map<string, Consumption>();
    const responses = located.map(({ table, key, project }): JsonObject => {
      const stored = service.tables.get(table, key);
      const consumption = consumptions.get(table.name) ?? new Consumption(table, 'read');
      consumptions.set(table.name, consumption.addTable(2 * readUnits(stored?.size ?? 0, true)));
      if (!stored) return {};
      return { Item: (project ? project(stored.item) : stored.item) as JsonObject };
    });
    return {
      Responses: responses,
      ...consumedCapacities(input.ReturnConsumedCapacity, () => consumptions.values()),
    };
  },
});
