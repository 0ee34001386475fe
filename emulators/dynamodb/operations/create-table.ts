/** CreateTable. */
import { invalidParameter, notEmulated, resourceInUse } from '../errors.ts';
import { list, required, structure } from '../input/collections.ts';
import { checkTableNamed, newTableName } from '../input/members.ts';
import { boolean, text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { newPolicy, policyNotice } from '../policies/resource-policy.ts';
import { defineOperation, type Service } from '../service.ts';
import { createdCapacity } from '../tables/capacity-settings.ts';
import {
  attributesOf,
  checkAllUsed,
  checkCapacity,
  checkDistinctDefinitions,
  checkDistinctNames,
  checkGlobalIndexes,
  checkLocalIndexes,
  checkProjectedCount,
  checkTableKey,
} from '../tables/check-schema.ts';
import { describeTable, tableArn } from '../tables/describe-table.ts';
import { encryptionOf } from '../tables/encryption.ts';
import { createdStream } from '../tables/stream.ts';
import type { IndexRecord, TableRecord } from '../tables/table-record.ts';
import {
  attributeDefinitions,
  billingMode,
  globalSecondaryIndex,
  keySchema,
  localSecondaryIndex,
  onDemandThroughput,
  type ProvisionedThroughputInput,
  provisionedThroughput,
  sseSpecification,
  streamSpecification,
  tableClass,
  tag,
  warmThroughput,
} from '../tables/table-shapes.ts';
import { withTags } from '../tables/tags.ts';
import { throughputOf } from '../tables/throughput.ts';

const input = structure('CreateTableInput', {
  AttributeDefinitions: required(attributeDefinitions),
  TableName: required(newTableName),
  BillingMode: billingMode,
  ProvisionedThroughput: provisionedThroughput,
  KeySchema: required(keySchema),
  GlobalSecondaryIndexes: list(globalSecondaryIndex),
  LocalSecondaryIndexes: list(localSecondaryIndex),
  StreamSpecification: streamSpecification,
  TableClass: tableClass,
  DeletionProtectionEnabled: boolean,
  Tags: list(tag),
  SSESpecification: sseSpecification,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
  ResourcePolicy: text(),
  GlobalTableSourceArn: text(),
  GlobalTableSettingsReplicationMode: text(),
});
type CreateTableInput = TypeOf<typeof input>;

export const createTable = defineOperation({
  name: 'CreateTable',
  input,
  precheck: checkTableNamed,
  run(request, service) {
    const record = readRecord(request, service);
    const present = service.tables.find(record.name)?.record;
    if (present?.loading) throw resourceInUse(`Table is being used: ${record.name}`);
    if (present) throw resourceInUse(`Table already exists: ${record.name}`);
    const table = service.tables.create({ ...record, ...createdSettings(request, service) });
    return { TableDescription: describeTable(service, table, 'CREATING') };
  },
});

/** What is only kept and shown, with a notice that it is. */
function createdSettings(request: CreateTableInput, service: Service) {
  const { TableName: name, ResourcePolicy: policy } = request;
  if (request.GlobalTableSourceArn !== undefined || request.GlobalTableSettingsReplicationMode !== undefined)
    throw notEmulated('A table of several accounts');
  const encryption = encryptionOf(service, name, request.SSESpecification);
  if (policy !== undefined) policyNotice(service, name);
  return {
    ...(encryption && { encryption }),
    ...(policy !== undefined && {
      policies: { [tableArn(service, name)]: newPolicy(policy, service.clock.now()) },
    }),
  };
}

export type TableDefinition = Omit<CreateTableInput, 'TableName'> & { readonly TableName: string };

/** Everything that can be said about the definition of a new table, in the service's order. */
export function readRecord(request: TableDefinition, service: Service): TableRecord {
  const mode = request.BillingMode ?? 'PROVISIONED';
  checkBilling(mode, request.ProvisionedThroughput);
  checkCapacity(request.ProvisionedThroughput);
  const { AttributeDefinitions: definitions } = request;
  checkDistinctDefinitions(definitions);
  const key = checkTableKey(request.KeySchema, definitions);
  const localIndexes = request.LocalSecondaryIndexes
    ? checkLocalIndexes(request.LocalSecondaryIndexes, key, definitions)
    : [];
  const globalIndexes = readGlobalIndexes(request, mode);
  const indexes = [...localIndexes, ...globalIndexes];
  checkDistinctNames(indexes.map(({ name }) => name));
  checkAllUsed(definitions, [key, ...indexes.map((index) => index.key)], indexes.length > 0);
  checkProjectedCount(indexes);
  const throughput = throughputOf(request.ProvisionedThroughput);
  const capacity = createdCapacity(request, mode, throughput);
  const tags = withTags({}, request.Tags ?? []);
  const createdAt = service.clock.now();
  return {
    name: request.TableName,
    id: service.ids.uuid(),
    createdAt,
    attributes: attributesOf(definitions),
    key,
    localIndexes,
    globalIndexes,
    billingMode: mode,
    throughput,
    ...capacity,
    ...(mode === 'PAY_PER_REQUEST' && { onDemandSince: createdAt }),
    ...createdStream(service, request.TableName, request.StreamSpecification),
    ...(request.TableClass !== undefined && { tableClass: request.TableClass }),
    deletionProtection: request.DeletionProtectionEnabled ?? false,
    tags,
  };
}

function checkBilling(mode: string, units: ProvisionedThroughputInput | undefined): void {
  if (mode === 'PROVISIONED' && !units)
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  if (mode === 'PAY_PER_REQUEST' && units)
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
}

function readGlobalIndexes(
  request: TableDefinition,
  mode: TableRecord['billingMode'],
): readonly IndexRecord[] {
  const { GlobalSecondaryIndexes: indexes } = request;
  if (!indexes) return [];
  const specs = checkGlobalIndexes(indexes, request.AttributeDefinitions);
  return specs.map((spec, i) => {
    const units = indexes[i]?.ProvisionedThroughput;
    if (mode === 'PAY_PER_REQUEST' && units)
      throw invalidParameter(
        `ProvisionedThroughput should not be specified for index: ${spec.name} when BillingMode is PAY_PER_REQUEST`,
      );
    if (mode === 'PROVISIONED' && !units)
      throw invalidParameter(`ProvisionedThroughput is not specified for index: ${spec.name}`);
    checkCapacity(units, ` for index ${spec.name}`);
    const throughput = throughputOf(units);
    return { ...spec, throughput, ...createdCapacity(indexes[i] ?? {}, mode, throughput, spec.name) };
  });
}
