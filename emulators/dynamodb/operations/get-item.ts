/** GetItem. */
import { Consumption, consumedCapacity, readUnits } from '../capacity.ts';
import { makeProjector } from '../expressions/projection.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { required, structure } from '../input/collections.ts';
import {
  attributesToGet,
  expressionAttributeNames,
  returnConsumedCapacity,
  tableName,
} from '../input/members.ts';
import { boolean, text } from '../input/scalars.ts';
import { readGet } from '../reading/read-get.ts';
import { defineOperation, tableOf } from '../service.ts';
import { checkKey } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import { validateItem } from '../values/validate-value.ts';
import { asJson } from '../writing/conditions.ts';

export const getItem = defineOperation({
  name: 'GetItem',
  layer: 'newer',
  input: structure('GetItemInput', {
    AttributesToGet: attributesToGet,
    ReturnConsumedCapacity: returnConsumedCapacity,
    Key: required(attributeMap),
    TableName: required(tableName),
    ConsistentRead: boolean,
    ProjectionExpression: text(),
    ExpressionAttributeNames: expressionAttributeNames,
  }),
  run(input, service) {
    const { keys, paths } = readGet(input, () => [validateItem(input.Key)]);
    const table = tableOf(service, input.TableName);
    const [key = {}] = keys;
    checkKey(table, key);
    if (paths) checkScalarKeys(table, paths);
    const stored = service.tables.get(table, table.layout.keyOf(key));
    return {
      ...(stored && { Item: paths ? asJson(makeProjector(paths)(stored.item)) : stored }),
      ...consumedCapacity(input.ReturnConsumedCapacity, () =>
        new Consumption(table).addTable(readUnits(stored?.size ?? 0, input.ConsistentRead === true)),
      ),
    };
  },
});
