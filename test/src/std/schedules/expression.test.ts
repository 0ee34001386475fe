import { describe, expect, test } from 'vitest';
import { parseExpression, rateOfRules } from '../../../../src/std/schedules/expression.ts';

const at = (iso: string) => new Date(iso).getTime();
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

/** The next times after `from`. */
function times(expression: string, count: number, from = '2026-01-01T00:00:00Z', timezone = 'UTC') {
  const next = parseExpression(expression, timezone, at(from));
  const found: (string | undefined)[] = [];
  let now: number | undefined = at(from);
  for (let n = 0; n < count && now !== undefined; n++) {
    now = next(now);
    found.push(iso(now));
  }
  return found;
}

describe('rate', () => {
  test('counts from when the schedule was first seen', () => {
    const next = parseExpression('rate(5 minutes)', 'UTC', at('2026-01-01T00:02:00Z'));
    expect(iso(next(at('2026-01-01T00:02:00Z')))).toBe('2026-01-01T00:07:00.000Z');
    expect(iso(next(at('2026-01-03T10:00:00Z')))).toBe('2026-01-03T10:02:00.000Z');
  });

  test.each([
    ['rate(1 minute)', '2026-01-01T00:01:00.000Z'],
    ['rate(12 hours)', '2026-01-01T12:00:00.000Z'],
    ['rate(7 days)', '2026-01-08T00:00:00.000Z'],
  ])('%s', (expression, expected) => {
    expect(times(expression, 1)).toEqual([expected]);
  });
});

describe('cron, as the cloud writes it', () => {
  test.each<[string, string[]]>([
    ['cron(0 3 * * ? *)', ['2026-01-01T03:00:00.000Z', '2026-01-02T03:00:00.000Z']],
    ['cron(0/15 * * * ? *)', ['2026-01-01T00:15:00.000Z', '2026-01-01T00:30:00.000Z']],
    ['cron(5/20 8 ? * MON-FRI *)', ['2026-01-01T08:05:00.000Z', '2026-01-01T08:25:00.000Z']],
    ['cron(0 12 1/10 * ? *)', ['2026-01-01T12:00:00.000Z', '2026-01-11T12:00:00.000Z']],
    // Days of the week are numbered from Sunday = 1.
    ['cron(0 10 ? * 2 *)', ['2026-01-05T10:00:00.000Z', '2026-01-12T10:00:00.000Z']],
    ['cron(0 10 ? * SUN,7 *)', ['2026-01-03T10:00:00.000Z', '2026-01-04T10:00:00.000Z']],
    ['cron(0 10 ? * L *)', ['2026-01-03T10:00:00.000Z', '2026-01-10T10:00:00.000Z']],
    ['cron(0 10 L * ? *)', ['2026-01-31T10:00:00.000Z', '2026-02-28T10:00:00.000Z']],
    ['cron(0 10 ? * 6L *)', ['2026-01-30T10:00:00.000Z', '2026-02-27T10:00:00.000Z']],
    ['cron(0 10 ? * 3#2 *)', ['2026-01-13T10:00:00.000Z', '2026-02-10T10:00:00.000Z']],
    ['cron(0 10 15W * ? *)', ['2026-01-15T10:00:00.000Z', '2026-02-16T10:00:00.000Z']],
    ['cron(0 8 1 1 ? 2027-2028)', ['2027-01-01T08:00:00.000Z', '2028-01-01T08:00:00.000Z']],
  ])('%s', (expression, expected) => {
    expect(times(expression, 2)).toEqual(expected);
  });

  test('a year that is over is never again', () => {
    expect(times('cron(0 8 1 * ? 2020)', 1)).toEqual([undefined]);
  });

  test('a time zone is kept through its summer time', () => {
    expect(times('cron(30 6 * * ? *)', 2, '2026-03-28T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-29T04:30:00.000Z',
      '2026-03-30T04:30:00.000Z',
    ]);
    expect(times('cron(30 6 * * ? *)', 1, '2026-03-27T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-28T05:30:00.000Z',
    ]);
  });
});

test('at is due once, in its time zone', () => {
  expect(times('at(2026-05-01T03:00:00)', 2, '2026-01-01T00:00:00Z', 'Europe/Berlin')).toEqual([
    '2026-05-01T01:00:00.000Z',
    undefined,
  ]);
});

test.each([
  ['rate(0 minutes)', 'a rate is a whole number above zero'],
  ['rate(5 seconds)', 'minutes, hours or days'],
  ['rate(5)', 'a rate is'],
  ['cron(0 3 * * *)', '5 fields instead of six: minutes hours day-of-month month day-of-week year'],
  ['cron(0 3 * * * *)', "exactly one of day-of-month and day-of-week must be '?'"],
  ['cron(0 3 ? * ? *)', "exactly one of day-of-month and day-of-week must be '?'"],
  ['cron(61 3 * * ? *)', '61'],
  ['cron(x 3 * * ? *)', 'x'],
  ['at(tomorrow)', 'yyyy-mm-ddThh:mm:ss'],
  ['every day', 'none of rate(…), cron(…), at(…)'],
])('%s is refused with the reason', (expression, reason) => {
  expect(() => parseExpression(expression, 'UTC', 0)).toThrow(
    expect.objectContaining({
      code: 'bad-schedule',
      message: expect.stringContaining(`'${expression}'`),
    }),
  );
  expect(() => parseExpression(expression, 'UTC', 0)).toThrow(reason);
});

test.each([
  ['rate(5 minute)', 'rate(5 minutes)'],
  ['rate(1 hours)', 'rate(1 hour)'],
  ['rate(1 day)', 'rate(1 day)'],
  ['rate(5 seconds)', 'rate(5 seconds)'],
  ['cron(0 3 * * ? *)', 'cron(0 3 * * ? *)'],
])('a rule takes %s as %s', (expression, usual) => {
  expect(rateOfRules(expression)).toBe(usual);
});

test('an unknown time zone is refused', () => {
  expect(() => parseExpression('rate(1 day)', 'Mars/Phobos', 0)).toThrow("'Mars/Phobos' is no time zone");
});

test('days before the last of the month', () => {
  expect(times('cron(0 10 L-3 * ? *)', 3)).toEqual([
    '2026-01-28T10:00:00.000Z',
    '2026-02-25T10:00:00.000Z',
    '2026-03-28T10:00:00.000Z',
  ]);
  expect(() => times('cron(0 10 L-31 * ? *)', 1)).toThrow("'L-31' is no day of a month");
});
