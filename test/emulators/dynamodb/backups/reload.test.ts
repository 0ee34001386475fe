import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { type FileStore, openTemporaryStore } from '../../../../src/std/store/store.ts';
import { saveState } from '../../saved-state.ts';
import { ordersTable, runDynamodb, type TestDynamodb } from '../running-dynamodb.ts';
import { createBackup, itemsOf, putOrders } from './backed-up.ts';

let store: FileStore;
let db: TestDynamodb;
beforeEach(async () => {
  store = openTemporaryStore();
  db = await runDynamodb(store);
  await db.call('CreateTable', ordersTable);
});
afterEach(() => db.close());

const backups = async () =>
  ((await db.call('ListBackups', {})).BackupSummaries as JsonObject[]).map((each) => each.BackupName);
const restoreBackup = async (arn: string) => {
  await db.call('RestoreTableFromBackup', { TargetTableName: 'again', BackupArn: arn });
  await db.running.settled();
  return itemsOf(db, 'again');
};

test('the backups are those of the saved state, whatever was made and deleted since', async () => {
  await putOrders(db, 0, 3);
  const arn = await createBackup(db, 'orders', 'kept');
  const restore = await saveState(store);
  await putOrders(db, 3, 5);
  await createBackup(db, 'orders', 'later');
  await db.call('DeleteBackup', { BackupArn: arn });
  await restore(db.running);
  expect(await backups()).toEqual(['kept']);
  expect(await restoreBackup(arn)).toHaveLength(3);
});

test('a backup under way in the saved state is completed as of its beginning', async () => {
  await putOrders(db, 0, 2500);
  const arn = await createBackup(db);
  const restore = await saveState(store);
  await db.running.settled();
  await putOrders(db, 0, 2600, { phase: { S: 'later' } });
  await restore(db.running);
  await putOrders(db, 2400, 2600, { phase: { S: 'later' } });
  await db.running.settled();
  const items = await restoreBackup(arn);
  expect(items).toHaveLength(2500);
  expect(items.filter(({ phase }) => phase)).toEqual([]);
});

test('a point in time of the saved state can be gone back to, one after it cannot', async () => {
  await db.call('UpdateContinuousBackups', {
    TableName: 'orders',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await putOrders(db, 0, 2);
  const at = db.world.clock.now() / 1000;
  await db.world.clock.advance(60_000);
  await putOrders(db, 0, 4, { phase: { S: 'saved' } });
  const restore = await saveState(store);
  await db.world.clock.advance(60_000);
  await putOrders(db, 0, 6, { phase: { S: 'lost' } });
  await restore(db.running);
  const goBack = async (table: string, time: number) => {
    await db.call('RestoreTableToPointInTime', {
      SourceTableName: 'orders',
      TargetTableName: table,
      RestoreDateTime: time,
    });
    await db.running.settled();
    return itemsOf(db, table);
  };
  expect(await goBack('first', at)).toHaveLength(2);
  const latest = await goBack('second', db.world.clock.now() / 1000);
  expect(latest.map(({ phase }) => phase)).toEqual(new Array(4).fill({ S: 'saved' }));
});
