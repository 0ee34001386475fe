/** Backups, exports and imports through the clients people use. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import {
  BackupNotFoundException,
  CreateBackupCommand,
  DescribeBackupCommand,
  DescribeContinuousBackupsCommand,
  DescribeExportCommand,
  DescribeImportCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExportTableToPointInTimeCommand,
  ImportTableCommand,
  ListBackupsCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
  waitUntilExportCompleted,
  waitUntilImportCompleted,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeWithTool } from '../../suites/require-tool.ts';
import { arnOf, itemsOf, putOrders } from './backups/backed-up.ts';
import { order, ordersTable, runDynamodb, type TestDynamodb } from './running-dynamodb.ts';
import { type Served, serve } from './serving.ts';

const WAIT_SECONDS = 30;
// An import makes no local indexes.
const { LocalSecondaryIndexes: _, ...withoutLocal } = ordersTable;
const importedTable = { ...withoutLocal, TableName: 'again' };

let db: TestDynamodb;
let served: Served;
beforeEach(async () => {
  db = await runDynamodb();
  served = await serve(db);
  await db.call('CreateTable', ordersTable);
});
afterEach(async () => {
  await served.close();
  await db.close();
  rmSync(db.world.context.folder, { recursive: true, force: true });
});

const protocols = [
  ['JSON', undefined],
  ['CBOR', SmithyRpcV2CborProtocol],
] as const;

describe.each(protocols)('the SDK, in %s', (_name, protocol) => {
  let client: DynamoDBClient;
  beforeEach(() => {
    client = new DynamoDBClient({
      endpoint: served.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
      ...(protocol && { protocol }),
    });
  });
  afterEach(() => client.destroy());
  const exists = (TableName: string) =>
    waitUntilTableExists({ client, maxWaitTime: WAIT_SECONDS, minDelay: 1 }, { TableName });
  const now = () => new Date(db.world.clock.now());

  test('restores a table from a backup', async () => {
    await putOrders(db, 0, 60);
    const before = await itemsOf(db, 'orders');
    const { BackupDetails } = await client.send(
      new CreateBackupCommand({ TableName: 'orders', BackupName: 'nightly' }),
    );
    expect(BackupDetails?.BackupCreationDateTime).toEqual(now());
    await putOrders(db, 60, 70);
    const BackupArn = BackupDetails?.BackupArn;
    const { BackupDescription } = await client.send(new DescribeBackupCommand({ BackupArn }));
    expect(BackupDescription).toMatchObject({
      BackupDetails: { BackupStatus: 'AVAILABLE', BackupType: 'USER' },
      SourceTableDetails: { TableName: 'orders', ItemCount: 60, TableCreationDateTime: expect.any(Date) },
    });
    const listed = await client.send(
      new ListBackupsCommand({ TimeRangeUpperBound: new Date(now().getTime() + 1) }),
    );
    expect(listed.BackupSummaries).toMatchObject([{ BackupName: 'nightly', BackupCreationDateTime: now() }]);
    const restore = { TargetTableName: 'again', BackupArn };
    await client.send(new RestoreTableFromBackupCommand(restore));
    await exists('again');
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'again' }));
    expect(Table?.RestoreSummary).toMatchObject({ SourceBackupArn: BackupArn, RestoreInProgress: false });
    expect(await itemsOf(db, 'again')).toEqual(before);
    const unknown = { TargetTableName: 'third', BackupArn: `${BackupArn?.slice(0, -8)}00000000` };
    await expect(client.send(new RestoreTableFromBackupCommand(unknown))).rejects.toThrow(
      BackupNotFoundException,
    );
  });

  test('restores a table to a point in time', async () => {
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'orders',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
      }),
    );
    await putOrders(db, 0, 30);
    const before = await itemsOf(db, 'orders');
    const RestoreDateTime = now();
    await db.world.clock.advance(60_000);
    await putOrders(db, 10, 40, { phase: { S: 'later' } });
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName: 'orders' }),
    );
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toEqual({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 7,
      EarliestRestorableDateTime: RestoreDateTime,
      LatestRestorableDateTime: now(),
    });
    await client.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableName: 'orders',
        TargetTableName: 'again',
        RestoreDateTime,
      }),
    );
    await exists('again');
    expect(await itemsOf(db, 'again')).toEqual(before);
  });

  test('imports what it exported', async () => {
    const raw = { raw: { B: 'AQI=' }, phase: { S: 'new' } };
    await putOrders(db, 0, 30, raw);
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'orders',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    const { ExportDescription } = await client.send(
      new ExportTableToPointInTimeCommand({
        TableArn: arnOf('orders'),
        S3Bucket: 'my-bucket',
        S3Prefix: 'nightly',
        ExportTime: now(),
      }),
    );
    const { ExportArn } = ExportDescription ?? {};
    await waitUntilExportCompleted({ client, maxWaitTime: WAIT_SECONDS, minDelay: 1 }, { ExportArn });
    const exported = await client.send(new DescribeExportCommand({ ExportArn }));
    expect(exported.ExportDescription).toMatchObject({ ItemCount: 30, ExportTime: now(), EndTime: now() });
    const folder = exported.ExportDescription?.ExportManifest?.replace('manifest-summary.json', 'data/');
    const { ImportTableDescription } = await client.send(
      new ImportTableCommand({
        S3BucketSource: { S3Bucket: 'my-bucket', S3KeyPrefix: folder },
        InputFormat: 'DYNAMODB_JSON',
        InputCompressionType: 'GZIP',
        TableCreationParameters: importedTable as never,
      }),
    );
    const { ImportArn } = ImportTableDescription ?? {};
    await waitUntilImportCompleted({ client, maxWaitTime: WAIT_SECONDS, minDelay: 1 }, { ImportArn });
    const imported = await client.send(new DescribeImportCommand({ ImportArn }));
    expect(imported.ImportTableDescription).toMatchObject({ ImportedItemCount: 30, StartTime: now() });
    expect(await itemsOf(db, 'again')).toEqual(await itemsOf(db, 'orders'));
    expect(await itemsOf(db, 'again', { IndexName: 'by-phase' })).toHaveLength(30);
  });
});

await describeWithTool('awscli', 'aws dynamodb', (aws) => {
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'eu-west-1',
  };
  const run = async (...args: string[]) => {
    const line = ['dynamodb', ...args, '--endpoint-url', served.url, '--output', 'json'];
    const { stdout } = await promisify(execFile)(aws, line, { env });
    return stdout === '' ? undefined : JSON.parse(stdout);
  };

  test('backs up and restores a table', async () => {
    await putOrders(db, 0, 30);
    const { BackupDetails } = await run(
      'create-backup',
      '--table-name',
      'orders',
      '--backup-name',
      'nightly',
    );
    const backup = ['--backup-arn', BackupDetails.BackupArn];
    expect((await run('list-backups', '--table-name', 'orders')).BackupSummaries).toMatchObject([
      { BackupArn: BackupDetails.BackupArn, BackupStatus: 'AVAILABLE' },
    ]);
    await run('restore-table-from-backup', '--target-table-name', 'again', ...backup);
    await run('wait', 'table-exists', '--table-name', 'again');
    expect(await itemsOf(db, 'again')).toEqual(await itemsOf(db, 'orders'));
    expect((await run('delete-backup', ...backup)).BackupDescription.BackupDetails).toMatchObject({
      BackupStatus: 'DELETED',
    });
    await expect(run('describe-backup', ...backup)).rejects.toThrow(
      `(BackupNotFoundException) when calling the DescribeBackup operation: Backup not found: ${BackupDetails.BackupArn}`,
    );
  }, 60_000);

  test('exports a table and imports it as another', async () => {
    await db.call('PutItem', { TableName: 'orders', Item: order('ann', 1, { phase: { S: 'new' } }) });
    const enabled = 'PointInTimeRecoveryEnabled=true';
    await run(
      'update-continuous-backups',
      '--table-name',
      'orders',
      '--point-in-time-recovery-specification',
      enabled,
    );
    const table = ['--table-arn', arnOf('orders')];
    const { ExportDescription } = await run(
      'export-table-to-point-in-time',
      ...table,
      '--s3-bucket',
      'my-bucket',
    );
    await db.running.settled();
    expect((await run('list-exports', ...table)).ExportSummaries).toMatchObject([
      { ExportArn: ExportDescription.ExportArn, ExportStatus: 'COMPLETED' },
    ]);
    const prefix = `AWSDynamoDB/${ExportDescription.ExportArn.split('/').at(-1)}/data/`;
    const source = ['--s3-bucket-source', `S3Bucket=my-bucket,S3KeyPrefix=${prefix}`];
    const format = ['--input-format', 'DYNAMODB_JSON', '--input-compression-type', 'GZIP'];
    const definition = JSON.stringify(importedTable);
    const { ImportTableDescription } = await run(
      'import-table',
      ...[...source, ...format, '--table-creation-parameters', definition],
    );
    await run('wait', 'table-exists', '--table-name', 'again');
    const imported = await run('describe-import', '--import-arn', ImportTableDescription.ImportArn);
    expect(imported.ImportTableDescription).toMatchObject({
      ImportStatus: 'COMPLETED',
      ImportedItemCount: 1,
    });
    expect(await itemsOf(db, 'again')).toEqual([order('ann', 1, { phase: { S: 'new' } })]);
  }, 60_000);
});
