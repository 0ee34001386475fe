/** Lowers EventBridge Scheduler's resources, and SAM's `ScheduleV2` events, which are such schedules. */
import type { Resource, ScheduleGroupResource, ScheduleResource } from '../../model/resources.ts';
import type { Report } from '../problems.ts';
import {
  defaultRole,
  makeScheduleResource,
  type ScheduleRunner,
  scheduleProperties,
  targetFlaw,
} from '../schedules.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { expressionOf } from './event-sources.ts';
import type { Intrinsics } from './intrinsics.ts';
import { asText } from './plain-functions.ts';
import { deadLettersOf, madeName, reportDeadLetterConfig } from './sam-made.ts';
import { flagOf, listOf, mapOf, type TemplateResource, textOf, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

type Context = Pick<TriggerContext, 'intrinsics' | 'report'>;

/** Undefined for other types. */
export function lowerSchedulerResource(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): Resource[] | undefined {
  if (resource.type === 'AWS::Scheduler::ScheduleGroup') return [lowerGroup(resource, intrinsics)];
  return resource.type === 'AWS::Scheduler::Schedule'
    ? lowerSchedule(resource, { intrinsics, report })
    : undefined;
}

function lowerGroup(resource: TemplateResource, intrinsics: Intrinsics): ScheduleGroupResource {
  const { Tags: tags } = intrinsics.properties(resource, ['Tags']);
  const entries = listOf(tags)
    .map(mapOf)
    .map(({ Key, Value }) => [asText(Key), asText(Value)]);
  return {
    kind: 'schedule-group',
    name: intrinsics.physicalName(resource.id),
    tags: Object.fromEntries(entries),
    place: intrinsics.place(resource.path),
  };
}

function lowerSchedule(resource: TemplateResource, context: Context): ScheduleResource[] {
  const { intrinsics } = context;
  const keys = [...scheduleProperties, 'GroupName', 'Target'];
  const { GroupName: group, Target: written, ...properties } = intrinsics.properties(resource, keys);
  const path = [...resource.path, 'Properties'];
  const target = mapOf(written);
  const arn = asText(target.Arn);
  if (isUnresolved(target) || isUnresolved(properties)) return [];
  if (!hasExpression(properties, path, context)) return [];
  const flaw = targetFlaw(arn);
  if (flaw !== undefined)
    warn(context, 'not-emulated', [...path, 'Target'], `${resource.type} "${resource.id}": ${flaw}`);
  const named = { name: intrinsics.physicalName(resource.id), group: textOf(group) };
  const role = defaultRole(intrinsics.accountId);
  const made = makeScheduleResource({ ...named, role }, properties, target);
  return [{ ...made, place: intrinsics.place(resource.path) }];
}

function hasExpression(properties: Values, path: Path, context: Context): boolean {
  const key = 'ScheduleExpression';
  const timezone = textOf(properties.ScheduleExpressionTimezone) ?? 'UTC';
  const runner: ScheduleRunner = { service: 'scheduler', timezone };
  return expressionOf(properties[key], [...path, key], context, runner) !== undefined;
}

/** The schedules, and queues for what they could not deliver, that SAM makes of `ScheduleV2` events. */
export function samSchedules(context: TriggerContext): Resource[] {
  const { intrinsics, functions } = context;
  return intrinsics.resources
    .filter(({ type, id }) => type === 'AWS::Serverless::Function' && functions.ofResource(intrinsics, id))
    .flatMap((resource) =>
      Object.entries(mapOf(resource.properties.Events)).flatMap(([name, written]) =>
        mapOf(written).Type === 'ScheduleV2' ? ofEvent(resource, name, context) : [],
      ),
    );
}

function ofEvent(resource: TemplateResource, name: string, context: Context): Resource[] {
  const { intrinsics } = context;
  const path = [...resource.path, 'Properties', 'Events', name, 'Properties'];
  const written = mapOf(mapOf(resource.properties.Events)[name]).Properties;
  const event = mapOf(intrinsics.resolve(written, path));
  if (isUnresolved(event) || !hasExpression(event, path, context)) return [];
  const logicalId = `${resource.id}${name}`;
  const properties = Object.fromEntries(
    scheduleProperties.flatMap((key) => (event[key] === undefined ? [] : [[key, event[key]]])),
  );
  reportDeadLetterConfig(event.DeadLetterConfig, path, context);
  const dead = deadLettersOf(logicalId, event.DeadLetterConfig, intrinsics);
  const target = {
    Arn: intrinsics.arnOf(resource.id),
    ...(event.RoleArn !== undefined && { RoleArn: event.RoleArn }),
    ...(event.Input !== undefined && { Input: event.Input }),
    ...(event.RetryPolicy !== undefined && { RetryPolicy: event.RetryPolicy }),
    ...(dead.arn !== undefined && { DeadLetterConfig: { Arn: dead.arn } }),
  };
  // Without OmitName SAM gives the schedule its logical id for a name.
  const unnamed =
    flagOf(event.OmitName) === true ? madeName('AWS::Scheduler::Schedule', logicalId, intrinsics) : logicalId;
  const named = { name: textOf(event.Name) ?? unnamed, group: textOf(event.GroupName) };
  const place = intrinsics.place(path.slice(0, -1));
  const role = defaultRole(intrinsics.accountId);
  const made = makeScheduleResource({ ...named, role }, properties, target);
  return [...(dead.made ? [{ ...dead.made, place }] : []), { ...made, place }];
}
