/** Lowers S3 buckets, and whom they tell of their objects. */
import type { BucketTrigger } from '../../model/project.ts';
import type { BucketFilter, BucketNotification, BucketResource } from '../../model/resources.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import { bucketDocuments } from './bucket-documents.ts';
import type { Intrinsics } from './intrinsics.ts';
import { partitionOf } from './physical.ts';
import { asText } from './plain-functions.ts';
import { dotted, flagOf, listOf, mapOf, type TemplateResource, textOf, type Values } from './template.ts';
import { fail, type SamEvent, type TriggerContext, warn } from './trigger-context.ts';

/** Properties that are read, and those a local run does without. */
const read = [
  ...['CorsConfiguration', 'LifecycleConfiguration', 'WebsiteConfiguration', 'Tags', 'BucketEncryption'],
  ...['PublicAccessBlockConfiguration', 'OwnershipControls', 'VersioningConfiguration', 'ObjectLockEnabled'],
  'NotificationConfiguration',
];
const notEmulated: Readonly<Record<string, string>> = {
  ReplicationConfiguration: 'objects are not replicated',
  InventoryConfigurations: 'no inventories are written',
  ObjectLockConfiguration: 'a default retention has to be set through the API',
};

export function lowerBucket(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): BucketResource {
  const bucket = intrinsics.properties(resource, read);
  for (const [key, reason] of Object.entries(notEmulated))
    if (resource.properties[key] !== undefined) {
      const path = [...resource.path, 'Properties', key];
      report({
        severity: 'warning',
        code: 'not-emulated',
        message: `${key} of bucket "${resource.id}" is not emulated: ${reason}`,
        place: intrinsics.place(path),
        subject: dotted(path),
      });
    }
  const status = textOf(mapOf(bucket.VersioningConfiguration).Status);
  const isLocked = flagOf(bucket.ObjectLockEnabled) ?? false;
  const name = intrinsics.physicalName(resource.id);
  return {
    kind: 'bucket',
    name,
    ...(status === 'Enabled' || status === 'Suspended' ? { versioning: status } : {}),
    ...(isLocked ? { objectLock: true, versioning: 'Enabled' } : {}),
    configurations: bucketDocuments(bucket),
    notifications: [
      ...notificationsOf(mapOf(bucket.NotificationConfiguration), intrinsics),
      ...handedOver(name, intrinsics),
    ],
    place: intrinsics.place(resource.path),
  };
}

/** What the CDK sets by a resource of its own, while it deploys. */
function handedOver(bucket: string, intrinsics: Intrinsics): BucketNotification[] {
  return intrinsics.resources
    .filter(({ type }) => type === 'Custom::S3BucketNotifications')
    .map((resource) => intrinsics.properties(resource, ['BucketName', 'NotificationConfiguration']))
    .filter(({ BucketName: name }) => textOf(name) === bucket)
    .flatMap(({ NotificationConfiguration: written }) => notificationsOf(mapOf(written), intrinsics));
}

/** Queues, topics and the event bus; the template's spelling and the API's. */
function notificationsOf(written: Values, intrinsics: Intrinsics): BucketNotification[] {
  const targets = [
    ...listOf(written.QueueConfigurations).map((one) => ({ one: mapOf(one), keys: ['Queue', 'QueueArn'] })),
    ...listOf(written.TopicConfigurations).map((one) => ({ one: mapOf(one), keys: ['Topic', 'TopicArn'] })),
  ].flatMap(({ one, keys }) => {
    const arn = keys.map((key) => textOf(one[key])).find((text) => text !== undefined);
    return arn === undefined ? [] : [{ arn, ...filterOf(one) }];
  });
  const bus = mapOf(written.EventBridgeConfiguration);
  const isOn = written.EventBridgeConfiguration !== undefined && (flagOf(bus.EventBridgeEnabled) ?? true);
  return isOn ? [...targets, { arn: busArn(intrinsics), events: ['s3:*'] }] : targets;
}

function busArn({ region, accountId }: Intrinsics): string {
  return `arn:${partitionOf(region)}:events:${region}:${accountId}:event-bus/default`;
}

/** `Event` and `Filter.S3Key.Rules` in a template, `Events` and `Filter.Key.FilterRules` in the API. */
function filterOf(one: Values): BucketFilter {
  const filter = mapOf(one.Filter);
  const rules = [...listOf(mapOf(filter.S3Key).Rules), ...listOf(mapOf(filter.Key).FilterRules)].map(mapOf);
  const value = (name: string) =>
    textOf(rules.find((rule) => textOf(rule.Name)?.toLowerCase() === name)?.Value);
  const prefix = value('prefix');
  const suffix = value('suffix');
  return {
    events: [...listOf(one.Event), ...listOf(one.Events)].map(asText),
    ...(prefix === undefined ? {} : { prefix }),
    ...(suffix === undefined ? {} : { suffix }),
  };
}

/** The functions a bucket of the template tells. */
export function lowerBucketTriggers(resource: TemplateResource, context: TriggerContext): BucketTrigger[] {
  const { NotificationConfiguration: written } = context.intrinsics.properties(resource, [
    'NotificationConfiguration',
  ]);
  const bucket = context.intrinsics.physicalName(resource.id);
  return functionTriggers(bucket, mapOf(written), [...resource.path, 'Properties'], context);
}

/** The functions a bucket tells by the CDK's own resource. */
export function lowerCdkNotifications(resource: TemplateResource, context: TriggerContext): BucketTrigger[] {
  const { BucketName: name, NotificationConfiguration: written } = context.intrinsics.properties(resource, [
    'BucketName',
    'NotificationConfiguration',
  ]);
  return functionTriggers(asText(name), mapOf(written), [...resource.path, 'Properties'], context);
}

function functionTriggers(
  bucket: string,
  written: Values,
  path: Path,
  context: TriggerContext,
): BucketTrigger[] {
  const at = [...path, 'NotificationConfiguration'];
  const listed = [
    ...listOf(written.LambdaConfigurations),
    ...listOf(written.LambdaFunctionConfigurations),
  ].map(mapOf);
  return listed.flatMap((one): BucketTrigger[] => {
    const arn = textOf(one.Function) ?? textOf(one.LambdaFunctionArn) ?? '';
    const functionId = context.functions.named(arn);
    const place = context.intrinsics.place(at);
    if (functionId !== undefined) return [{ kind: 'bucket', functionId, bucket, ...filterOf(one), place }];
    fail(
      context,
      'unknown-function',
      at,
      `the bucket "${bucket}" tells "${arn}", which is no function of this project`,
      'write `!GetAtt TheFunction.Arn`',
    );
    return [];
  });
}

/** SAM's `S3` event. */
export function lowerS3Event(event: SamEvent, context: TriggerContext): BucketTrigger[] {
  const { properties, functionId, path } = event;
  const bucket = textOf(properties.Bucket);
  const { events, ...filter } = filterOf(properties);
  if (bucket === undefined || events.length === 0) {
    const key = bucket === undefined ? 'Bucket' : 'Events';
    fail(
      context,
      'invalid-event',
      [...path, key],
      `${key} of event "${event.name}" of function "${event.owner}" is missing`,
      key === 'Bucket' ? 'write `!Ref TheBucket`' : 'such as s3:ObjectCreated:*',
    );
    return [];
  }
  const { resources, physicalName } = context.intrinsics;
  if (!resources.some(({ type, id }) => type === 'AWS::S3::Bucket' && physicalName(id) === bucket))
    warn(
      context,
      'bucket-not-declared',
      [...path, 'Bucket'],
      `event "${event.name}" of function "${event.owner}" is about the bucket "${bucket}", which this template does not declare: SAM refuses that`,
      'declare it and write `!Ref TheBucket`',
    );
  return [
    {
      kind: 'bucket',
      functionId,
      bucket,
      events,
      ...filter,
      place: context.intrinsics.place(path.slice(0, -1)),
    },
  ];
}
