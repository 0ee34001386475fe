/** The API: every operation by name, and the answers for those that are not there. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import type { JsonApi, TextOperation } from '../../src/model/service-api.ts';
import { malformedBody, notEmulated, unknownOperation } from './errors.ts';
import { batchExecuteStatement } from './operations/batch-execute-statement.ts';
import { batchGetItem } from './operations/batch-get-item.ts';
import { batchWriteItem } from './operations/batch-write-item.ts';
import { createBackup } from './operations/create-backup.ts';
import { createTable } from './operations/create-table.ts';
import { deleteBackup } from './operations/delete-backup.ts';
import { deleteItem } from './operations/delete-item.ts';
import { deleteResourcePolicy } from './operations/delete-resource-policy.ts';
import { deleteTable } from './operations/delete-table.ts';
import { describeBackup } from './operations/describe-backup.ts';
import { describeContinuousBackups } from './operations/describe-continuous-backups.ts';
import { describeContributorInsights } from './operations/describe-contributor-insights.ts';
import { describeEndpoints } from './operations/describe-endpoints.ts';
import { describeExport } from './operations/describe-export.ts';
import { describeGlobalTable, describeGlobalTableSettings } from './operations/describe-global-table.ts';
import { describeImport } from './operations/describe-import.ts';
import { describeKinesisStreamingDestination } from './operations/describe-kinesis-streaming-destination.ts';
import { describeLimits } from './operations/describe-limits.ts';
import { describeTable } from './operations/describe-table.ts';
import { describeTableReplicaAutoScaling } from './operations/describe-table-replica-auto-scaling.ts';
import { describeTimeToLive } from './operations/describe-time-to-live.ts';
import { disableKinesisStreamingDestination } from './operations/disable-kinesis-streaming-destination.ts';
import { enableKinesisStreamingDestination } from './operations/enable-kinesis-streaming-destination.ts';
import { executeStatement } from './operations/execute-statement.ts';
import { executeTransaction } from './operations/execute-transaction.ts';
import { exportTableToPointInTime } from './operations/export-table-to-point-in-time.ts';
import { getItem } from './operations/get-item.ts';
import { getResourcePolicy } from './operations/get-resource-policy.ts';
import { importTable } from './operations/import-table.ts';
import { listBackups } from './operations/list-backups.ts';
import { listContributorInsights } from './operations/list-contributor-insights.ts';
import { listExports } from './operations/list-exports.ts';
import { listGlobalTables } from './operations/list-global-tables.ts';
import { listImports } from './operations/list-imports.ts';
import { listTables } from './operations/list-tables.ts';
import { listTagsOfResource } from './operations/list-tags-of-resource.ts';
import { putItem } from './operations/put-item.ts';
import { putResourcePolicy } from './operations/put-resource-policy.ts';
import { query } from './operations/query.ts';
import { restoreTableFromBackup } from './operations/restore-table-from-backup.ts';
import { restoreTableToPointInTime } from './operations/restore-table-to-point-in-time.ts';
import { scan } from './operations/scan.ts';
import { tagResource } from './operations/tag-resource.ts';
import { transactGetItems } from './operations/transact-get-items.ts';
import { transactWriteItems } from './operations/transact-write-items.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateContinuousBackups } from './operations/update-continuous-backups.ts';
import { updateContributorInsights } from './operations/update-contributor-insights.ts';
import { updateItem } from './operations/update-item.ts';
import { updateKinesisStreamingDestination } from './operations/update-kinesis-streaming-destination.ts';
import { updateTable } from './operations/update-table.ts';
import { updateTimeToLive } from './operations/update-time-to-live.ts';
import { tableOfStatement } from './partiql/statement.ts';
import { type Service, type ServiceOperation, tableNameOf } from './service.ts';

const operations: readonly ServiceOperation[] = [
  batchExecuteStatement,
  batchGetItem,
  batchWriteItem,
  createBackup,
  createTable,
  deleteBackup,
  deleteItem,
  deleteResourcePolicy,
  deleteTable,
  describeBackup,
  describeContinuousBackups,
  describeContributorInsights,
  describeEndpoints,
  describeExport,
  describeGlobalTable,
  describeGlobalTableSettings,
  describeImport,
  describeKinesisStreamingDestination,
  describeLimits,
  describeTable,
  describeTableReplicaAutoScaling,
  describeTimeToLive,
  disableKinesisStreamingDestination,
  enableKinesisStreamingDestination,
  executeStatement,
  executeTransaction,
  exportTableToPointInTime,
  getItem,
  getResourcePolicy,
  importTable,
  listBackups,
  listContributorInsights,
  listExports,
  listGlobalTables,
  listImports,
  listTables,
  listTagsOfResource,
  putItem,
  putResourcePolicy,
  query,
  restoreTableFromBackup,
  restoreTableToPointInTime,
  scan,
  tagResource,
  transactGetItems,
  transactWriteItems,
  untagResource,
  updateContinuousBackups,
  updateContributorInsights,
  updateItem,
  updateKinesisStreamingDestination,
  updateTable,
  updateTimeToLive,
];

/** Members that are times, in epoch seconds. */
const timestamps: readonly string[] = [
  'BackupCreationDateTime',
  'BackupExpiryDateTime',
  'CreationDateTime',
  'EarliestRestorableDateTime',
  'EndTime',
  'ExportFromTime',
  'ExportTime',
  'ExportToTime',
  'LastDecreaseDateTime',
  'LastIncreaseDateTime',
  'LastUpdateDateTime',
  'LastUpdateToPayPerRequestDateTime',
  'LatestRestorableDateTime',
  'RestoreDateTime',
  'StartTime',
  'TableCreationDateTime',
];

/** Actions the service has and we do not; a client that calls one is told so by name. */
const missing: readonly string[] = [
  'CreateGlobalTable',
  'UpdateGlobalTable',
  'UpdateGlobalTableSettings',
  'UpdateTableReplicaAutoScaling',
];

export function makeApi(service: Service): JsonApi {
  return {
    protocol: 'json',
    service: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810',
    cbor: { blobs: ['B', 'BS'], timestamps },
    jsonVersion: '1.0',
    operations: Object.fromEntries(
      operations.map((operation) => [operation.name, (input, call) => operation.run(input, service, call)]),
    ),
    texts: Object.fromEntries(operations.map((operation) => [operation.name, textOf(operation, service)])),
    unknownOperation: (name) =>
      missing.includes(name) ? notEmulated(`DynamoDB ${name}`) : unknownOperation(),
    malformedBody,
    scan: (name, text) => scanners.get(name)?.(text),
    needsBody: true,
    packs: true,
    // 52 digits and capitals.
    makeRequestId: (ids) => ids.hex(26).toUpperCase(),
    targetOf,
  };
}

const scanners = new Map(operations.flatMap(({ name, scan }) => (scan ? [[name, scan] as const] : [])));

/** Writes of one item, of which many may come at once. */
const grouped: readonly string[] = ['DeleteItem', 'PutItem', 'UpdateItem'];

function textOf(operation: ServiceOperation, service: Service): TextOperation {
  if (!grouped.includes(operation.name)) return (input, call) => operation.text(input, service, call);
  return (input, call) =>
    service.writes.add(
      () => {
        if (typeof input.TableName === 'string') service.tables.open(tableNameOf(input.TableName));
      },
      () => operation.text(input, service, call),
    );
}

/** The table a call is about; the first one where there are several. */
function targetOf(input: JsonObject): string | undefined {
  const { TableName: name, RequestItems: batch, TransactItems: actions } = input;
  if (typeof name === 'string') return tableNameOf(name);
  if (isObject(batch)) return Object.keys(batch)[0];
  if (typeof input.Statement === 'string') return tableOfStatement(input.Statement);
  const several = actions ?? input.Statements ?? input.TransactStatements;
  const [first] = Array.isArray(several) ? several : [];
  if (!isObject(first)) return undefined;
  const action = first.Statement === undefined ? Object.values(first)[0] : first;
  return isObject(action) ? targetOf(action) : undefined;
}
