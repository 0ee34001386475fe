/** The API: every operation by name, and the answers for those that are not there. */
import type { JsonApi, JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { malformedBody, notEmulated, unknownOperation } from './errors.ts';
import { batchGetItem } from './operations/batch-get-item.ts';
import { batchWriteItem } from './operations/batch-write-item.ts';
import { createTable } from './operations/create-table.ts';
import { deleteItem } from './operations/delete-item.ts';
import { deleteTable } from './operations/delete-table.ts';
import { describeContinuousBackups } from './operations/describe-continuous-backups.ts';
import { describeEndpoints } from './operations/describe-endpoints.ts';
import { describeLimits } from './operations/describe-limits.ts';
import { describeTable } from './operations/describe-table.ts';
import { describeTimeToLive } from './operations/describe-time-to-live.ts';
import { getItem } from './operations/get-item.ts';
import { listTables } from './operations/list-tables.ts';
import { listTagsOfResource } from './operations/list-tags-of-resource.ts';
import { putItem } from './operations/put-item.ts';
import { query } from './operations/query.ts';
import { scan } from './operations/scan.ts';
import { tagResource } from './operations/tag-resource.ts';
import { transactGetItems } from './operations/transact-get-items.ts';
import { transactWriteItems } from './operations/transact-write-items.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateItem } from './operations/update-item.ts';
import { updateTable } from './operations/update-table.ts';
import { updateTimeToLive } from './operations/update-time-to-live.ts';
import { type Service, type ServiceOperation, tableNameOf } from './service.ts';

const operations: readonly ServiceOperation[] = [
  batchGetItem,
  batchWriteItem,
  createTable,
  deleteItem,
  deleteTable,
  describeContinuousBackups,
  describeEndpoints,
  describeLimits,
  describeTable,
  describeTimeToLive,
  getItem,
  listTables,
  listTagsOfResource,
  putItem,
  query,
  scan,
  tagResource,
  transactGetItems,
  transactWriteItems,
  untagResource,
  updateItem,
  updateTable,
  updateTimeToLive,
];

/** Members that are times, in epoch seconds. */
const timestamps: readonly string[] = [
  'CreationDateTime',
  'EarliestRestorableDateTime',
  'LastDecreaseDateTime',
  'LastIncreaseDateTime',
  'LastUpdateToPayPerRequestDateTime',
  'LatestRestorableDateTime',
];

/** Actions the service has and we do not; a client that calls one is told so by name. */
const missing: readonly string[] = [
  'BatchExecuteStatement',
  'CreateBackup',
  'CreateGlobalTable',
  'DeleteBackup',
  'DeleteResourcePolicy',
  'DescribeBackup',
  'DescribeContributorInsights',
  'DescribeExport',
  'DescribeGlobalTable',
  'DescribeGlobalTableSettings',
  'DescribeImport',
  'DescribeKinesisStreamingDestination',
  'DescribeTableReplicaAutoScaling',
  'DisableKinesisStreamingDestination',
  'EnableKinesisStreamingDestination',
  'ExecuteStatement',
  'ExecuteTransaction',
  'ExportTableToPointInTime',
  'GetResourcePolicy',
  'ImportTable',
  'ListBackups',
  'ListContributorInsights',
  'ListExports',
  'ListGlobalTables',
  'ListImports',
  'PutResourcePolicy',
  'RestoreTableFromBackup',
  'RestoreTableToPointInTime',
  'UpdateContinuousBackups',
  'UpdateContributorInsights',
  'UpdateGlobalTable',
  'UpdateGlobalTableSettings',
  'UpdateKinesisStreamingDestination',
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
    unknownOperation: (name) =>
      missing.includes(name) ? notEmulated(`DynamoDB ${name}`) : unknownOperation(),
    malformedBody,
    targetOf,
  };
}

/** The table a call is about; the first one where there are several. */
function targetOf(input: JsonObject): string | undefined {
  const { TableName: name, RequestItems: batch, TransactItems: actions } = input;
  if (typeof name === 'string') return tableNameOf(name);
  if (isObject(batch)) return Object.keys(batch)[0];
  const [first] = Array.isArray(actions) ? actions : [];
  const action = isObject(first) ? Object.values(first)[0] : undefined;
  return isObject(action) ? targetOf(action) : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
