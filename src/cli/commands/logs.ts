/** `sls-local logs`: what the functions printed, in the order of time. */
import type { CommandModule } from 'yargs';
import type { InvocationRecord, LogLine } from '../../model/invocation.ts';
import { SlsError } from '../../std/errors.ts';
import { logLine } from '../../trace/log-lines.ts';
import { paint } from '../colours.ts';
import { withJournal } from '../journal.ts';
import { chooseProject, type ProjectArguments, withProjectOptions } from '../project-options.ts';
import { findRunning } from '../running.ts';
import { parseTime } from '../time-input.ts';
import { localOffset } from '../trace-view.ts';

interface LogsArguments extends ProjectArguments {
  readonly function?: string | undefined;
  readonly follow: boolean;
  readonly since?: string | undefined;
  readonly limit: number;
  readonly platform: boolean;
  readonly json: boolean;
}

export const logsCommand: CommandModule<object, LogsArguments> = {
  command: 'logs [function]',
  describe: 'Show what functions printed',
  builder: (y) =>
    withProjectOptions(y)
      .positional('function', { type: 'string', describe: 'Only this function' })
      .options({
        follow: {
          alias: 'f',
          type: 'boolean',
          default: false,
          describe: 'Go on with what is printed from now on',
        },
        since: { type: 'string', describe: '10m, 2h, 1d, or a date', requiresArg: true },
        limit: {
          alias: 'n',
          type: 'number',
          default: 100,
          describe: 'Of the last so many invocations',
          requiresArg: true,
        },
        platform: { type: 'boolean', default: true, describe: 'START, END and REPORT lines too' },
        json: { type: 'boolean', default: false, describe: 'One JSON object a line' },
      }) as never,
  handler: async (args) => {
    const choice = chooseProject(args);
    const show = (functionId: string, id: string | undefined, line: LogLine) => {
      if (line.stream === 'platform' && !args.platform) return;
      const text = args.json
        ? JSON.stringify({ functionId, id, ...line })
        : logLine(line, { palette: paint, functionId, offsetMinutes: localOffset() });
      process.stdout.write(`${text}\n`);
    };
    const rows = await withJournal(choice, (journal) =>
      journal.list({
        ...(args.function === undefined ? {} : { functionId: args.function }),
        ...(args.since === undefined ? {} : { since: parseTime(args.since, Date.now()) }),
        limit: args.limit,
      }),
    );
    for (const [row, line] of inOrderOfTime(rows)) show(row.functionId, row.id, line);
    if (!args.follow) return;
    const running = findRunning(choice);
    if (!running)
      throw new SlsError('no-session', `no session is running in ${choice.root}, so nothing new will come`, {
        hint: 'start one with: sls-local dev',
      });
    await running.follow((event) => {
      if (event.type === 'log' && (args.function === undefined || event.functionId === args.function))
        show(event.functionId, event.id, event.line);
    });
  },
};

function inOrderOfTime(rows: readonly InvocationRecord[]): [InvocationRecord, LogLine][] {
  return rows
    .flatMap((row) => row.logs.map((line): [InvocationRecord, LogLine] => [row, line]))
    .sort(([, a], [, b]) => a.at - b.at);
}
