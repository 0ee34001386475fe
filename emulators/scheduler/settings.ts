/** What a schedule is made of: read from CreateSchedule, UpdateSchedule or a project file, and refused as the service does. */
import type { JsonObject, ServiceCalls } from '../../src/model/emulator.ts';
import { parseExpression } from '../../src/std/schedules/expression.ts';
import { constraint, validation } from './errors.ts';
import { integer, neededStructure, neededText, text, time } from './input.ts';
import { readTarget } from './target.ts';

export const NAME = { longest: 64, pattern: /^[0-9a-zA-Z-_.]+$/ };
export const DEFAULT_GROUP = 'default';

export interface ScheduleSettings {
  readonly expression: string;
  /** IANA zone. */
  readonly timezone: string;
  readonly enabled: boolean;
  /** 0 = it runs when it is due. */
  readonly windowMinutes: number;
  readonly startAt?: number;
  readonly endAt?: number;
  readonly description?: string;
  readonly kmsKeyArn?: string;
  readonly deletesAfter: boolean;
  /** As it was given; `readTarget` reads it. */
  readonly target: JsonObject;
}

/** How far in the past a StartDate may be. */
const START_GRACE_MS = 5 * 60_000;

/** Throws `ServiceError`. `now`: absent where dates of the past are no mistake (a project file). */
export function readSettings(
  input: JsonObject,
  services: ServiceCalls | undefined,
  now?: number,
): ScheduleSettings {
  const expression = neededText(input, 'ScheduleExpression', { longest: 256 });
  const timezone = text(input, 'ScheduleExpressionTimezone', { longest: 50 }) ?? 'UTC';
  checkExpression(expression, timezone);
  const state = text(input, 'State', { oneOf: ['ENABLED', 'DISABLED'] }) ?? 'ENABLED';
  const after = text(input, 'ActionAfterCompletion', { oneOf: ['NONE', 'DELETE'] }) ?? 'NONE';
  const startAt = time(input, 'StartDate');
  const endAt = time(input, 'EndDate');
  checkDates(startAt, endAt, now);
  const description = text(input, 'Description');
  if (description !== undefined && description.length > 512)
    throw constraint(description, 'description', 'Member must have length less than or equal to 512');
  const kmsKeyArn = text(input, 'KmsKeyArn', { longest: 2048 });
  const target = neededStructure(input, 'Target');
  readTarget(target, services);
  return {
    ...{ expression, timezone, target },
    enabled: state === 'ENABLED',
    windowMinutes: readWindow(neededStructure(input, 'FlexibleTimeWindow')),
    deletesAfter: after === 'DELETE',
    ...(startAt !== undefined && { startAt }),
    ...(endAt !== undefined && { endAt }),
    ...(description !== undefined && { description }),
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
  };
}

export function isOnce({ expression }: Pick<ScheduleSettings, 'expression'>): boolean {
  return /^\s*at\(/.test(expression);
}

export function isRate({ expression }: Pick<ScheduleSettings, 'expression'>): boolean {
  return /^\s*rate\(/.test(expression);
}

function checkExpression(expression: string, timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw validation(`Invalid ScheduleExpressionTimezone ${timezone}.`);
  }
  try {
    parseExpression(expression, timezone, 0);
  } catch {
    throw validation(`Invalid Schedule Expression ${expression}.`);
  }
}

function checkDates(startAt: number | undefined, endAt: number | undefined, now: number | undefined): void {
  if (now !== undefined && startAt !== undefined && startAt < now - START_GRACE_MS)
    throw validation('The StartDate you specify cannot be earlier than 5 minutes ago.');
  if (now !== undefined && endAt !== undefined && endAt <= now)
    throw validation('The EndDate you specify must be in the future.');
  if (startAt !== undefined && endAt !== undefined && endAt <= startAt)
    throw validation('The EndDate you specify must come after the StartDate.');
}

function readWindow(window: JsonObject): number {
  const at = 'flexibleTimeWindow.';
  const mode = neededText(window, 'Mode', { oneOf: ['OFF', 'FLEXIBLE'] }, at);
  const minutes = integer(window, 'MaximumWindowInMinutes', [1, 1440], at);
  if (mode === 'OFF' && minutes !== undefined)
    throw validation('MaximumWindowInMinutes must not be set when the FlexibleTimeWindow mode is OFF.');
  if (mode === 'FLEXIBLE' && minutes === undefined)
    throw validation('MaximumWindowInMinutes must be set when the FlexibleTimeWindow mode is FLEXIBLE.');
  return minutes ?? 0;
}
