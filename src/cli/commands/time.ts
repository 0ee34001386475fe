/** `sls-local time`: shows the time of the running session's services, moves it on, or lets it run faster. */
import type { CommandModule } from 'yargs';
import { spanText, type TimeStatus } from '../../app/product-time.ts';
import { parseDuration } from '../../loaders/native/duration.ts';
import { SlsError } from '../../std/errors.ts';
import { paint } from '../colours.ts';
import { type ProjectArguments, withProjectOptions } from '../project-options.ts';
import { needRunning } from '../running.ts';

interface TimeArguments extends ProjectArguments {
  readonly to?: string;
  readonly scale?: number;
  readonly json: boolean;
}

export const timeCommand: CommandModule<object, TimeArguments> = {
  command: 'time [to]',
  describe: 'Show or move the time of queues, schedules, retries and expiry in the running session',
  builder: (y) =>
    withProjectOptions(y)
      .positional('to', { type: 'string', describe: '+10m, +2h30m, 2030-01-31T03:00Z, or reset' })
      .options({
        scale: { type: 'number', describe: 'How many times as fast it runs from now on', requiresArg: true },
        json: { type: 'boolean', default: false, describe: 'JSON' },
      }) as never,
  handler: async (args) => {
    const session = needRunning(args);
    let status = await session.get<TimeStatus>('time');
    if (args.to === 'reset') status = await session.post<TimeStatus>('time/reset', {});
    else if (args.to !== undefined)
      status = await session.post<TimeStatus>('time/advance', { ms: spanTo(args.to, status.now) });
    if (args.scale !== undefined)
      status = await session.post<TimeStatus>('time/scale', { scale: args.scale });
    process.stdout.write(args.json ? `${JSON.stringify(status)}\n` : `${describe(status)}\n`);
  },
};

/** Milliseconds from `now` to what `text` says. Throws `SlsError` code `bad-time`. */
export function spanTo(text: string, now: number): number {
  const spans = /^\+((?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)$/.exec(text)?.[1];
  if (spans !== undefined)
    return (spans.match(/[\d.]+[a-z]+/g) ?? []).reduce((sum, span) => sum + (parseDuration(span) ?? 0), 0);
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new SlsError('bad-time', `"${text}" is neither a time span nor a date`, {
      hint: 'write +30s, +10m, +2h30m, +1d, 2030-01-31T03:00Z or reset',
    });
  if (at < now)
    throw new SlsError('bad-time', `${text} has passed: it is ${new Date(now).toISOString()}`, {
      hint: 'time only goes forward; back to the present: sls-local time reset',
    });
  return at - now;
}

function describe({ now, aheadMs, scale }: TimeStatus): string {
  const ahead =
    aheadMs === 0
      ? 'the time of this machine'
      : `${spanText(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine`;
  const speed = scale === 1 ? '' : `, ${scale} times as fast`;
  return `${paint.bold(new Date(now).toISOString())}  ${paint.dim(`${ahead}${speed}`)}`;
}
