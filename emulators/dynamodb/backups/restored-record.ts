/** The definition of a table that is restored: its source's, with what the request wants otherwise. */

import { hashNames, namesOf, rangeNames } from '../../../src/std/key-names.ts';
import { invalidParameter, validationError } from '../errors.ts';
import type { Service } from '../service.ts';
import { createdLimits } from '../tables/capacity-settings.ts';
import { attributesOf } from '../tables/check-schema.ts';
import { encryptionOf } from '../tables/encryption.ts';
import { type IndexRecord, onDemandThroughput, type TableRecord } from '../tables/table-record.ts';
import type {
  GlobalIndexInput,
  LocalIndexInput,
  OnDemandThroughputInput,
  ProvisionedThroughputInput,
  SseSpecificationInput,
} from '../tables/table-shapes.ts';
import { throughputOf } from '../tables/throughput.ts';

export interface RestoreRequest {
  readonly TargetTableName: string;
  readonly BillingModeOverride?: TableRecord['billingMode'];
  readonly GlobalSecondaryIndexOverride?: readonly GlobalIndexInput[];
  readonly LocalSecondaryIndexOverride?: readonly LocalIndexInput[];
  readonly ProvisionedThroughputOverride?: ProvisionedThroughputInput;
  readonly OnDemandThroughputOverride?: OnDemandThroughputInput;
  readonly SSESpecificationOverride?: SseSpecificationInput;
}

/**
 * Streams, expiry, tags, point-in-time recovery, deletion protection, table class and policies are not restored, as the service
 * does not restore them.
 */
export function restoredRecord(service: Service, request: RestoreRequest, source: TableRecord): TableRecord {
  const { BillingModeOverride: mode = source.billingMode, ProvisionedThroughputOverride: units } = request;
  checkBilling(request, mode);
  const limits = request.OnDemandThroughputOverride
    ? createdLimits(request.OnDemandThroughputOverride, '')
    : source.onDemandLimits;
  const throughput =
    mode === 'PAY_PER_REQUEST' ? onDemandThroughput : units ? throughputOf(units) : plain(source);
  const localIndexes = matching(request.LocalSecondaryIndexOverride, source.localIndexes);
  const globalIndexes = matching(request.GlobalSecondaryIndexOverride, source.globalIndexes).map(
    (index): IndexRecord => ({
      ...index,
      throughput: mode === 'PAY_PER_REQUEST' ? onDemandThroughput : plain(index, throughput),
    }),
  );
  const { SSESpecificationOverride: sse, TargetTableName: name } = request;
  const encryption = sse ? encryptionOf(service, name, sse) : source.encryption;
  const createdAt = service.clock.now();
  return {
    name,
    id: service.ids.uuid(),
    createdAt,
    attributes: attributesOf(definitionsOf(source, [...localIndexes, ...globalIndexes])),
    key: source.key,
    localIndexes,
    globalIndexes,
    billingMode: mode,
    throughput,
    ...(mode === 'PAY_PER_REQUEST' && {
      onDemandSince: createdAt,
      ...(limits && { onDemandLimits: limits }),
    }),
    ...(encryption && { encryption }),
    deletionProtection: false,
    tags: {},
  };
}

function checkBilling(request: RestoreRequest, mode: TableRecord['billingMode']): void {
  if (request.ProvisionedThroughputOverride && mode !== 'PROVISIONED')
    throw validationError('Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED');
  if (request.BillingModeOverride === 'PROVISIONED' && !request.ProvisionedThroughputOverride)
    throw validationError('Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED');
  if (request.OnDemandThroughputOverride && mode === 'PROVISIONED')
    throw invalidParameter('OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED');
}

/** An index may be left out or renamed, none may be new. No list at all = all of them. */
function matching(
  wished: readonly (GlobalIndexInput | LocalIndexInput)[] | undefined,
  present: readonly IndexRecord[],
): readonly IndexRecord[] {
  if (!wished) return present.map(({ backfilling: _, ...index }) => index);
  return wished.map((index) => {
    const same = present.find((each) => essenceOf(each) === essenceOfInput(index));
    if (!same)
      throw validationError(
        `Index ${index.IndexName} does not match a secondary index that existed in the source table and cannot be created during the restore operation`,
      );
    const { backfilling: _, ...record } = same;
    const units = 'ProvisionedThroughput' in index ? index.ProvisionedThroughput : undefined;
    return { ...record, name: index.IndexName, ...(units && { throughput: throughputOf(units) }) };
  });
}

function essenceOf({ key, projection }: IndexRecord): string {
  return JSON.stringify([
    hashNames(key),
    rangeNames(key),
    projection.type,
    [...projection.nonKeyAttributes].sort(),
  ]);
}

function essenceOfInput({
  KeySchema: key,
  Projection: projection,
}: GlobalIndexInput | LocalIndexInput): string {
  const named = (type: string) =>
    key.filter(({ KeyType: each }) => each === type).map(({ AttributeName: name }) => name);
  return JSON.stringify([
    named('HASH'),
    named('RANGE'),
    projection.ProjectionType,
    [...(projection.NonKeyAttributes ?? [])].sort(),
  ]);
}

/** Without the record of past changes. An index of a table that was on demand gets what the table gets. */
function plain({ throughput }: Pick<IndexRecord, 'throughput'>, otherwise = onDemandThroughput) {
  if (!throughput || throughput.read === 0) return otherwise;
  return { read: throughput.read, write: throughput.write, decreasesToday: 0 };
}

function definitionsOf({ attributes, key }: TableRecord, indexes: readonly IndexRecord[]) {
  const used = new Set([key, ...indexes.map((index) => index.key)].flatMap(namesOf));
  return Object.entries(attributes)
    .filter(([name]) => used.has(name))
    .map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}
