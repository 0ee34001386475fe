/** The cloud's six-field cron expressions (with a year, `?`, `L`, `W` and `#`) on top of croner's. */
import { Cron, CronDate } from 'croner';

/** When the schedule is next due strictly after `after` (epoch ms); undefined = never again. */
export type NextDue = (after: number) => number | undefined;

const FIELDS = ['minutes', 'hours', 'day-of-month', 'month', 'day-of-week', 'year'] as const;
/** What an open step `a/n` runs up to, field by field. */
const HIGHEST = [59, 23, 31, 12, 7, 2199] as const;

/** Throws an Error that says what is wrong. `fields` is the text between the brackets of `cron(…)`. */
export function parseCron(fields: string, timezone: string): NextDue {
  const parts = fields.trim().split(/\s+/);
  if (parts.length !== FIELDS.length)
    throw new Error(`it has ${parts.length} fields instead of six: ${FIELDS.join(' ')}`);
  const [, , dayOfMonth, , dayOfWeek] = parts;
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new Error("exactly one of day-of-month and day-of-week must be '?'");
  const beforeLast = /^L-(\d+)$/.exec(dayOfMonth ?? '')?.[1];
  const days = beforeLast === undefined ? undefined : daysBeforeLast(Number(beforeLast));
  const pattern = ['0', ...parts.map((part, at) => (at === 2 && days) || translate(part, at))].join(' ');
  const options = { paused: true, mode: '7-part', alternativeWeekdays: true } as const;
  const cron = new Cron(pattern, { ...options, timezone });
  const onWall = new Cron(pattern, { ...options, timezone: 'UTC' });
  return (after) => {
    for (let next = cron.nextRun(new Date(after)); next; next = cron.nextRun(next)) {
      const wall = wallClock(next, timezone);
      // A time that does not exist, because clocks go forward over it, is left out; croner would move it.
      if (onWall.match(wall) && (beforeLast === undefined || isBeforeLast(wall, Number(beforeLast))))
        return next.getTime();
    }
    return undefined;
  };
}

/** The days of a month that can be so many days before its last. */
function daysBeforeLast(days: number): string {
  if (days < 1 || days > 30) throw new Error(`'L-${days}' is no day of a month`);
  return `${Math.max(1, 28 - days)}-${31 - days}`;
}

function isBeforeLast(wall: Date, days: number): boolean {
  const last = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
  return wall.getUTCDate() === last - days;
}

/** What clocks there show, as if it were UTC. */
function wallClock(at: Date, timezone: string): Date {
  if (timezone === 'UTC') return at;
  return new CronDate(at, timezone).getDate(true);
}

function translate(field: string, at: number): string {
  const highest = HIGHEST[at] ?? 0;
  return field
    .split(',')
    .map((item) => translateItem(item, highest, FIELDS[at]))
    .join(',');
}

/** `5/15` counts on to the field's end, which croner wants said; `L` as a weekday is the week's last, Saturday. */
function translateItem(item: string, highest: number, field: string | undefined): string {
  const step = /^(\w*)\/(\d+)$/.exec(item);
  if (step) return step[1] === '' ? `*/${step[2]}` : `${step[1]}-${highest}/${step[2]}`;
  if (field === 'day-of-week' && item === 'L') return '7';
  return item;
}
