/** Schedules of EventBridge Scheduler, however a project file writes them: the settings their API takes. */
import type { Problem } from '../model/project.ts';
import type { ScheduleResource } from '../model/resources.ts';
import { SlsError } from '../std/errors.ts';
import { parseExpression, rateOfRules } from '../std/schedules/expression.ts';
import { isMap, mapOf, numberOf, textOf, type Values } from './cloudformation/template.ts';

/** What a schedule expression is for: a rule of EventBridge, or EventBridge Scheduler. */
export interface ScheduleRunner {
  readonly service: 'rule' | 'scheduler';
  readonly timezone: string;
}

export const byRule: ScheduleRunner = { service: 'rule', timezone: 'UTC' };

export interface ScheduleFlaw extends Pick<Problem, 'severity' | 'code' | 'message'> {
  readonly hint: string;
}

/** Whether the service takes it; tells what it refuses as an error, and what it is not known to take. */
export function isExpression(
  expression: string,
  { service, timezone }: ScheduleRunner,
  tell: (flaw: ScheduleFlaw) => void,
): boolean {
  const code = 'invalid-schedule';
  try {
    parseExpression(expression, timezone, 0);
  } catch (failure) {
    if (!(failure instanceof SlsError)) throw failure;
    tell({ severity: 'error', code, message: failure.message, hint: failure.hint ?? '' });
    return false;
  }
  const usual = rateOfRules(expression);
  if (usual === expression) return true;
  const hint = `write ${usual}`;
  if (service === 'rule') {
    const message = `the schedule expression '${expression}' is not valid: the unit is singular for 1, plural otherwise`;
    tell({ severity: 'error', code, message, hint });
    return false;
  }
  // Source: EventBridge Scheduler user guide, "Rate-based schedules": minutes, hours or days, whatever the value.
  if (!expression.endsWith('s)')) {
    const message = `the unit of '${expression}' is singular: EventBridge Scheduler may refuse it`;
    tell({ severity: 'warning', code, message, hint });
  }
  return true;
}

/** Keys a template gives a schedule besides its name, group and target. */
export const scheduleProperties = [
  ...['ActionAfterCompletion', 'Description', 'EndDate', 'FlexibleTimeWindow', 'KmsKeyArn'],
  ...['ScheduleExpression', 'ScheduleExpressionTimezone', 'StartDate', 'State'],
];

/** Services whose ARNs are targets here; of others a schedule only fails. */
const TARGETS = /^arn:[\w-]+:(lambda|sqs|sns|events|kinesis|firehose|states|scheduler):/;

/** Why the target will not be run; undefined for one that may. */
export function targetFlaw(arn: string): string | undefined {
  if (/^arn:[\w-]+:events:.*:api-destination\//.test(arn))
    return `"${arn}" is no target of schedules: put an event on a bus, and let a rule of the bus call the API destination`;
  if (/^arn:[\w-]+:execute-api:/.test(arn))
    return `"${arn}" is no target of schedules: put an event on a bus, and let a rule of the bus call the API`;
  if (/^arn:[\w-]+:logs:/.test(arn))
    return `"${arn}" is no target of schedules: log groups are written to by arn:aws:scheduler:::aws-sdk:cloudwatchlogs:putLogEvents`;
  return TARGETS.test(arn) ? undefined : `"${arn}" is no target that is emulated`;
}

/** `role`: used where the one it names is no ARN here. */
export function makeScheduleResource(
  { name, group, role }: { readonly name: string; readonly group: string | undefined; readonly role: string },
  properties: Values,
  target: Values,
): ScheduleResource {
  const { FlexibleTimeWindow: window, ...rest } = properties;
  const settings = {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, textOf(value)])),
    FlexibleTimeWindow:
      window === undefined ? { Mode: 'OFF' } : withNumbers(window, ['MaximumWindowInMinutes']),
    Target: {
      ...target,
      RoleArn: roleOf(target.RoleArn) ?? role,
      ...(target.Input !== undefined && { Input: textual(target.Input) }),
      ...(target.RetryPolicy !== undefined && {
        RetryPolicy: withNumbers(target.RetryPolicy, ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts']),
      }),
    },
  };
  return { kind: 'schedule', name, group: group ?? 'default', settings: JSON.stringify(settings) };
}

export function defaultRole(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/scheduler`;
}

function roleOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text) ? text : undefined;
}

/** Some write the input as a map. */
function textual(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Numbers may be written as texts. */
function withNumbers(value: unknown, keys: readonly string[]): Values {
  if (!isMap(value)) return {};
  const numbers = keys.flatMap((key) => (value[key] === undefined ? [] : [[key, numberOf(value[key])]]));
  return { ...mapOf(value), ...Object.fromEntries(numbers) };
}
