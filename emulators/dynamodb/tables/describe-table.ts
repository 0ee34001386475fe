/** A table as DescribeTable and the operations that change tables answer it. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { KeySchema } from '../../../src/model/resources.ts';
import { hashNames, rangeNames } from '../../../src/std/key-names.ts';
import type { Service } from '../service.ts';
import { describeCapacity, describeLimits } from './capacity-settings.ts';
import { describeEncryption } from './encryption.ts';
import { describeReplicas } from './replicas.ts';
import { describeStream } from './stream.ts';
import type { Index, Table } from './table.ts';
import { type IndexRecord, onDemandThroughput, type TableRecord, type Throughput } from './table-record.ts';

export type TableStatus = 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE';

export function tableArn(service: Pick<Service, 'region' | 'accountId'>, tableName: string): string {
  return `arn:aws:dynamodb:${service.region}:${service.accountId}:table/${tableName}`;
}

/** Changes are done when their operation answers; as the service's answer does, ours shows them under way. */
export function describeTable(service: Service, table: Table, status: TableStatus): JsonObject {
  const { record } = table;
  const arn = tableArn(service, table.name);
  const local = table.indexes.filter(({ kind }) => kind === 'local');
  const global = table.indexes.filter(({ kind }) => kind === 'global');
  const indexStatus = status === 'DELETING' ? 'ACTIVE' : status;
  return {
    AttributeDefinitions: Object.entries(record.attributes).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    TableName: table.name,
    KeySchema: keySchema(record.key),
    TableStatus: status,
    CreationDateTime: record.createdAt / 1000,
    ProvisionedThroughput: throughput(record.throughput),
    TableSizeBytes: service.tables.sizeBytes(table),
    ItemCount: service.tables.itemCount(table),
    TableArn: arn,
    TableId: record.id,
    ...billing(table, status),
    ...(local.length > 0 && {
      LocalSecondaryIndexes: local.map((index) => describeIndex(service, table, index)),
    }),
    ...(global.length > 0 &&
      status !== 'DELETING' && {
        GlobalSecondaryIndexes: global.map((index) => ({
          ...describeIndex(service, table, index),
          IndexStatus: indexStatus,
          ...(index.record.backfilling && { IndexStatus: 'CREATING', Backfilling: true }),
          ProvisionedThroughput: throughput(index.record.throughput ?? onDemandThroughput),
          ...capacity(record, index.record, status),
        })),
      }),
    ...describeStream(service, table),
    ...tableClass(record),
    ...(record.deletionProtection && { DeletionProtectionEnabled: true }),
    ...capacity(record, record, status),
    ...describeEncryption(record.encryption),
    ...describeReplicas(record),
    ...restoreSummary(service, record),
  };
}

/** As DeleteTable answers it: without what the table was made of. */
export function describeDeleted(service: Service, table: Table): JsonObject {
  const {
    AttributeDefinitions: _attributes,
    KeySchema: _key,
    CreationDateTime: _created,
    LocalSecondaryIndexes: _local,
    ...shown
  } = describeTable(service, table, 'DELETING');
  return shown;
}

/** As the service, the answer of CreateTable speaks of warm throughput only where it was asked for. */
function capacity(
  { billingMode }: TableRecord,
  settings: IndexRecord | TableRecord,
  status: TableStatus,
): JsonObject {
  if (status === 'CREATING' && !settings.warm)
    return settings.onDemandLimits ? { OnDemandThroughput: describeLimits(settings.onDemandLimits) } : {};
  return describeCapacity(
    settings,
    billingMode,
    settings.throughput ?? onDemandThroughput,
    status === 'CREATING' ? 'UPDATING' : 'ACTIVE',
  );
}

function tableClass({ tableClass: name, tableClassAt: at }: TableRecord): JsonObject {
  if (name === undefined) return {};
  return {
    TableClassSummary: { TableClass: name, ...(at !== undefined && { LastUpdateDateTime: at / 1000 }) },
  };
}

function restoreSummary(service: Service, { loading, restored }: TableRecord): JsonObject {
  const source = loading ?? restored;
  if (!source || source.from === 'files') return {};
  return {
    RestoreSummary: {
      ...(source.from === 'backup' && { SourceBackupArn: source.backupArn }),
      SourceTableArn: tableArn(service, source.tableName),
      RestoreDateTime: source.at / 1000,
      RestoreInProgress: loading !== undefined,
    },
  };
}

function describeIndex(service: Service, table: Table, index: Index): JsonObject {
  return {
    IndexName: index.name,
    KeySchema: keySchema(index.key),
    Projection: describeProjection(index.record.projection),
    IndexSizeBytes: service.tables.sizeBytes(table, index),
    ItemCount: service.tables.itemCount(table, index),
    IndexArn: `${tableArn(service, table.name)}/index/${index.name}`,
  };
}

/** Tables that were never on demand have no summary. */
function billing({ record }: Table, status: TableStatus): JsonObject {
  const { billingMode, onDemandSince } = record;
  if (billingMode === 'PROVISIONED' && onDemandSince === undefined) return {};
  const since =
    onDemandSince === undefined || status === 'CREATING'
      ? {}
      : { LastUpdateToPayPerRequestDateTime: onDemandSince / 1000 };
  return {
    BillingModeSummary: { BillingMode: billingMode, ...since },
    TableThroughputModeSummary: { TableThroughputMode: billingMode, ...since },
  };
}

function throughput({ read, write, increasedAt, decreasedAt, decreasesToday }: Throughput): JsonObject {
  return {
    ...(increasedAt !== undefined && { LastIncreaseDateTime: increasedAt / 1000 }),
    ...(decreasedAt !== undefined && { LastDecreaseDateTime: decreasedAt / 1000 }),
    NumberOfDecreasesToday: decreasesToday,
    ReadCapacityUnits: read,
    WriteCapacityUnits: write,
  };
}

export function keySchema(key: KeySchema): JsonObject[] {
  return [
    ...hashNames(key).map((name) => ({ AttributeName: name, KeyType: 'HASH' })),
    ...rangeNames(key).map((name) => ({ AttributeName: name, KeyType: 'RANGE' })),
  ];
}

export function describeProjection({ type, nonKeyAttributes }: IndexRecord['projection']): JsonObject {
  return {
    ProjectionType: type,
    ...(nonKeyAttributes.length > 0 && { NonKeyAttributes: [...nonKeyAttributes] }),
  };
}
