/** TransactGetItems: all items as of one moment, which within one process is any. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { AnswerPart } from '../answer.ts';
import { Consumption, consumedCapacities, readUnits } from '../capacity.ts';
import { makeProjector } from '../expressions/projection.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { list, required, structure } from '../input/collections.ts';
import { withoutIdlePlaceholders } from '../input/expression-parameters.ts';
import { expressionAttributeNames, returnConsumedCapacity, tableName } from '../input/members.ts';
import { text } from '../input/scalars.ts';
import { readGet } from '../reading/read-get.ts';
import { defineOperation, tableOf } from '../service.ts';
import { checkKey } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import { validateItem } from '../values/validate-value.ts';
import {
  checkDistinct,
  checkTransactionSize,
  eachOrCancel,
  MAX_TRANSACTION_ACTIONS,
} from '../writing/transaction.ts';

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
      ...readGet(withoutIdlePlaceholders(get, ['ProjectionExpression']), () => [validateItem(get.Key)]),
    }));
    const located = eachOrCancel(
      gets.map((get) => ({ ...get, table: tableOf(service, get.tableName) })),
      ({ table, keys: [key = {}], paths }) => {
        checkKey(table, key);
        if (paths) checkScalarKeys(table, paths);
        return { table, key: table.layout.keyOf(key), project: paths && makeProjector(paths) };
      },
    );
    checkDistinct(located);
    const found = located.map((get) => ({ ...get, stored: service.tables.get(get.table, get.key) }));
    checkTransactionSize(found.map(({ stored }) => stored?.size ?? 0));
    const consumptions = new Map<string, Consumption>();
    const responses = found.map(({ table, project, stored }) => {
      const consumption = consumptions.get(table.name) ?? new Consumption(table, 'read');
      consumptions.set(table.name, consumption.addTable(2 * readUnits(stored?.size ?? 0, true)));
      if (!stored) return new AnswerPart({});
      if (!project) return new AnswerPart({ Item: stored });
      const item = project(stored.item);
      // Nothing left of an item is no item here, where GetItem gives an empty one.
      return new AnswerPart(Object.keys(item).length > 0 ? { Item: item as JsonObject } : {});
    });
    return {
      Responses: responses,
      ...consumedCapacities(input.ReturnConsumedCapacity, () => consumptions.values()),
    };
  },
});
