/** ImportTable. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { timedId } from '../backups/backup-record.ts';
import { failure } from '../backups/errors.ts';
import { notEmulated, resourceInUse, validationError } from '../errors.ts';
import { list, required, structure } from '../input/collections.ts';
import { text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';
import { defineOperation, type Service } from '../service.ts';
import { tableArn } from '../tables/describe-table.ts';
import { encryptionOf } from '../tables/encryption.ts';
import {
  attributeDefinitions,
  billingMode,
  globalSecondaryIndex,
  keySchema,
  onDemandThroughput,
  provisionedThroughput,
  sseSpecification,
} from '../tables/table-shapes.ts';
import { checkedKey } from '../transfer/bucket-files.ts';
import { describeImport } from '../transfer/describe-transfer.ts';
import { bucketName, bucketOwner, clientToken, objectPrefix } from '../transfer/members.ts';
import type { ImportRecord } from '../transfer/transfer-records.ts';
import { readRecord } from './create-table.ts';

const TOKEN_KEPT_MS = 8 * 60 * 60 * 1000;

const csvOptions = structure('CsvOptions', {
  Delimiter: text({ pattern: '[,;:|\\t ]', minLength: 1, maxLength: 1 }),
  HeaderList: list(
    text({ minLength: 1, maxLength: 65536, pattern: '[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*' }),
    {
      minLength: 1,
      maxLength: 255,
    },
  ),
});

const input = structure('ImportTableInput', {
  ClientToken: clientToken,
  S3BucketSource: required(
    structure('S3BucketSource', {
      S3BucketOwner: bucketOwner,
      S3Bucket: required(bucketName),
      S3KeyPrefix: objectPrefix,
    }),
  ),
  InputFormat: required(text<'DYNAMODB_JSON' | 'ION' | 'CSV'>({ oneOf: ['DYNAMODB_JSON', 'ION', 'CSV'] })),
  InputFormatOptions: structure('InputFormatOptions', { Csv: csvOptions }),
  InputCompressionType: text<'ZSTD' | 'NONE' | 'GZIP'>({ oneOf: ['ZSTD', 'NONE', 'GZIP'] }),
  TableCreationParameters: required(
    structure('TableCreationParameters', {
      TableName: required(text({ pattern: '[a-zA-Z0-9_.-]+', minLength: 3, maxLength: 255 })),
      AttributeDefinitions: required(attributeDefinitions),
      KeySchema: required(keySchema),
      BillingMode: billingMode,
      ProvisionedThroughput: provisionedThroughput,
      OnDemandThroughput: onDemandThroughput,
      SSESpecification: sseSpecification,
      GlobalSecondaryIndexes: list(globalSecondaryIndex),
    }),
  ),
});
type ImportInput = TypeOf<typeof input>;

export const importTable = defineOperation({
  name: 'ImportTable',
  input,
  run(request, service) {
    const { TableCreationParameters: parameters } = request;
    const { TableName: name, SSESpecification: sse } = parameters;
    const definition = readRecord(parameters, service);
    checkFormat(request);
    checkedKey(request.S3BucketSource.S3KeyPrefix ?? '');
    const again = sameToken(request, service);
    if (again) return { ImportTableDescription: describeImport(again) };
    if (service.tables.find(name)) throw resourceInUse(`Table already exists: ${name}`);
    const encryption = encryptionOf(service, name, sse);
    const record = newRecord(request, service, definition.id);
    const table = service.tables.create({
      ...definition,
      ...(encryption && { encryption }),
      loading: { from: 'files', importArn: record.arn },
    });
    service.transfers.startImport(record, table);
    return { ImportTableDescription: describeImport(record) };
  },
});

function checkFormat({
  InputFormat: format,
  InputFormatOptions: options,
  InputCompressionType: compression,
}: ImportInput): void {
  if (options?.Csv && format !== 'CSV')
    throw validationError(
      `Invalid Request: Unsupported InputFormatOptions for the given input format: ${format}.`,
    );
  if (format === 'ION') throw notEmulated('DynamoDB import of the format ION');
  if (compression === 'ZSTD') throw notEmulated('DynamoDB import of the compression ZSTD');
}

function newRecord(request: ImportInput, service: Service, tableId: string): ImportRecord {
  const { S3BucketSource: source, InputFormat: format, InputFormatOptions: options } = request;
  const { TableName: tableName } = request.TableCreationParameters;
  const startedAt = Math.floor(service.clock.now());
  const id = timedId(startedAt, service.ids.hex(4));
  const arn = tableArn(service, tableName);
  return {
    arn: `${arn}/import/${id}`,
    id,
    status: 'IN_PROGRESS',
    startedAt,
    tableName,
    tableArn: arn,
    tableId,
    token: request.ClientToken ?? service.ids.uuid(),
    bucket: source.S3Bucket,
    bucketOwner: source.S3BucketOwner ?? service.accountId,
    ...(source.S3KeyPrefix !== undefined && { prefix: source.S3KeyPrefix }),
    format: format === 'CSV' ? 'CSV' : 'DYNAMODB_JSON',
    compression: request.InputCompressionType === 'GZIP' ? 'GZIP' : 'NONE',
    ...(options?.Csv && { csv: options.Csv }),
    // The shapes leave nothing but what JSON has.
    parameters: JSON.parse(JSON.stringify(request.TableCreationParameters)) as JsonObject,
    counts: { sizeBytes: 0, processed: 0, imported: 0, errors: 0 },
  };
}

/** The import this token began before: the service looks at the table's name only. */
function sameToken(request: ImportInput, service: Service): ImportRecord | undefined {
  const { ClientToken: token } = request;
  const now = service.clock.now();
  const known = service.transfers.imports
    .list(now)
    .find(
      (record) => token !== undefined && record.token === token && record.startedAt > now - TOKEN_KEPT_MS,
    );
  if (!known) return undefined;
  if (known.tableName !== request.TableCreationParameters.TableName)
    throw failure(
      'ImportConflictException',
      'Import conflict: Duplicate request detected with conflicting parameters',
    );
  if (known.status !== 'IN_PROGRESS' && service.tables.find(known.tableName))
    throw resourceInUse(`Table already exists: ${known.tableName}`);
  return known;
}
