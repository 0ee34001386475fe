/** A backup as the operations answer it. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Service } from '../service.ts';
import { describeLimits } from '../tables/capacity-settings.ts';
import { describeProjection, keySchema, tableArn } from '../tables/describe-table.ts';
import { describeEncryption } from '../tables/encryption.ts';
import type { IndexRecord, TableRecord } from '../tables/table-record.ts';
import type { BackupRecord } from './backup-record.ts';

export type BackupStatus = 'CREATING' | 'AVAILABLE' | 'DELETED';

export function describeDetails(backup: BackupRecord, status: BackupStatus = backup.status): JsonObject {
  return {
    BackupArn: backup.arn,
    BackupName: backup.name,
    BackupSizeBytes: backup.sizeBytes,
    BackupStatus: status,
    BackupType: backup.type,
    BackupCreationDateTime: backup.createdAt / 1000,
    ...(backup.expiresAt !== undefined && { BackupExpiryDateTime: backup.expiresAt / 1000 }),
  };
}

export function describeSummary(service: Service, backup: BackupRecord): JsonObject {
  const { name, id } = backup.table;
  return {
    TableName: name,
    TableId: id,
    TableArn: tableArn(service, name),
    ...describeDetails(backup),
  };
}

export function describeBackup(
  service: Service,
  backup: BackupRecord,
  status: BackupStatus = backup.status,
): JsonObject {
  const { table } = backup;
  return {
    BackupDetails: describeDetails(backup, status),
    SourceTableDetails: {
      TableName: table.name,
      TableId: table.id,
      TableArn: tableArn(service, table.name),
      TableSizeBytes: backup.sizeBytes,
      KeySchema: keySchema(table.key),
      TableCreationDateTime: table.createdAt / 1000,
      ProvisionedThroughput: units(table),
      ...(table.onDemandLimits && { OnDemandThroughput: describeLimits(table.onDemandLimits) }),
      ItemCount: backup.itemCount,
      BillingMode: table.billingMode,
    },
    SourceTableFeatureDetails: backup.type === 'SYSTEM' ? {} : describeFeatures(table),
  };
}

function describeFeatures(table: TableRecord): JsonObject {
  const { localIndexes, globalIndexes, stream, ttlAttribute } = table;
  return {
    ...(localIndexes.length > 0 && { LocalSecondaryIndexes: localIndexes.map(describeIndex) }),
    ...(globalIndexes.length > 0 && {
      GlobalSecondaryIndexes: globalIndexes.map((index) => ({
        ...describeIndex(index),
        ProvisionedThroughput: units(index),
        ...(index.onDemandLimits && { OnDemandThroughput: describeLimits(index.onDemandLimits) }),
      })),
    }),
    ...(stream && { StreamDescription: { StreamEnabled: true, StreamViewType: stream.view } }),
    ...(ttlAttribute !== undefined && {
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
    }),
    ...describeEncryption(table.encryption),
  };
}

function describeIndex({ name, key, projection }: IndexRecord): JsonObject {
  return { IndexName: name, KeySchema: keySchema(key), Projection: describeProjection(projection) };
}

function units({ throughput }: Pick<IndexRecord, 'throughput'>): JsonObject {
  return { ReadCapacityUnits: throughput?.read ?? 0, WriteCapacityUnits: throughput?.write ?? 0 };
}
