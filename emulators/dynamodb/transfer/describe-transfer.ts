/** Exports and imports as the operations answer them. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ExportRecord, ImportRecord, TransferFailure } from './transfer-records.ts';

export function describeExport(record: ExportRecord): JsonObject {
  const { window, encryption } = record;
  return {
    ExportArn: record.arn,
    ExportStatus: record.status,
    StartTime: record.startedAt / 1000,
    ...ended(record),
    ...(record.manifestKey !== undefined && { ExportManifest: record.manifestKey }),
    TableArn: record.tableArn,
    TableId: record.tableId,
    ...(record.at !== undefined && { ExportTime: record.at / 1000 }),
    ClientToken: record.token,
    S3Bucket: record.bucket,
    ...(record.bucketOwner !== undefined && { S3BucketOwner: record.bucketOwner }),
    ...(record.prefix !== undefined && { S3Prefix: record.prefix }),
    S3SseAlgorithm: encryption.algorithm,
    ...(encryption.keyId !== undefined && { S3SseKmsKeyId: encryption.keyId }),
    ...failed(record),
    ExportFormat: 'DYNAMODB_JSON',
    ...(record.sizeBytes !== undefined && { BilledSizeBytes: record.sizeBytes }),
    ...(record.itemCount !== undefined && { ItemCount: record.itemCount }),
    ExportType: typeOf(record),
    ...(window && {
      IncrementalExportSpecification: {
        ExportFromTime: window.from / 1000,
        ExportToTime: window.to / 1000,
        ExportViewType: window.view,
      },
    }),
  };
}

export function summariseExport(record: ExportRecord): JsonObject {
  return { ExportArn: record.arn, ExportStatus: record.status, ExportType: typeOf(record) };
}

export function describeImport(record: ImportRecord): JsonObject {
  const { counts } = record;
  return {
    ImportArn: record.arn,
    ImportStatus: record.status,
    TableArn: record.tableArn,
    TableId: record.tableId,
    ClientToken: record.token,
    S3BucketSource: source(record),
    ErrorCount: counts.errors,
    InputFormat: record.format,
    ...(record.csv && { InputFormatOptions: { Csv: record.csv as JsonObject } }),
    InputCompressionType: record.compression,
    TableCreationParameters: record.parameters,
    StartTime: record.startedAt / 1000,
    ...ended(record),
    ProcessedSizeBytes: counts.sizeBytes,
    ProcessedItemCount: counts.processed,
    ImportedItemCount: counts.imported,
    ...failed(record),
  };
}

export function summariseImport(record: ImportRecord): JsonObject {
  return {
    ImportArn: record.arn,
    ImportStatus: record.status,
    TableArn: record.tableArn,
    S3BucketSource: source(record),
    InputFormat: record.format,
    StartTime: record.startedAt / 1000,
    ...ended(record),
  };
}

function typeOf({ window }: ExportRecord): string {
  return window ? 'INCREMENTAL_EXPORT' : 'FULL_EXPORT';
}

function source({ bucket, bucketOwner, prefix }: ImportRecord): JsonObject {
  return {
    ...(bucketOwner !== undefined && { S3BucketOwner: bucketOwner }),
    S3Bucket: bucket,
    ...(prefix !== undefined && { S3KeyPrefix: prefix }),
  };
}

function ended({ endedAt }: { readonly endedAt?: number }): JsonObject {
  return endedAt === undefined ? {} : { EndTime: endedAt / 1000 };
}

function failed({ failure }: { readonly failure?: TransferFailure }): JsonObject {
  return failure ? { FailureCode: failure.code, FailureMessage: failure.message } : {};
}
