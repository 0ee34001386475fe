/** What a table has besides its keys and indexes, from properties as AWS::DynamoDB::Table has them. */
import type { InsightsMode, TableCapacity, TableSettings, Units } from '../../model/resources.ts';
import { isUnresolved } from '../unresolved.ts';
import { flagOf, isMap, listOf, mapOf, numberOf, textOf, type Values } from './template.ts';

/** The service's default, and the most. */
const RECOVERY_DAYS = 35;
/** Bytes; the service takes no longer policy. */
const MAX_POLICY_BYTES = 20_480;

export function settingsOf(table: Values): TableSettings {
  const tags = tagsOf(table.Tags);
  const { TableClass: tableClass } = table;
  const kinesis = kinesisOf(mapOf(table.KinesisStreamSpecification));
  const encryption = encryptionOf(mapOf(table.SSESpecification));
  const recovery = mapOf(table.PointInTimeRecoverySpecification);
  const policy = policyOf(mapOf(table.ResourcePolicy).PolicyDocument);
  return {
    ...capacityOf(table),
    ...(flagOf(table.DeletionProtectionEnabled) ? { deletionProtection: true } : {}),
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
    ...(isTableClass(tableClass) ? { tableClass } : {}),
    ...(kinesis ? { kinesis } : {}),
    ...(encryption ? { encryption } : {}),
    ...(flagOf(recovery.PointInTimeRecoveryEnabled)
      ? { recoveryDays: numberOf(recovery.RecoveryPeriodInDays) ?? RECOVERY_DAYS }
      : {}),
    ...insightsOf(table),
    ...(policy === undefined ? {} : { policy }),
  };
}

/** Of a table or a global index. */
export function capacityOf(written: Values): TableCapacity {
  const provisioned = provisionedOf(written.ProvisionedThroughput);
  const limits = mapOf(written.OnDemandThroughput);
  const onDemandLimits = unitsOf(limits.MaxReadRequestUnits, limits.MaxWriteRequestUnits);
  const warmth = mapOf(written.WarmThroughput);
  const warm = unitsOf(warmth.ReadUnitsPerSecond, warmth.WriteUnitsPerSecond);
  return {
    ...(provisioned ? { provisioned } : {}),
    ...(onDemandLimits ? { onDemandLimits } : {}),
    ...(warm ? { warm } : {}),
  };
}

/** Undefined unless both units are given. */
export function provisionedOf(written: unknown): Units | undefined {
  const { ReadCapacityUnits, WriteCapacityUnits } = mapOf(written);
  const { read, write } = unitsOf(ReadCapacityUnits, WriteCapacityUnits) ?? {};
  return read === undefined || write === undefined ? undefined : { read, write };
}

/** Of a table or a global index. */
export function insightsOf(written: Values): { readonly insights?: InsightsMode } {
  const { Enabled: enabled, Mode: mode } = mapOf(written.ContributorInsightsSpecification);
  if (!flagOf(enabled)) return {};
  return { insights: mode === 'THROTTLED_KEYS' ? mode : 'ACCESSED_AND_THROTTLED_KEYS' };
}

/** A list of Key and Value; SAM's own table has a map. */
export function tagsOf(written: unknown): Record<string, string> {
  const pairs = isMap(written)
    ? Object.entries(written)
    : listOf(written).map((tag) => [mapOf(tag).Key, mapOf(tag).Value]);
  return Object.fromEntries(
    pairs.flatMap(([key, value]) => {
      const name = textOf(key);
      return name === undefined ? [] : [[name, textOf(value) ?? '']];
    }),
  );
}

function isTableClass(written: unknown): written is NonNullable<TableSettings['tableClass']> {
  return written === 'STANDARD' || written === 'STANDARD_INFREQUENT_ACCESS';
}

export function encryptionOf({ SSEEnabled, KMSMasterKeyId }: Values): TableSettings['encryption'] {
  if (!flagOf(SSEEnabled)) return undefined;
  const keyId = textOf(KMSMasterKeyId);
  return keyId === undefined ? {} : { keyId };
}

/** What its ARN stands for is told of where it is not known. */
function kinesisOf({
  StreamArn,
  ApproximateCreationDateTimePrecision: precision,
}: Values): TableSettings['kinesis'] {
  const streamArn = textOf(StreamArn);
  if (streamArn === undefined || isUnresolved(streamArn)) return undefined;
  return {
    streamArn,
    ...(precision === 'MICROSECOND' || precision === 'MILLISECOND' ? { precision } : {}),
  };
}

/** A longer one is refused by the cloud, which the checks tell of. */
function policyOf(document: unknown): string | undefined {
  const text = isMap(document) ? JSON.stringify(document) : undefined;
  return text === undefined || isTooLong(text) ? undefined : text;
}

export function isTooLong(policy: string): boolean {
  return Buffer.byteLength(policy) > MAX_POLICY_BYTES;
}

/** Undefined where neither is given. */
function unitsOf(readUnits: unknown, writeUnits: unknown): Partial<Units> | undefined {
  const read = positive(readUnits);
  const write = positive(writeUnits);
  if (read === undefined && write === undefined) return undefined;
  return { ...(read === undefined ? {} : { read }), ...(write === undefined ? {} : { write }) };
}

function positive(written: unknown): number | undefined {
  const number = numberOf(written);
  return number !== undefined && number >= 1 ? number : undefined;
}
