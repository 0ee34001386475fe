import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';
import { arnOf, itemsOf, putOrders } from './backed-up.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', ordersTable);
});
afterEach(() => db.close());

const enable = async (more: JsonObject = {}) =>
  (
    await db.call('UpdateContinuousBackups', {
      TableName: 'orders',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, ...more },
    })
  ).ContinuousBackupsDescription as JsonObject;
const disable = () =>
  db.call('UpdateContinuousBackups', {
    TableName: 'orders',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
  });
const put = (id: number, more: JsonObject = {}) =>
  db.call('PutItem', { TableName: 'orders', Item: order('ann', id, more) });
const remove = (id: number) => db.call('DeleteItem', { TableName: 'orders', Key: order('ann', id) });
const restoreAt = (at: number, TargetTableName: string) =>
  db.call('RestoreTableToPointInTime', {
    SourceTableName: 'orders',
    TargetTableName,
    RestoreDateTime: at / 1000,
  });
const historyMaps = () => db.world.store.names().filter((name) => name.startsWith('dynamodb.history/'));

test('recovery is off until it is asked for, and then reaches back to that moment', async () => {
  const describe = async () =>
    (await db.call('DescribeContinuousBackups', { TableName: 'orders' })).ContinuousBackupsDescription;
  expect(await describe()).toEqual({
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
  });
  const enabledAt = db.world.clock.now();
  await enable();
  await db.world.clock.advance(10 * DAY_MS);
  const enabled = {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 35,
      EarliestRestorableDateTime: enabledAt / 1000,
      LatestRestorableDateTime: db.world.clock.now() / 1000,
    },
  };
  expect(await describe()).toEqual(enabled);
  expect((await enable({ RecoveryPeriodInDays: 7 })).PointInTimeRecoveryDescription).toMatchObject({
    RecoveryPeriodInDays: 7,
    EarliestRestorableDateTime: (db.world.clock.now() - 7 * DAY_MS) / 1000,
  });
  await disable();
  expect((await enable()).PointInTimeRecoveryDescription).toMatchObject({
    RecoveryPeriodInDays: 35,
    EarliestRestorableDateTime: db.world.clock.now() / 1000,
  });
});

test('nothing is kept of a table that does not recover', async () => {
  await put(1);
  expect(historyMaps()).toEqual([]);
  await enable();
  await put(1);
  expect(historyMaps()).toHaveLength(1);
  await disable();
  expect(historyMaps()).toEqual([]);
});

test('a table comes back as it was at any moment', async () => {
  const { clock } = db.world;
  await put(1, { phase: { S: 'a' } });
  await enable();
  const moments: [at: number, items: JsonObject[]][] = [];
  const step = async (change: () => Promise<unknown>) => {
    await clock.advance(1000);
    await change();
    moments.push([clock.now(), await itemsOf(db, 'orders')]);
  };
  await step(() => put(1, { phase: { S: 'b' } }));
  await step(() => put(2, { phase: { S: 'b' } }));
  await step(() => remove(1));
  await step(() => put(1, { phase: { S: 'c' } }));
  await step(() => remove(2));
  await clock.advance(1000);
  await remove(1);
  for (const [i, [at, items]] of moments.entries()) {
    await restoreAt(at, `restored-${i}`);
    expect(await itemsOf(db, `restored-${i}`)).toEqual(items);
    const inIndex = await itemsOf(db, `restored-${i}`, { IndexName: 'by-phase' });
    expect(inIndex).toHaveLength(items.length);
  }
  await db.call('RestoreTableToPointInTime', {
    SourceTableArn: arnOf('orders'),
    TargetTableName: 'latest',
    UseLatestRestorableTime: true,
  });
  expect(await itemsOf(db, 'latest')).toEqual([]);
});

test('any history of writes can be taken back to any of its moments', async () => {
  const write = fc.record({
    id: fc.integer({ min: 0, max: 4 }),
    total: fc.option(fc.integer(), { nil: undefined }),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 20 }), fc.nat(), async (writes, choice) => {
      const name = `history-${run++}`;
      await db.call('CreateTable', tableInput(name, 'id:N'));
      await db.call('UpdateContinuousBackups', {
        TableName: name,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
      const states = [{ at: db.world.clock.now(), items: [] as JsonObject[] }];
      for (const { id, total } of writes) {
        await db.world.clock.advance(5);
        const key = { id: { N: String(id) } };
        if (total === undefined) await db.call('DeleteItem', { TableName: name, Key: key });
        else await db.call('PutItem', { TableName: name, Item: { ...key, total: { N: String(total) } } });
        states.push({ at: db.world.clock.now(), items: await itemsOf(db, name) });
      }
      const state = states[choice % states.length];
      const restored = `${name}-restored`;
      await db.call('RestoreTableToPointInTime', {
        SourceTableName: name,
        TargetTableName: restored,
        RestoreDateTime: (state?.at ?? 0) / 1000,
      });
      expect(await itemsOf(db, restored)).toEqual(state?.items);
    }),
    { numRuns: 25 },
  );
});

test('a large table is restored while it is written to', async () => {
  await putOrders(db, 0, 2500, { phase: { S: 'old' } });
  await enable();
  const { clock } = db.world;
  const at = clock.now();
  await clock.advance(1000);
  for (let id = 0; id < 2500; id += 50) await remove(id);
  await restoreAt(at, 'again');
  for (let id = 1; id < 2500; id += 50) await remove(id);
  await putOrders(db, 9000, 9010);
  await db.running.settled();
  expect(await itemsOf(db, 'again', { IndexName: 'by-phase' })).toHaveLength(2500);
});

test('items that expire come back too', async () => {
  const { clock } = db.world;
  await db.call('UpdateTimeToLive', {
    TableName: 'orders',
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' },
  });
  await enable();
  await put(1, { until: { N: String(Math.floor(clock.now() / 1000) + 10) } });
  const at = clock.now();
  await clock.advance(60_000);
  expect(await itemsOf(db, 'orders')).toEqual([]);
  await restoreAt(at, 'again');
  expect(await itemsOf(db, 'again')).toHaveLength(1);
});

test('what is older than the period is forgotten', async () => {
  const { clock } = db.world;
  await enable({ RecoveryPeriodInDays: 1 });
  for (let day = 0; day < 4; day++) {
    await put(day);
    await clock.advance(DAY_MS);
  }
  await clock.advance(2 * 60 * 60 * 1000);
  const [name = ''] = historyMaps();
  expect(db.world.store.map(name, { keys: 'bytes', values: 'string' }).count()).toBe(0);
});

test('times outside the window, and requests without one, are refused in the words and the order of the service', async () => {
  const { clock } = db.world;
  const refused = (input: JsonObject) =>
    db.refusal('RestoreTableToPointInTime', {
      SourceTableName: 'orders',
      TargetTableName: 'again',
      ...input,
    });
  const now = () => clock.now() / 1000;
  expect(await refused({ UseLatestRestorableTime: true })).toBe(
    "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table 'orders'",
  );
  expect(await refused({ SourceTableName: 'missing', UseLatestRestorableTime: true })).toBe(
    'TableNotFoundException: Table not found: missing',
  );
  await enable();
  await clock.advance(60_000);
  expect(await refused({})).toContain(
    'Either one of RestoreDateTime or UseLatestRestorableTime must be specified',
  );
  expect(await refused({ UseLatestRestorableTime: true, RestoreDateTime: now() })).toContain(
    'Both RestoreDateTime and UseLatestRestorableTime cannot be set',
  );
  expect(await refused({ RestoreDateTime: now() + 1, TargetTableName: 'orders' })).toBe(
    "InvalidRestoreTimeException: RestoreDateTime '2026-01-01T00:01:01Z' must be within EarliestRestorableDateTime " +
      "'2026-01-01T00:00:00Z' and LatestRestorableDateTime '2026-01-01T00:01:00Z'",
  );
  expect(await refused({ RestoreDateTime: now() - 61 })).toContain('InvalidRestoreTimeException');
  expect(await refused({ UseLatestRestorableTime: true, TargetTableName: 'orders' })).toBe(
    'TableAlreadyExistsException: Table already exists: orders',
  );
  expect(await refused({ SourceTableArn: arnOf('orders'), UseLatestRestorableTime: true })).toContain(
    'Must provide exactly one of',
  );
  expect(
    await db.refusal('UpdateContinuousBackups', {
      TableName: 'orders',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 36 },
    }),
  ).toContain("'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint");
});

test('a table that recovers is backed up by the system when it is deleted, for 35 days', async () => {
  await enable();
  await put(1);
  const { clock } = db.world;
  await db.call('DeleteTable', { TableName: 'orders' });
  const system = async () =>
    (await db.call('ListBackups', { TableName: 'orders', BackupType: 'SYSTEM' }))
      .BackupSummaries as JsonObject[];
  const [backup] = await system();
  expect(backup).toMatchObject({
    BackupName: 'orders$DeletedTableBackup',
    BackupArn: expect.stringMatching(/-00000000$/),
    BackupStatus: 'AVAILABLE',
    BackupExpiryDateTime: (clock.now() + 35 * DAY_MS) / 1000,
  });
  const arn = String(backup?.BackupArn);
  expect(await db.refusal('DeleteBackup', { BackupArn: arn })).toContain(
    'not allowed to delete the system backup',
  );
  await db.call('RestoreTableFromBackup', { BackupArn: arn, TargetTableName: 'orders' });
  expect(await itemsOf(db, 'orders')).toHaveLength(1);
  await clock.advance(35 * DAY_MS);
  expect(await system()).toEqual([]);
});
