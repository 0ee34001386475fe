/** PutItem. */
import type { JsonObject } from '../../../src/model/emulator.ts';
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
import { decide, storedAnswer } from '../writing/item-write.ts';
import { readPut } from '../writing/read-put.ts';
import { readScannedPut, ScannedPut, scanPut } from '../writing/scan-put.ts';

export const putItem = defineOperation({
  name: 'PutItem',
  layer: 'enveloped',
  input: structure('PutItemInput', {
    ReturnConsumedCapacity: returnConsumedCapacity,
    TableName: required(writtenTableName),
    Item: required(attributeMap),
    ReturnValues: returnValues,
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
    Expected: expected,
    ConditionalOperator: writeConditionalOperator,
    ConditionExpression: text(),
    ExpressionAttributeNames: expressionAttributeNames,
    ExpressionAttributeValues: expressionAttributeValues,
    ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
  }),
  // Stands for the parsed request until it is asked for by its class.
  scan: (text) => scanPut(text) as unknown as JsonObject | undefined,
  runScanned(input, service, call) {
    if (!(input instanceof ScannedPut)) return undefined;
    const read = readScannedPut(input);
    const change = decide(service, read.forTable(tableOf(service, read.tableName)));
    service.tables.commit([change], { kind: 'call', origin: call.origin });
    return {};
  },
  run(input, service, call) {
    const read = readPut(input);
    if (input.ReturnValues !== undefined && input.ReturnValues !== 'ALL_OLD' && input.ReturnValues !== 'NONE')
      throw requestError('ReturnValues can only be ALL_OLD or NONE');
    const table = tableOf(service, input.TableName);
    const change = decide(service, read.forTable(table));
    const [committed] = service.tables.commit([change], { kind: 'call', origin: call.origin });
    return {
      ...(input.ReturnValues === 'ALL_OLD' ? storedAnswer(change.before) : {}),
      ...consumedCapacity(input.ReturnConsumedCapacity, () => {
        const consumption = new Consumption(table);
        return committed ? consumption.addChange(committed) : consumption;
      }),
      ...itemCollectionMetrics(service, input.ReturnItemCollectionMetrics, table, change.after),
    };
  },
});
