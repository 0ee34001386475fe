/** Lowers Kinesis streams and their consumers. */
import type { StreamConsumerResource, StreamResource } from '../../model/resources.ts';
import type { Report } from '../problems.ts';
import type { Intrinsics } from './intrinsics.ts';
import { dotted, mapOf, numberOf, type TemplateResource, textOf } from './template.ts';

/** Source: Kinesis API reference, CreateStream and IncreaseStreamRetentionPeriod. */
const limits = {
  ShardCount: { min: 1, max: 10_000, usual: 1 },
  RetentionPeriodHours: { min: 24, max: 8760, usual: 24 },
} as const;

export function lowerStream(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): StreamResource {
  const keys = [...Object.keys(limits), 'StreamModeDetails', 'StreamEncryption'];
  const properties = intrinsics.properties(resource, keys);
  const path = [...resource.path, 'Properties'];
  const number = (key: keyof typeof limits): number => {
    const { min, max, usual } = limits[key];
    const written = properties[key];
    if (written === undefined) return usual;
    const value = numberOf(written) ?? Number.NaN;
    if (value >= min && value <= max) return value;
    report({
      severity: 'error',
      code: 'invalid-stream',
      message: `stream "${resource.id}" has ${key} "${textOf(written) ?? 'not a number'}"`,
      hint: `give a number from ${min} to ${max}`,
      place: intrinsics.place([...path, key]),
      subject: dotted([...path, key]),
    });
    return usual;
  };
  const isOnDemand = mapOf(properties.StreamModeDetails).StreamMode === 'ON_DEMAND';
  const kmsKeyId = textOf(mapOf(properties.StreamEncryption).KeyId);
  return {
    kind: 'stream',
    name: intrinsics.physicalName(resource.id),
    mode: isOnDemand ? 'ON_DEMAND' : 'PROVISIONED',
    shardCount: number('ShardCount'),
    retentionHours: number('RetentionPeriodHours'),
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    place: intrinsics.place(resource.path),
  };
}

/** Undefined where its stream is not known here. */
export function lowerStreamConsumer(
  resource: TemplateResource,
  intrinsics: Intrinsics,
): StreamConsumerResource | readonly [] {
  const streamArn = textOf(intrinsics.properties(resource, ['StreamARN']).StreamARN);
  if (streamArn === undefined) return [];
  return {
    kind: 'stream-consumer',
    name: intrinsics.physicalName(resource.id),
    arn: intrinsics.arnOf(resource.id),
    streamArn,
    place: intrinsics.place(resource.path),
  };
}
