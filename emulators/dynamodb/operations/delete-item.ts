/** DeleteItem. */
import { Consumption, consumedCapacity } from '../capacity.ts';
import { requestError } from '../errors.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { required, structure } from '../input/collections.ts';
import {
  expected,
  expressionAttributeNames,
  expressionAttributeValues,
  returnConsumedCapacity,
  returnItemCollectionMetrics,
  returnValues,
  returnValuesOnConditionCheckFailure,
  writeConditionalOperator,
  writtenTableName,
} from '../input/members.ts';
import { text } from '../input/scalars.ts';
import { itemCollectionMetrics } from '../item-collection.ts';
import { defineOperation, tableOf } from '../service.ts';
import { decide, isIdle, storedAnswer } from '../writing/item-write.ts';
import { readDelete } from '../writing/read-delete.ts';

export const deleteItem = defineOperation({
  name: 'DeleteItem',
  layer: 'enveloped',
  input: structure('DeleteItemInput', {
    ReturnConsumedCapacity: returnConsumedCapacity,
    TableName: required(writtenTableName),
    ReturnValues: returnValues,
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
    Key: required(attributeMap),
    Expected: expected,
    ConditionalOperator: writeConditionalOperator,
    ConditionExpression: text(),
    ExpressionAttributeNames: expressionAttributeNames,
    ExpressionAttributeValues: expressionAttributeValues,
    ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
  }),
  run(input, service, call) {
    const read = readDelete(input);
    if (input.ReturnValues !== undefined && input.ReturnValues !== 'ALL_OLD' && input.ReturnValues !== 'NONE')
      throw requestError('ReturnValues can only be ALL_OLD or NONE');
    const table = tableOf(service, input.TableName);
    const change = decide(service, read.forTable(table));
    const [committed] = isIdle(change)
      ? []
      : service.tables.commit([change], { kind: 'call', origin: call.origin });
    return {
      ...(input.ReturnValues === 'ALL_OLD' ? storedAnswer(change.before) : {}),
      ...consumedCapacity(input.ReturnConsumedCapacity, () => {
        const consumption = new Consumption(table);
        return committed ? consumption.addChange(committed) : consumption.addTable(1);
      }),
      ...itemCollectionMetrics(service, input.ReturnItemCollectionMetrics, table, change.before?.item),
    };
  },
});
