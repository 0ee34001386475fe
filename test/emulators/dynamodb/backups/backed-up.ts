/** What tests of backups do again and again. */
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { order, type TestDynamodb } from '../running-dynamodb.ts';

export const arnOf = (table: string) => `arn:aws:dynamodb:eu-west-1:000000000000:table/${table}`;

/** Puts orders `from` to `to` (excluded) of one customer, as a call each or many at once. */
export async function putOrders(db: TestDynamodb, from: number, to: number, more: JsonObject = {}) {
  for (let first = from; first < to; first += 25) {
    const puts = [];
    for (let id = first; id < Math.min(to, first + 25); id++)
      puts.push({ PutRequest: { Item: order('ann', id, more) } });
    await db.call('BatchWriteItem', { RequestItems: { orders: puts } });
  }
}

export async function itemsOf(db: TestDynamodb, table: string, more: JsonObject = {}): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  let start: JsonObject | undefined;
  do {
    const page = await db.call('Scan', {
      TableName: table,
      ...more,
      ...(start && { ExclusiveStartKey: start }),
    });
    items.push(...(page.Items as JsonObject[]));
    start = page.LastEvaluatedKey as JsonObject | undefined;
  } while (start);
  return items;
}

export async function createBackup(db: TestDynamodb, table = 'orders', name = 'before'): Promise<string> {
  const { BackupDetails } = await db.call('CreateBackup', { TableName: table, BackupName: name });
  return String((BackupDetails as JsonObject).BackupArn);
}
