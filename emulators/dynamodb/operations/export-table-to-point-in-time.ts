/** ExportTableToPointInTime. */
import { timedId } from '../backups/backup-record.ts';
import { failure } from '../backups/errors.ts';
import { invalidParameter, notEmulated, validationError } from '../errors.ts';
import { required, structure } from '../input/collections.ts';
import { text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { timestamp } from '../input/timestamp.ts';
import { defineOperation, type Service } from '../service.ts';
import { backedUpTable } from '../tables/existing-table.ts';
import type { Table } from '../tables/table.ts';
import { checkedKey } from '../transfer/bucket-files.ts';
import { describeExport } from '../transfer/describe-transfer.ts';
import { exportSpan } from '../transfer/export-span.ts';
import { bucketName, bucketOwner, clientToken, objectPrefix } from '../transfer/members.ts';
import type { ExportRecord, ExportView } from '../transfer/transfer-records.ts';

const TOKEN_KEPT_MS = 8 * 60 * 60 * 1000;

const input = structure('ExportTableToPointInTimeInput', {
  TableArn: required(text({ minLength: 1, maxLength: 1024 })),
  ExportTime: timestamp,
  ClientToken: clientToken,
  S3Bucket: required(bucketName),
  S3BucketOwner: bucketOwner,
  S3Prefix: objectPrefix,
  S3SseAlgorithm: text({ oneOf: ['AES256', 'KMS'] }),
  S3SseKmsKeyId: text({ minLength: 1, maxLength: 2048 }),
  ExportFormat: text({ oneOf: ['DYNAMODB_JSON', 'ION'] }),
  ExportType: text({ oneOf: ['FULL_EXPORT', 'INCREMENTAL_EXPORT'] }),
  IncrementalExportSpecification: structure('IncrementalExportSpecification', {
    ExportFromTime: timestamp,
    ExportToTime: timestamp,
    ExportViewType: text<ExportView>({ oneOf: ['NEW_IMAGE', 'NEW_AND_OLD_IMAGES'] }),
  }),
});
type ExportInput = TypeOf<typeof input>;

export const exportTableToPointInTime = defineOperation({
  name: 'ExportTableToPointInTime',
  input,
  run(request, service) {
    const { TableArn: arn } = request;
    checkTableArn(arn);
    checkEncryption(request);
    checkedKey(request.S3Prefix ?? '');
    const again = sameToken(request, service);
    if (again) return { ExportDescription: describeExport(again) };
    const table = backedUpTable(service, arn, arn);
    const span = exportSpan(request, table.record, Math.floor(service.clock.now()));
    if (request.ExportFormat === 'ION') throw notEmulated('DynamoDB export in the format ION');
    const record: ExportRecord = { ...newRecord(request, service, table), ...span };
    service.transfers.startExport(record, table);
    return { ExportDescription: describeExport(record) };
  },
});

function newRecord(request: ExportInput, service: Service, table: Table): ExportRecord {
  const startedAt = Math.floor(service.clock.now());
  const id = timedId(startedAt, service.ids.hex(4));
  const { S3BucketOwner: owner, S3Prefix: prefix, S3SseKmsKeyId: keyId } = request;
  return {
    arn: `${request.TableArn}/export/${id}`,
    id,
    status: 'IN_PROGRESS',
    startedAt,
    tableArn: request.TableArn,
    tableId: table.record.id,
    token: request.ClientToken ?? service.ids.uuid(),
    request: printed(request),
    bucket: request.S3Bucket,
    ...(owner !== undefined && { bucketOwner: owner }),
    ...(prefix !== undefined && { prefix }),
    encryption: { algorithm: request.S3SseAlgorithm ?? 'AES256', ...(keyId !== undefined && { keyId }) },
  };
}

function checkTableArn(arn: string): void {
  if (!arn.startsWith('arn:')) throw invalidParameter('tableArn is not a valid ARN');
  if (!/^arn:[^:]*:dynamodb:[^:]*:\d+:table\/[^/]+$/.test(arn))
    throw validationError('Invalid Request: Table ARN is invalid.');
}

function checkEncryption({ S3SseAlgorithm: algorithm, S3SseKmsKeyId: keyId }: ExportInput): void {
  if (keyId !== undefined && algorithm !== 'KMS')
    throw validationError('Invalid Request: KMS Key Id is not supported for this encryption type');
}

/** The export this very request began before. */
function sameToken(request: ExportInput, service: Service): ExportRecord | undefined {
  const { ClientToken: token } = request;
  const now = service.clock.now();
  const known = service.transfers.exports
    .list(now)
    .find(
      (record) => token !== undefined && record.token === token && record.startedAt > now - TOKEN_KEPT_MS,
    );
  if (known && known.request !== printed(request))
    throw failure(
      'ExportConflictException',
      'Export conflict: Duplicate request detected with conflicting parameters',
    );
  return known;
}

function printed(request: ExportInput): string {
  return JSON.stringify(request);
}
