/** `s3` events, and the buckets the framework makes for them. */
import type { BucketTrigger, Trigger } from '../../model/project.ts';
import type { BucketResource, Resource } from '../../model/resources.ts';
import { isMap, listOf, mapOf, textOf } from '../cloudformation/template.ts';
import { makeFields } from '../fields.ts';
import type { Path } from '../yaml.ts';
import type { EventContext } from './event-context.ts';
import { s3Keys } from './known-keys.ts';

/** A bucket's name, or `{ bucket, event, rules: [{ prefix }, { suffix }], existing }`. */
export function lowerS3Event(value: unknown, path: Path, context: EventContext): BucketTrigger[] {
  const resolved = context.resolve(value, path);
  const section = makeFields(isMap(resolved) ? resolved : { bucket: resolved }, path, context.fields);
  section.unknownKeys(s3Keys);
  const bucket = section.text('bucket');
  if (bucket === undefined) {
    section.error({
      code: 'invalid-value',
      message: `${section.subject}: the bucket's name is missing`,
      hint: 'write s3: photos, or s3: { bucket: photos, event: s3:ObjectCreated:* }',
    });
    return [];
  }
  const rules = listOf(section.values.rules).map(mapOf);
  const prefix = textOf(rules.find((rule) => rule.prefix !== undefined)?.prefix);
  const suffix = textOf(rules.find((rule) => rule.suffix !== undefined)?.suffix);
  return [
    {
      kind: 'bucket',
      functionId: context.functionId,
      bucket: context.settings.buckets[bucket] ?? bucket,
      events: [section.text('event') ?? 's3:ObjectCreated:*'],
      ...(prefix === undefined ? {} : { prefix }),
      ...(suffix === undefined ? {} : { suffix }),
      place: section.place,
    },
  ];
}

/** Buckets that events name and `resources` does not declare: the framework makes them, or they exist already. */
export function eventBuckets(triggers: readonly Trigger[], declared: readonly Resource[]): BucketResource[] {
  const known = new Set(declared.flatMap((one) => (one.kind === 'bucket' ? [one.name] : [])));
  return triggers.flatMap((trigger): BucketResource[] => {
    if (trigger.kind !== 'bucket' || known.has(trigger.bucket)) return [];
    known.add(trigger.bucket);
    const { bucket: name, place } = trigger;
    return [{ kind: 'bucket', name, configurations: {}, notifications: [], ...(place && { place }) }];
  });
}
