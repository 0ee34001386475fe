/** TransactWriteItems: puts, updates, deletes and checks of up to 100 items, all or none. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { Consumption, consumedCapacities } from '../capacity.ts';
import { validationError } from '../errors.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { list, required, structure } from '../input/collections.ts';
import { withoutIdlePlaceholders } from '../input/expression-parameters.ts';
import {
  expressionAttributeNames,
  expressionAttributeValues,
  returnConsumedCapacity,
  returnItemCollectionMetrics,
  returnValuesOnConditionCheckFailure,
  tableName,
} from '../input/members.ts';
import { text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { collectionMetricsByTable } from '../item-collection.ts';
import { defineOperation, tableOf } from '../service.ts';
import type { CommittedChange, ItemChange } from '../table-store.ts';
import { itemSize } from '../values/item-size.ts';
import { validateItem } from '../values/validate-value.ts';
import { isIdle, type ReadWrite } from '../writing/item-write.ts';
import { readConditionCheck, readDelete } from '../writing/read-delete.ts';
import { readPut } from '../writing/read-put.ts';
import { readUpdate } from '../writing/read-update.ts';
import { consumedAgain, unitsOfReplay } from '../writing/replay.ts';
import { checkTransactionSize, decideAll, MAX_TRANSACTION_ACTIONS } from '../writing/transaction.ts';

const placeholders = {
  ExpressionAttributeNames: expressionAttributeNames,
  ExpressionAttributeValues: expressionAttributeValues,
  ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
};

const transactWriteItem = structure('TransactWriteItem', {
  ConditionCheck: structure('ConditionCheck', {
    Key: required(attributeMap),
    TableName: required(tableName),
    ConditionExpression: required(text()),
    ...placeholders,
  }),
  Put: structure('Put', {
    Item: required(attributeMap),
    TableName: required(tableName),
    ConditionExpression: text(),
    ...placeholders,
  }),
  Delete: structure('Delete', {
    Key: required(attributeMap),
    TableName: required(tableName),
    ConditionExpression: text(),
    ...placeholders,
  }),
  Update: structure('Update', {
    Key: required(attributeMap),
    UpdateExpression: required(text()),
    TableName: required(tableName),
    ConditionExpression: text(),
    ...placeholders,
  }),
});
type TransactWriteItem = TypeOf<typeof transactWriteItem>;

export const transactWriteItems = defineOperation({
  name: 'TransactWriteItems',
  input: structure('TransactWriteItemsInput', {
    ReturnConsumedCapacity: returnConsumedCapacity,
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
    ClientRequestToken: text({ minLength: 1, maxLength: 36 }),
    TransactItems: required(list(transactWriteItem, { minLength: 1, maxLength: MAX_TRANSACTION_ACTIONS })),
  }),
  run(input, service, call) {
    const { ClientRequestToken: token } = input;
    const request = token === undefined ? '' : JSON.stringify(input.TransactItems);
    const repeated = token === undefined ? undefined : service.tokens.find(token, request);
    if (repeated) return consumedAgain(repeated, input.ReturnConsumedCapacity);
    const reads = input.TransactItems.map(readAction);
    checkTransactionSize(input.TransactItems.map(payloadSize));
    const actions = reads.map((read) => ({
      read,
      table: tableOf(service, read.tableName),
    }));
    const decided = decideAll(service, actions);
    const isCheck = input.TransactItems.map(({ ConditionCheck: check }) => check !== undefined);
    const changes = decided.filter((change, i) => !isCheck[i] && !isIdle(change));
    const committed = service.tables.commit(changes, { kind: 'call', origin: call.origin });
    if (token !== undefined) service.tokens.remember(token, request, unitsOfReplay(decided));
    return {
      ...collectionMetricsByTable(service, input.ReturnItemCollectionMetrics, decided),
      ...consumedCapacities(input.ReturnConsumedCapacity, () => consumptionsOf(decided, committed)),
    };
  },
});

/** Everything costs twice; a check and a delete of nothing cost what a write of that item would. */
export function consumptionsOf(
  decided: readonly ItemChange[],
  committed: readonly CommittedChange[],
): Iterable<Consumption> {
  const written = new Map(committed.map((change) => [change.key, change]));
  const consumptions = new Map<string, Consumption>();
  for (const { table, key, before } of decided) {
    const consumption = consumptions.get(table.name) ?? new Consumption(table, 'write');
    consumption.addChange(written.get(key) ?? { before, after: undefined, indexWrites: [] }, 2);
    consumptions.set(table.name, consumption);
  }
  return consumptions.values();
}

/** Bytes of the item or key and of the values that come with it, of an action that has been read. */
function payloadSize(item: TransactWriteItem): number {
  const { ConditionCheck: check, Put: put, Delete: remove, Update: update } = item;
  const subject = put?.Item ?? (check ?? remove ?? update)?.Key;
  // Values that no expression asks for were not looked at: they may be anything.
  const conditional = put ?? remove;
  const areIdle = conditional && conditional.ConditionExpression === undefined;
  const values = areIdle ? undefined : (check ?? update ?? conditional)?.ExpressionAttributeValues;
  return sizeOf(subject) + sizeOf(values);
}

function sizeOf(members: JsonObject | undefined): number {
  return members ? itemSize(validateItem(members)) : 0;
}

function readAction(item: TransactWriteItem): ReadWrite {
  const { ConditionCheck: check, Put: put, Delete: remove, Update: update } = item;
  if ([check, put, remove, update].filter((action) => action !== undefined).length !== 1)
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  if (check) return readConditionCheck(check);
  if (put) return readPut(withoutIdlePlaceholders(put, ['ConditionExpression']));
  if (remove) return readDelete(withoutIdlePlaceholders(remove, ['ConditionExpression']));
  if (update) return readUpdate(update);
  throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
}
