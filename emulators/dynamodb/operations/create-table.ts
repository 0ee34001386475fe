/** CreateTable. */
import { invalidParameter, resourceInUse } from '../errors.ts';
import { list, required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { boolean } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { defineOperation, type Service } from '../service.ts';
import {
  attributesOf,
  checkAllUsed,
  checkCapacity,
  checkDistinctNames,
  checkGlobalIndexes,
  checkLocalIndexes,
  checkTableKey,
} from '../tables/check-schema.ts';
import { describeTable } from '../tables/describe-table.ts';
import { makeStream } from '../tables/stream.ts';
import type { IndexRecord, TableRecord } from '../tables/table-record.ts';
import {
  attributeDefinitions,
  billingMode,
  globalSecondaryIndex,
  keySchema,
  localSecondaryIndex,
  type ProvisionedThroughputInput,
  provisionedThroughput,
  streamSpecification,
  tableClass,
  tag,
} from '../tables/table-shapes.ts';
import { throughputOf } from '../tables/throughput.ts';

const input = structure('CreateTableInput', {
  AttributeDefinitions: required(attributeDefinitions),
  TableName: required(controlTableName),
  BillingMode: billingMode,
  ProvisionedThroughput: provisionedThroughput,
  KeySchema: required(keySchema),
  LocalSecondaryIndexes: list(localSecondaryIndex),
  GlobalSecondaryIndexes: list(globalSecondaryIndex),
  StreamSpecification: streamSpecification,
  TableClass: tableClass,
  DeletionProtectionEnabled: boolean,
  Tags: list(tag),
});
type CreateTableInput = TypeOf<typeof input>;

export const createTable = defineOperation({
  name: 'CreateTable',
  input,
  precheck: checkTableName,
  run(request, service) {
    const record = readRecord(request, service);
    if (service.tables.find(record.name)) throw resourceInUse(`Table already exists: ${record.name}`);
    const table = service.tables.create(record);
    return { TableDescription: describeTable(service, table, 'CREATING') };
  },
});

function readRecord(request: CreateTableInput, service: Service): TableRecord {
  const mode = request.BillingMode ?? 'PROVISIONED';
  checkBilling(mode, request.ProvisionedThroughput);
  checkCapacity(request.ProvisionedThroughput);
  const { AttributeDefinitions: definitions } = request;
  const key = checkTableKey(request.KeySchema, definitions);
  const localIndexes = request.LocalSecondaryIndexes
    ? checkLocalIndexes(request.LocalSecondaryIndexes, key, definitions)
    : [];
  const globalIndexes = readGlobalIndexes(request, mode);
  const indexes = [...localIndexes, ...globalIndexes];
  checkDistinctNames(indexes.map(({ name }) => name));
  checkAllUsed(definitions, [key, ...indexes.map((index) => index.key)], indexes.length > 0);
  const createdAt = service.clock.now();
  const stream = makeStream(service, request.TableName, request.StreamSpecification);
  return {
    name: request.TableName,
    id: service.ids.uuid(),
    createdAt,
    attributes: attributesOf(definitions),
    key,
    localIndexes,
    globalIndexes,
    billingMode: mode,
    throughput: throughputOf(request.ProvisionedThroughput),
    ...(mode === 'PAY_PER_REQUEST' && { onDemandSince: createdAt }),
    ...(stream && { stream }),
    ...(request.TableClass !== undefined && { tableClass: request.TableClass }),
    deletionProtection: request.DeletionProtectionEnabled ?? false,
    tags: Object.fromEntries((request.Tags ?? []).map(({ Key: name, Value: value }) => [name, value])),
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

function readGlobalIndexes(request: CreateTableInput, mode: string): readonly IndexRecord[] {
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
    return { ...spec, throughput: throughputOf(units) };
  });
}
