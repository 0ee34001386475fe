/** How secrets look in answers. Times are epoch seconds. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { SecretRecord, Value, Version } from './store.ts';

const DAY_MS = 86_400_000;

export function describeSecret(record: SecretRecord): JsonObject {
  const { description, kmsKeyId, accessedAt, endsAt, tags } = record;
  return {
    ARN: record.arn,
    Name: record.name,
    ...(description !== undefined && { Description: description }),
    ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }),
    LastChangedDate: record.changedAt / 1000,
    // The service keeps the day alone.
    ...(accessedAt !== undefined && { LastAccessedDate: Math.floor(accessedAt / DAY_MS) * (DAY_MS / 1000) }),
    ...(endsAt !== undefined && { DeletedDate: endsAt / 1000 }),
    CreatedDate: record.createdAt / 1000,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

/** Version → labels, of those that have any. */
export function stagesOf({ versions }: SecretRecord): JsonObject {
  const entries = versions
    .filter(({ stages }) => stages.length > 0)
    .map(({ id, stages }) => [id, [...stages]]);
  return Object.fromEntries(entries);
}

export function describeValue(record: SecretRecord, version: Version, value: Value): JsonObject {
  return {
    ARN: record.arn,
    Name: record.name,
    VersionId: version.id,
    ...(value.binary !== undefined && { SecretBinary: value.binary }),
    ...(value.text !== undefined && { SecretString: value.text }),
    VersionStages: [...version.stages],
    CreatedDate: version.at / 1000,
  };
}
