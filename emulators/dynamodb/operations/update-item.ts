/** UpdateItem. */
import { unreachable } from '../../../src/std/errors.ts';
import type { Answer } from '../answer.ts';
import { Consumption, consumedCapacity } from '../capacity.ts';
import type { Path } from '../expressions/path.ts';
import { makeProjector } from '../expressions/projection.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { required, structure } from '../input/collections.ts';
import {
  attributeUpdates,
  expected,
  expressionAttributeNames,
  expressionAttributeValues,
  type ReturnValues,
  returnConsumedCapacity,
  returnItemCollectionMetrics,
  returnValuesOnConditionCheckFailure,
  updateReturnValues,
  writeConditionalOperator,
  writtenTableName,
} from '../input/members.ts';
import { text } from '../input/scalars.ts';
import { itemCollectionMetrics } from '../item-collection.ts';
import { defineOperation, tableOf } from '../service.ts';
import type { StoredItem } from '../stored-item.ts';
import type { ItemChange } from '../table-store.ts';
import { attributesAnswer, decide, storedAnswer } from '../writing/item-write.ts';
import { readUpdate } from '../writing/read-update.ts';

export const updateItem = defineOperation({
  name: 'UpdateItem',
  layer: 'enveloped',
  input: structure('UpdateItemInput', {
    ReturnConsumedCapacity: returnConsumedCapacity,
    TableName: required(writtenTableName),
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
    ReturnValues: updateReturnValues,
    Key: required(attributeMap),
    AttributeUpdates: attributeUpdates,
    Expected: expected,
    ConditionalOperator: writeConditionalOperator,
    UpdateExpression: text(),
    ConditionExpression: text(),
    ExpressionAttributeNames: expressionAttributeNames,
    ExpressionAttributeValues: expressionAttributeValues,
    ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
  }),
  run(input, service, call) {
    const read = readUpdate(input);
    const table = tableOf(service, input.TableName);
    const change = decide(service, read.forTable(table));
    const [committed] = service.tables.commit([change], { kind: 'call', origin: call.origin });
    return {
      ...returned(input.ReturnValues ?? 'NONE', change, committed?.after, read.written),
      ...consumedCapacity(input.ReturnConsumedCapacity, () => {
        const consumption = new Consumption(table);
        return committed ? consumption.addChange(committed) : consumption;
      }),
      ...itemCollectionMetrics(service, input.ReturnItemCollectionMetrics, table, change.after),
    };
  },
});

/** The UPDATED kinds give the parts the update wrote to, as they are on one side of it. */
function returned(
  kind: ReturnValues,
  { before, after }: ItemChange,
  stored: StoredItem | undefined,
  written: readonly Path[],
): Answer {
  switch (kind) {
    case 'NONE':
      return {};
    case 'ALL_OLD':
      return storedAnswer(before);
    case 'ALL_NEW':
      return storedAnswer(stored);
    case 'UPDATED_OLD':
      return attributesAnswer(before && makeProjector(written)(before.item));
    case 'UPDATED_NEW':
      return attributesAnswer(after && makeProjector(written)(after));
    default:
      return unreachable(kind);
  }
}
