import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { arnOf, itemsOf, putOrders } from '../backups/backed-up.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb, tableInput } from '../running-dynamodb.ts';

const MINUTE_MS = 60_000;

let db: TestDynamodb;
beforeEach(async () => {
  db = await runDynamodb();
  await db.call('CreateTable', ordersTable);
});
afterEach(async () => {
  await db.close();
  rmSync(db.world.context.folder, { recursive: true, force: true });
});

const recover = () =>
  db.call('UpdateContinuousBackups', {
    TableName: 'orders',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
const put = (id: number, more: JsonObject = {}) =>
  db.call('PutItem', { TableName: 'orders', Item: order('ann', id, more) });
const remove = (id: number) => db.call('DeleteItem', { TableName: 'orders', Key: order('ann', id) });

const request = (more: JsonObject = {}) => ({ TableArn: arnOf('orders'), S3Bucket: 'my-bucket', ...more });
async function exportOrders(more: JsonObject = {}): Promise<JsonObject> {
  const { ExportDescription } = await db.call('ExportTableToPointInTime', request(more));
  await db.running.settled();
  const { ExportArn } = ExportDescription as JsonObject;
  return (await db.call('DescribeExport', { ExportArn: ExportArn ?? '' })).ExportDescription as JsonObject;
}
const file = (key: string) => readFileSync(join(db.world.context.folder, 'exports', 'my-bucket', key));
const json = (key: string) => JSON.parse(file(key).toString()) as JsonObject;
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonObject);
/** The lines of the data files an export names. */
function dataOf({ ExportManifest: manifest }: JsonObject): JsonObject[] {
  const files = linesOf(file(String(json(String(manifest)).manifestFilesS3Key)).toString());
  return files.flatMap(({ dataFileS3Key: key }) => linesOf(gunzipSync(file(String(key))).toString()));
}

test('a full export holds the items, with manifests in the layout of the service', async () => {
  await recover();
  await put(1, { phase: { S: 'new' }, raw: { B: 'AQI=' } });
  await put(2);
  const at = db.world.clock.now();
  const { ExportDescription } = await db.call('ExportTableToPointInTime', request({ S3Prefix: 'nightly/' }));
  const { TableId } = (await db.call('DescribeTable', { TableName: 'orders' })).Table as JsonObject;
  const begun = {
    ExportArn: expect.stringMatching(/:table\/orders\/export\/\d{14}-[0-9a-f]{8}$/),
    StartTime: at / 1000,
    ExportTime: at / 1000,
    TableArn: arnOf('orders'),
    TableId,
    ClientToken: expect.any(String),
    S3Bucket: 'my-bucket',
    S3Prefix: 'nightly/',
    S3SseAlgorithm: 'AES256',
    ExportFormat: 'DYNAMODB_JSON',
    ExportType: 'FULL_EXPORT',
  };
  expect(ExportDescription).toEqual({ ...begun, ExportStatus: 'IN_PROGRESS' });
  await db.running.settled();
  const { ExportArn: arn = '' } = ExportDescription as JsonObject;
  const done = (await db.call('DescribeExport', { ExportArn: arn })).ExportDescription as JsonObject;
  const folder = `nightly/AWSDynamoDB/${String(arn).split('/').at(-1)}`;
  expect(done).toEqual({
    ...begun,
    ExportStatus: 'COMPLETED',
    EndTime: at / 1000,
    ExportManifest: `${folder}/manifest-summary.json`,
    ItemCount: 2,
    BilledSizeBytes: 43,
  });
  expect(dataOf(done)).toEqual(
    expect.arrayContaining([
      { Item: order('ann', 1, { phase: { S: 'new' }, raw: { B: 'AQI=' } }) },
      { Item: order('ann', 2) },
    ]),
  );
  expect(json(`${folder}/manifest-summary.json`)).toEqual({
    version: '2020-06-30',
    exportArn: arn,
    startTime: '2026-01-01T00:00:00.000Z',
    endTime: '2026-01-01T00:00:00.000Z',
    tableArn: arnOf('orders'),
    tableId: TableId,
    exportTime: '2026-01-01T00:00:00.000Z',
    s3Bucket: 'my-bucket',
    s3Prefix: 'nightly/',
    s3SseAlgorithm: 'AES256',
    s3SseKmsKeyId: null,
    manifestFilesS3Key: `${folder}/manifest-files.json`,
    billedSizeBytes: 43,
    itemCount: 2,
    outputFormat: 'DYNAMODB_JSON',
    exportType: 'FULL_EXPORT',
  });
  const [data] = linesOf(file(`${folder}/manifest-files.json`).toString());
  expect(data).toMatchObject({ itemCount: 2, dataFileS3Key: expect.stringContaining(`${folder}/data/`) });
  expect(data?.md5Checksum).toBe(
    createHash('md5')
      .update(file(String(data?.dataFileS3Key)))
      .digest('base64'),
  );
  expect(file(`${folder}/_started`)).toHaveLength(0);
});

test('an export is of the moment it names, while the table is written to', async () => {
  const { clock } = db.world;
  await putOrders(db, 0, 1200, { phase: { S: 'old' } });
  await recover();
  const then = clock.now();
  await clock.advance(MINUTE_MS);
  for (let id = 0; id < 100; id++) await put(id, { phase: { S: 'changed' } });
  const { ExportDescription } = await db.call(
    'ExportTableToPointInTime',
    request({ ExportTime: then / 1000 }),
  );
  await remove(500);
  await db.running.settled();
  const { ExportArn: arn = '' } = ExportDescription as JsonObject;
  const done = (await db.call('DescribeExport', { ExportArn: arn })).ExportDescription as JsonObject;
  expect(done).toMatchObject({ ExportStatus: 'COMPLETED', ItemCount: 1200 });
  const phases = dataOf(done).map(({ Item: item }) => (item as JsonObject).phase);
  expect(new Set(phases.map((phase) => JSON.stringify(phase)))).toEqual(new Set(['{"S":"old"}']));
  expect(db.world.store.names().filter((name) => name.startsWith('dynamodb.scratch/'))).toEqual([]);
});

test('an incremental export holds what became of each item in the window', async () => {
  const { clock } = db.world;
  await put(1, { n: { N: '1' } });
  await put(2, { n: { N: '1' } });
  await put(3, { n: { N: '1' } });
  await recover();
  await clock.advance(MINUTE_MS);
  const from = clock.now();
  await put(1, { n: { N: '2' } });
  await put(1, { n: { N: '3' } });
  await remove(2);
  await put(4, { n: { N: '1' } });
  await put(5);
  await remove(5);
  const wroteAt = clock.now();
  await clock.advance(20 * MINUTE_MS);
  const to = clock.now();
  await put(1, { n: { N: '9' } });
  await put(3, { n: { N: '9' } });
  const window = { ExportFromTime: from / 1000, ExportToTime: to / 1000 };
  const incremental = (more: JsonObject = {}) =>
    exportOrders({
      ExportType: 'INCREMENTAL_EXPORT',
      IncrementalExportSpecification: { ...window, ...more },
    });
  const done = await incremental();
  expect(done).toMatchObject({
    ExportStatus: 'COMPLETED',
    ItemCount: 3,
    ExportType: 'INCREMENTAL_EXPORT',
    IncrementalExportSpecification: { ...window, ExportViewType: 'NEW_AND_OLD_IMAGES' },
  });
  const change = (id: number, old?: string, now?: string) => ({
    Metadata: { WriteTimestampMicros: { N: String(wroteAt * 1000) } },
    Keys: order('ann', id),
    ...(old && { OldImage: order('ann', id, { n: { N: old } }) }),
    ...(now && { NewImage: order('ann', id, { n: { N: now } }) }),
  });
  expect(dataOf(done)).toEqual([change(1, '1', '3'), change(2, '1'), change(4, undefined, '1')]);
  const [data] = linesOf(file(String(json(String(done.ExportManifest)).manifestFilesS3Key)).toString());
  expect(data?.dataFileS3Key).toMatch(/^AWSDynamoDB\/data\/[0-9a-f]+\.json\.gz$/);
  expect(dataOf(await incremental({ ExportViewType: 'NEW_IMAGE' }))).toEqual([
    change(1, undefined, '3'),
    change(2),
    change(4, undefined, '1'),
  ]);
});

test('the same token gives the same export, or a conflict', async () => {
  await recover();
  const first = await exportOrders({ ClientToken: 'abc' });
  await db.world.clock.advance(1000);
  expect((await exportOrders({ ClientToken: 'abc' })).ExportArn).toBe(first.ExportArn);
  expect(await db.refusal('ExportTableToPointInTime', request({ ClientToken: 'abc', S3Prefix: 'x' }))).toBe(
    'ExportConflictException: Export conflict: Duplicate request detected with conflicting parameters',
  );
});

test('exports are listed newest first, page by page, those of a deleted table by no table', async () => {
  await recover();
  const arns: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    arns.unshift((await exportOrders()).ExportArn);
    await db.world.clock.advance(1000);
  }
  const list = async (input: JsonObject) => {
    const { ExportSummaries, NextToken } = await db.call('ListExports', input);
    return { arns: (ExportSummaries as JsonObject[]).map(({ ExportArn }) => ExportArn), NextToken };
  };
  const first = await list({ TableArn: arnOf('orders'), MaxResults: 2 });
  expect(first.arns).toEqual(arns.slice(0, 2));
  expect(String(first.NextToken).length).toBeGreaterThanOrEqual(112);
  expect(await list({ NextToken: first.NextToken ?? '' })).toEqual({
    arns: arns.slice(2),
    NextToken: undefined,
  });
  await db.call('DeleteTable', { TableName: 'orders' });
  expect((await list({ TableArn: arnOf('orders') })).arns).toEqual([]);
  expect((await list({})).arns).toHaveLength(3);
});

test('exports that cannot be are refused in the words of the service', async () => {
  const refused = (more: JsonObject) => db.refusal('ExportTableToPointInTime', request(more));
  expect(await refused({})).toBe(
    "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table 'orders'",
  );
  expect(await refused({ TableArn: arnOf('none') })).toBe(
    `TableNotFoundException: Table not found: ${arnOf('none')}`,
  );
  expect(await refused({ TableArn: 'orders' })).toBe(
    'One or more parameter values were invalid: tableArn is not a valid ARN',
  );
  await recover();
  const { clock } = db.world;
  const start = clock.now() / 1000;
  expect(await refused({ ExportTime: start + 10 })).toBe(
    'InvalidExportTimeException: Export Time is invalid',
  );
  expect(await refused({ ExportFormat: 'ION' })).toBe(
    'UnsupportedOperationException: DynamoDB export in the format ION is not emulated by sls-local',
  );
  expect(await refused({ S3Prefix: '../../out' })).toBe(
    "Invalid Request: the key '../../out' leads out of the bucket",
  );
  const incremental = (specification?: JsonObject) =>
    refused({
      ExportType: 'INCREMENTAL_EXPORT',
      ...(specification && { IncrementalExportSpecification: specification }),
    });
  expect(await incremental()).toContain('Incremental Export Specification expected');
  expect(await incremental({})).toContain('ExportFromTime must be provided');
  expect(await incremental({ ExportFromTime: start - 60 })).toBe(
    'InvalidExportTimeException: Incremental export period from time cannot be less than the table creation time : 2025-12-31T23:59:00Z',
  );
  expect(await incremental({ ExportFromTime: start, ExportToTime: start + 60 })).toContain(
    'to time cannot be greater than the current time',
  );
  expect(await incremental({ ExportFromTime: start })).toContain('is less than 15 minutes');
  expect(await db.refusal('DescribeExport', { ExportArn: `${arnOf('orders')}/export/01-00` })).toContain(
    'ExportNotFoundException: Export not found',
  );
  expect(await db.refusal('DescribeExport', { ExportArn: arnOf('orders-and-more') })).toBe(
    'Invalid Export ARN',
  );
});

test('an export the session did not finish has failed in the next', async () => {
  const kept = { ...db.world.store, close: async () => {} };
  const first = await runDynamodb(kept);
  await first.call('CreateTable', tableInput('users', 'id:S'));
  await first.call('UpdateContinuousBackups', {
    TableName: 'users',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  const { ExportDescription } = await first.call(
    'ExportTableToPointInTime',
    request({ TableArn: arnOf('users') }),
  );
  await first.close();
  const second = await runDynamodb(kept);
  const { ExportArn: arn = '' } = ExportDescription as JsonObject;
  expect((await second.call('DescribeExport', { ExportArn: arn })).ExportDescription).toMatchObject({
    ExportStatus: 'FAILED',
    FailureMessage: 'the session of sls-local ended before it was complete',
  });
  await second.close();
  rmSync(first.world.context.folder, { recursive: true, force: true });
});

test('what was exported comes back by import', async () => {
  await recover();
  await putOrders(db, 0, 700, {
    phase: { S: 'new' },
    tags: { SS: ['a', 'b'] },
    deep: { M: { l: { L: [{ NULL: true }] } } },
  });
  const done = await exportOrders();
  const {
    LocalSecondaryIndexes: _,
    GlobalSecondaryIndexes: [byPhase] = [],
    ...definition
  } = ordersTable as Record<string, JsonObject[]>;
  await db.call('ImportTable', {
    S3BucketSource: {
      S3Bucket: 'my-bucket',
      S3KeyPrefix: String(done.ExportManifest).replace('manifest-summary.json', 'data/'),
    },
    InputFormat: 'DYNAMODB_JSON',
    InputCompressionType: 'GZIP',
    TableCreationParameters: {
      ...definition,
      TableName: 'again',
      AttributeDefinitions:
        definition.AttributeDefinitions?.filter(({ AttributeName: name }) => name !== 'day') ?? [],
      GlobalSecondaryIndexes: [byPhase ?? {}],
    },
  });
  await db.running.settled();
  expect(await itemsOf(db, 'again')).toEqual(await itemsOf(db, 'orders'));
  expect(await itemsOf(db, 'again', { IndexName: 'by-phase' })).toHaveLength(700);
});
