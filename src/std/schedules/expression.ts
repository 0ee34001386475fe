/** Schedule expressions: `rate(…)`, `cron(…)` and `at(…)`. */
import { Cron } from 'croner';
import { messageOf, SlsError } from '../errors.ts';
import { type NextDue, parseCron } from './cron.ts';

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * When a schedule is due. A rate counts from `since` (epoch ms, when the schedule was first seen), so that it
 * does not begin anew with each session. Throws `SlsError` code `bad-schedule`.
 */
export function parseExpression(expression: string, timezone: string, since: number): NextDue {
  checkTimezone(timezone);
  const found = /^(rate|cron|at)\((.*)\)$/.exec(expression);
  const [, kind, body = ''] = found ?? [];
  try {
    if (kind === 'rate') return parseRate(body, since);
    if (kind === 'cron') return parseCron(body, timezone);
    if (kind === 'at') return parseAt(body, timezone);
  } catch (failure) {
    throw bad(expression, messageOf(failure), failure);
  }
  throw bad(expression, 'it is none of rate(…), cron(…), at(…)');
}

/**
 * The expression as rules of EventBridge take it: a unit is singular for 1, plural otherwise (`rate(5 minute)` becomes
 * `rate(5 minutes)`). EventBridge Scheduler knows no such rule.
 */
export function rateOfRules(expression: string): string {
  return expression.replace(
    /^rate\((\d+)(\s+)(minute|hour|day)s?\)$/,
    (_, value: string, gap: string, unit: string) =>
      `rate(${value}${gap}${unit}${Number(value) === 1 ? '' : 's'})`,
  );
}

function parseRate(body: string, since: number): NextDue {
  const found = /^(\d+)\s+(minute|hour|day)s?$/.exec(body);
  const everyMs = Number(found?.[1]) * (UNITS[found?.[2] ?? ''] ?? Number.NaN);
  if (!(everyMs > 0)) throw new Error('a rate is a whole number above zero and minutes, hours or days');
  return (after) => since + (Math.floor((after - since) / everyMs) + 1) * everyMs;
}

function parseAt(body: string, timezone: string): NextDue {
  const text = body.trim();
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text))
    throw new Error('a time is written yyyy-mm-ddThh:mm:ss');
  const once = new Cron(text, { timezone, paused: true });
  return (after) => once.nextRun(new Date(after))?.getTime();
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (failure) {
    throw new SlsError('bad-schedule', `'${timezone}' is no time zone`, {
      hint: 'use an IANA name such as Europe/Berlin',
      cause: failure,
    });
  }
}

function bad(expression: string, reason: string, cause?: unknown): SlsError {
  return new SlsError('bad-schedule', `the schedule expression '${expression}' is not valid: ${reason}`, {
    hint: 'for example rate(5 minutes), cron(0 3 * * ? *), at(2026-01-01T00:00:00)',
    cause,
  });
}
