/** How parameters look in answers. Times are epoch seconds. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { arnOf } from './names.ts';
import type { Found } from './parameters.ts';
import type { ParameterRecord, VersionRecord } from './store.ts';

export interface Owner {
  readonly region: string;
  readonly accountId: string;
}

export function describeValue(
  { record, version, selector }: Found,
  withDecryption: boolean,
  { region, accountId }: Owner,
): JsonObject {
  return {
    Name: record.name,
    Type: record.type,
    Value: shownValue(version, withDecryption),
    Version: version.version,
    ...(selector !== undefined && { Selector: selector }),
    LastModifiedDate: version.at / 1000,
    ARN: arnOf(region, accountId, record.name),
    DataType: version.dataType,
  };
}

/** Undecrypted, a SecureString is some text that does not show its value at a glance; nothing is encrypted here. */
export function shownValue({ value, keyId }: VersionRecord, withDecryption: boolean): string {
  return keyId === undefined || withDecryption
    ? value
    : Buffer.from(`sls-local ${keyId} ${value}`).toString('base64');
}

/** What is told of a version without its value. */
export function describeMetadata(
  record: ParameterRecord,
  version: VersionRecord,
  { accountId }: Pick<Owner, 'accountId'>,
): JsonObject {
  return {
    Name: record.name,
    Type: record.type,
    ...(version.keyId !== undefined && { KeyId: version.keyId }),
    LastModifiedDate: version.at / 1000,
    LastModifiedUser: `arn:aws:iam::${accountId}:user/sls-local`,
    ...(version.description !== undefined && { Description: version.description }),
    ...(version.allowedPattern !== undefined && { AllowedPattern: version.allowedPattern }),
    Version: version.version,
    Tier: version.tier,
    Policies: policiesOf(version),
    DataType: version.dataType,
  };
}

function policiesOf({ policies }: VersionRecord): JsonObject[] {
  if (!policies) return [];
  const parsed = JSON.parse(policies) as JsonObject[];
  return parsed.map((policy) => ({
    PolicyText: JSON.stringify(policy),
    PolicyType: policy.Type ?? '',
    PolicyStatus: 'Pending',
  }));
}
