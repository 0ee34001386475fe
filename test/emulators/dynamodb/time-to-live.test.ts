import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CommittedChange } from '../../../emulators/dynamodb/table-store.ts';
import { runDynamodb, type TestDynamodb, tableInput } from './running-dynamodb.ts';

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', tableInput('sessions', 'id:S'));
});
afterEach(() => db.close());

const enable = (Enabled = true, AttributeName = 'until') =>
  db.call('UpdateTimeToLive', { TableName: 'sessions', TimeToLiveSpecification: { Enabled, AttributeName } });
const inSeconds = (seconds: number) => String(Math.floor(db.world.clock.now() / 1000) + seconds);
const put = (id: string, until?: string) =>
  db.call('PutItem', {
    TableName: 'sessions',
    Item: { id: { S: id }, ...(until && { until: { N: until } }) },
  });
const present = async () => {
  const { Items } = await db.call('Scan', { TableName: 'sessions' });
  return (Items as { id: { S: string } }[]).map(({ id }) => id.S).sort();
};

test('items go when their time has come by the product clock, others stay', async () => {
  await enable();
  await put('soon', inSeconds(10));
  await put('later', inSeconds(100));
  await put('never');
  await db.call('PutItem', {
    TableName: 'sessions',
    Item: { id: { S: 'text' }, until: { S: inSeconds(10) } },
  });
  await db.world.clock.advance(9_999);
  expect(await present()).toEqual(['later', 'never', 'soon', 'text']);
  await db.world.clock.advance(1);
  expect(await present()).toEqual(['later', 'never', 'text']);
  await db.world.clock.advance(90_000);
  expect(await present()).toEqual(['never', 'text']);
});

test('a time that is moved on keeps the item, and one that is taken away too', async () => {
  await enable();
  await put('a', inSeconds(10));
  await put('b', inSeconds(10));
  await put('a', inSeconds(60));
  await put('b');
  await db.world.clock.advance(30_000);
  expect(await present()).toEqual(['a', 'b']);
  await db.world.clock.advance(30_000);
  expect(await present()).toEqual(['b']);
});

test('items older than the setting expire too, those overdue by more than five years do not', async () => {
  await put('overdue', inSeconds(-60));
  await put('mistake', inSeconds(-6 * 365 * 24 * 3600));
  await enable();
  await db.world.clock.advance(0);
  expect(await present()).toEqual(['mistake']);
});

test('expiry goes on in the next session', async () => {
  await enable();
  await put('a', inSeconds(10));
  await db.running.close();
  const next = await runDynamodb(db.world.store, db.world.clock);
  await db.world.clock.advance(10_000);
  expect(await next.call('Scan', { TableName: 'sessions' })).toMatchObject({ Count: 0 });
  await next.running.close();
});

test('an expired item is reported as the service’s own doing, with its old image and its index entries gone', async () => {
  const seen: { cause: string; changes: readonly CommittedChange[] }[] = [];
  await enable();
  await put('a', inSeconds(1));
  db.running.onChange((changes, cause) => seen.push({ cause: cause.kind, changes }));
  await db.world.clock.advance(1000);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.cause).toBe('expiry');
  expect(seen[0]?.changes[0]?.before?.item).toMatchObject({ id: { S: 'a' } });
  expect(seen[0]?.changes[0]?.after).toBeUndefined();
});

test('thousands of items that expire at once all go', async () => {
  await enable();
  const at = inSeconds(5);
  for (let i = 0; i < 1200; i++) await put(`item ${i}`, at);
  await db.world.clock.advance(5000);
  expect(await present()).toEqual([]);
});

test('the setting is described, and changes to what is already so are refused', async () => {
  const describe = async () =>
    (await db.call('DescribeTimeToLive', { TableName: 'sessions' })).TimeToLiveDescription;
  const refusal = (Enabled: boolean, AttributeName: string) =>
    db.refusal('UpdateTimeToLive', {
      TableName: 'sessions',
      TimeToLiveSpecification: { Enabled, AttributeName },
    });
  expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  expect(await refusal(false, 'until')).toBe('TimeToLive is already disabled');
  expect(await enable()).toEqual({ TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' } });
  expect(await describe()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'until' });
  expect(await refusal(true, 'until')).toBe('TimeToLive is already enabled');
  expect(await refusal(false, 'other')).toBe(
    'TimeToLive is active on a different AttributeName: current AttributeName is until',
  );
  expect(await refusal(true, 'other')).toContain('TimeToLive is active on a different AttributeName');
  expect(await refusal(false, 'until')).toBe(
    'Time to live has been modified multiple times within a fixed interval',
  );
  await db.world.clock.advance(30 * 60 * 1000);
  await enable(false);
  await put('a', inSeconds(1));
  await db.world.clock.advance(5000);
  expect(await present()).toEqual(['a']);
});
