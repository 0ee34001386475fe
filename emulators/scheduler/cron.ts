/** The cloud's six-field cron expressions (with a year, `?`, `L`, `W` and `#`) on top of croner's. */
import { Cron } from 'croner';

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
  const pattern = ['0', ...parts.map((part, at) => translate(part, at))].join(' ');
  const cron = new Cron(pattern, { timezone, paused: true, mode: '7-part', alternativeWeekdays: true });
  return (after) => cron.nextRun(new Date(after))?.getTime();
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
