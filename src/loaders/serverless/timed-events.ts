/** `schedule` events, and `eventBridge` events that are schedules. */
import type { EventRuleTrigger } from '../../model/event-bus.ts';
import type { ScheduleTrigger, Trigger } from '../../model/project.ts';
import { isMap, listOf, mapOf, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import {
  defaultRole,
  isExpression,
  makeScheduleResource,
  type ScheduleFlaw,
  type ScheduleRunner,
} from '../schedules.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import type { EventContext } from './event-context.ts';
import { scheduleKeys } from './known-keys.ts';
import { ruleSettings } from './rule-settings.ts';

/** `'rate(5 minutes)'`, or `{ rate, enabled, name, input, timezone, … }`. Names are made unique later. */
export function lowerSchedule(value: unknown, path: Path, context: EventContext): Trigger[] {
  const resolved = context.resolve(value, path);
  const section = makeFields(isMap(resolved) ? resolved : { rate: resolved }, path, context.fields);
  section.unknownKeys(scheduleKeys);
  if (section.text('method') === 'scheduler') {
    declareSchedules(section, path, context);
    return [];
  }
  if (section.has('inputPath') || section.has('inputTransformer')) return rulesOf(section, path, context);
  return schedulesOf(section, 'rate', context);
}

/** Schedules that shape what the function gets are rules like others. */
function rulesOf(section: Fields, path: Path, context: EventContext): EventRuleTrigger[] {
  const { functionId, functionName } = context;
  const event = path.findLast((part) => typeof part === 'number') ?? 0;
  const name = section.text('name') ?? `${functionName}-schedule-${event + 1}`;
  return expressionsOf(section, 'rate').map((schedule, index) => ({
    kind: 'event-rule' as const,
    functionId,
    bus: 'default',
    rule: index === 0 ? name : `${name}-${index + 1}`,
    schedule,
    target: { id: `${functionName}-target`.slice(-64), settings: ruleSettings(section) },
    enabled: section.flag('enabled') ?? true,
    place: section.place,
  }));
}

/** `{ schedule, name, enabled, input }` of an `eventBridge` event. */
export function lowerEventBridgeSchedule(
  value: unknown,
  path: Path,
  context: EventContext,
): ScheduleTrigger[] {
  const resolved = context.resolve(value, path);
  return isMap(resolved) ? schedulesOf(makeFields(resolved, path, context.fields), 'schedule', context) : [];
}

/** `method: scheduler`: schedules of EventBridge Scheduler instead of rules; they are resources. */
function declareSchedules(section: Fields, path: Path, context: EventContext): void {
  const { functionArn, functionName } = context;
  const event = path.findLast((part) => typeof part === 'number') ?? 0;
  const input = inputOf(section);
  const target = {
    Arn: functionArn,
    ...(section.has('roleArn') && { RoleArn: section.values.roleArn }),
    ...(input !== undefined && { Input: input }),
  };
  const expressions = expressionsOf(section, 'rate', 'scheduler');
  for (const [index, expression] of expressions.entries()) {
    const ordinal = index === 0 ? '' : `-${index + 1}`;
    const name = section.text('name') ?? `${functionName}-schedule-${event + 1}`;
    const role = defaultRole(functionArn.split(':')[4] ?? '');
    const description = section.text('description');
    const properties = {
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: section.text('timezone') ?? 'UTC',
      State: (section.flag('enabled') ?? true) ? 'ENABLED' : 'DISABLED',
      ...(description !== undefined && { Description: description }),
    };
    const named = { name: `${name}${ordinal}`, group: section.text('groupName'), role };
    context.declare({ ...makeScheduleResource(named, properties, target), place: section.place });
  }
}

function schedulesOf(section: Fields, key: 'rate' | 'schedule', context: EventContext): ScheduleTrigger[] {
  const name = section.text('name') ?? `${context.functionName}-schedule`;
  const input = inputOf(section);
  return expressionsOf(section, key).map((expression) => ({
    kind: 'schedule' as const,
    functionId: context.functionId,
    name,
    expression,
    timezone: section.text('timezone') ?? 'UTC',
    ...(input === undefined ? {} : { input }),
    enabled: section.flag('enabled') ?? true,
    place: section.place,
  }));
}

/** Those the service would refuse are reported. */
export function expressionsOf(
  section: Fields,
  key: 'rate' | 'schedule',
  service: ScheduleRunner['service'] = 'rule',
): string[] {
  const runner = { service, timezone: section.text('timezone') ?? 'UTC' };
  const tell = ({ severity, ...flaw }: ScheduleFlaw) => {
    const finding = { ...flaw, message: `${section.subject}: ${flaw.message}` };
    if (severity === 'error') section.error(finding);
    else section.warn(finding);
  };
  return listOf(section.values[key])
    .filter((written) => !isUnresolved(written))
    .map((written) => textOf(written)?.trim() ?? '')
    .filter((expression) => isExpression(expression, runner, tell));
}

/** JSON text; a text that is not JSON is handed over as a JSON string. The framework parses a `body` in a schedule's map. */
function inputOf(section: Fields): string | undefined {
  const { input } = section.values;
  if (input === undefined || input === null) return undefined;
  if (typeof input === 'string') return parsed(input) === undefined ? JSON.stringify(input) : input;
  const body = section.has('schedule') || !isMap(input) ? undefined : parsed(input.body);
  return JSON.stringify(body === undefined ? input : { ...mapOf(input), body });
}

/** Undefined for what is no JSON text. */
function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
