/** The buckets that `s3` events make, as resources of the service's template. */
import type { ImpliedResource } from '../cloudformation/references.ts';
import { isMap, listOf, mapOf, textOf, type Values } from '../cloudformation/template.ts';
import { settledText } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { bucketLogicalId } from './names.ts';
import type { FunctionEntry } from './service.ts';
import type { Variables } from './variables/resolver.ts';

export interface MadeBuckets {
  /** By logical id. */
  readonly resources: Readonly<Record<string, ImpliedResource>>;
  /** Logical id → the event that makes it. */
  readonly paths: ReadonlyMap<string, Path>;
}

/** `settings` is `provider.s3`. What is wrong in an event is reported where it is lowered. */
export async function madeBuckets(
  entries: readonly FunctionEntry[],
  settings: Values,
  variables: Variables,
): Promise<MadeBuckets> {
  const resources: Record<string, ImpliedResource> = {};
  const paths = new Map<string, Path>();
  for (const { path } of entries) {
    const events = listOf(await variables.deep([...path, 'events'], () => {}));
    for (const [index, event] of events.entries()) {
      const bucket = isMap(event) ? bucketIn(event.s3) : undefined;
      const id = bucketLogicalId(bucket ?? '');
      if (bucket === undefined || resources[id]) continue;
      resources[id] = bucketResource(bucket, mapOf(settings[bucket]));
      paths.set(id, [...path, 'events', index, 's3']);
    }
  }
  return { resources, paths };
}

/** Undefined where there is a bucket already. */
function bucketIn(s3: unknown): string | undefined {
  if (!isMap(s3)) return settledText(s3);
  return s3.existing === true ? undefined : settledText(s3.bucket);
}

/** Settings are the properties of the resource, each with a small letter in front. */
function bucketResource(bucket: string, { name, ...settings }: Values): ImpliedResource {
  const properties = Object.entries(settings).map(([key, value]) => [
    `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
    value,
  ]);
  return {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: textOf(name) ?? bucket, ...Object.fromEntries(properties) },
  };
}
