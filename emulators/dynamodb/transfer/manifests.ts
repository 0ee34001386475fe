/** The manifests of an export, as the service writes them. Source: "DynamoDB table export output format" of the developer guide. */
import { createHash } from 'node:crypto';
import type { ExportRecord } from './transfer-records.ts';
import type { DataFile } from './write-data.ts';

export interface Manifest {
  readonly text: string;
  /** Base64. */
  readonly md5: string;
}

export interface SummaryInput {
  readonly record: ExportRecord;
  readonly itemCount: number;
  readonly sizeBytes: number;
  /** Epoch ms. */
  readonly endedAt: number;
  readonly manifestFilesKey: string;
}

export function filesManifest(
  files: readonly (DataFile & { readonly itemCount: number; readonly dataKey: string })[],
): Manifest {
  const lines = files.map(({ itemCount, md5Checksum, etag, dataKey }) =>
    JSON.stringify({ itemCount, md5Checksum, etag, dataFileS3Key: dataKey }),
  );
  return withSum(`${lines.join('\n')}\n`);
}

export function summaryManifest({
  record,
  itemCount,
  sizeBytes,
  endedAt,
  manifestFilesKey,
}: SummaryInput): Manifest {
  const { window, at = 0 } = record;
  return withSum(
    JSON.stringify({
      version: window ? '2023-08-01' : '2020-06-30',
      exportArn: record.arn,
      startTime: print(record.startedAt),
      endTime: print(endedAt),
      tableArn: record.tableArn,
      tableId: record.tableId,
      ...(window
        ? { exportFromTime: print(window.from), exportToTime: print(window.to) }
        : { exportTime: print(at) }),
      s3Bucket: record.bucket,
      s3Prefix: record.prefix ?? null,
      s3SseAlgorithm: record.encryption.algorithm,
      s3SseKmsKeyId: record.encryption.keyId ?? null,
      manifestFilesS3Key: manifestFilesKey,
      billedSizeBytes: sizeBytes,
      itemCount,
      outputFormat: 'DYNAMODB_JSON',
      ...(window
        ? { outputView: window.view, exportType: 'INCREMENTAL_EXPORT' }
        : { exportType: 'FULL_EXPORT' }),
    }),
  );
}

function print(at: number): string {
  return new Date(at).toISOString();
}

function withSum(text: string): Manifest {
  return { text, md5: createHash('md5').update(text).digest('base64') };
}
