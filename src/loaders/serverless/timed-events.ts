/** `schedule` events, and `eventBridge` events that are schedules. */
import type { ScheduleTrigger } from '../../model/project.ts';
import { isMap, listOf, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import { defaultRole, makeScheduleResource } from '../schedules.ts';
import type { Path } from '../yaml.ts';
import type { EventContext } from './event-context.ts';
import { scheduleKeys } from './known-keys.ts';

/** `'rate(5 minutes)'`, or `{ rate, enabled, name, input, timezone, … }`. Names are made unique later. */
export function lowerSchedule(value: unknown, path: Path, context: EventContext): ScheduleTrigger[] {
  const resolved = context.resolve(value, path);
  const section = makeFields(isMap(resolved) ? resolved : { rate: resolved }, path, context.fields);
  section.unknownKeys(scheduleKeys);
  if (section.text('method') === 'scheduler') {
    declareSchedules(section, path, context);
    return [];
  }
  return schedulesOf(section, 'rate', context);
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
  const expressions = expressionsOf(section, 'rate');
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
  for (const unread of ['inputPath', 'inputTransformer'])
    if (section.has(unread))
      section.warn({
        code: 'not-emulated',
        key: unread,
        message: `${unread} is not emulated: the function gets the event as it is`,
      });
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

/** Those that are none are reported. */
function expressionsOf(section: Fields, key: 'rate' | 'schedule'): string[] {
  return listOf(section.values[key]).flatMap((written) => {
    const expression = textOf(written)?.trim() ?? '';
    if (/^(rate|cron|at)\(.+\)$/.test(expression)) return [expression];
    section.error({
      code: 'invalid-schedule',
      message: `${section.subject}: expected rate(…), cron(…) or at(…), found "${expression}"`,
      hint: 'such as rate(5 minutes) or cron(0 3 * * ? *)',
    });
    return [];
  });
}

/** JSON text; a text that is not JSON is handed over as a JSON string. */
function inputOf(section: Fields): string | undefined {
  const { input } = section.values;
  if (input === undefined || input === null) return undefined;
  if (typeof input !== 'string') return JSON.stringify(input);
  try {
    JSON.parse(input);
    return input;
  } catch {
    return JSON.stringify(input);
  }
}
