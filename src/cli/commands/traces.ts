/** `sls-local traces`: the journal as a list, or one trace as a waterfall. */
import type { CommandModule } from 'yargs';
import type { InvocationRecord } from '../../model/invocation.ts';
import { SlsError } from '../../std/errors.ts';
import { recordJson, traceJson } from '../../trace/json.ts';
import { listHeader, listLine } from '../../trace/list-lines.ts';
import { type JournalQuery, matcherOf } from '../../trace/query.ts';
import { paint } from '../colours.ts';
import { withJournal } from '../journal.ts';
import {
  chooseProject,
  type ProjectArguments,
  type ProjectChoice,
  withProjectOptions,
} from '../project-options.ts';
import { findRunning } from '../running.ts';
import { parseTime } from '../time-input.ts';
import { localOffset } from '../trace-view.ts';

interface TracesArguments extends ProjectArguments {
  readonly id?: string | undefined;
  readonly function?: string | undefined;
  readonly status?: string | undefined;
  readonly cause?: string | undefined;
  readonly since?: string | undefined;
  readonly search?: string | undefined;
  readonly slower?: number | undefined;
  readonly limit: number;
  readonly follow: boolean;
  readonly logs: boolean;
  readonly json: boolean;
}

const STATUSES = [
  'ok',
  'error',
  'timeout',
  'crash',
  'out-of-memory',
  'throttled',
  'unavailable',
  'running',
  'interrupted',
  'failed',
] as const;
const CAUSES = [
  'http',
  'authorizer',
  'queue',
  'table-stream',
  'stream',
  'topic',
  'bucket',
  'event-rule',
  'pipe',
  'schedule',
  'api',
  'destination',
  'cli',
  'replay',
] as const;

export const tracesCommand: CommandModule<object, TracesArguments> = {
  command: 'traces [id]',
  describe: 'List what ran, or draw one trace',
  builder: (y) =>
    withProjectOptions(y)
      .positional('id', { type: 'string', describe: 'Id of an invocation or a trace, or its beginning' })
      .options({
        function: { alias: 'f', type: 'string', describe: 'Only this function', requiresArg: true },
        status: { choices: STATUSES, describe: 'Only this outcome' },
        cause: { choices: CAUSES, describe: 'Only what this caused' },
        since: { type: 'string', describe: '10m, 2h, 1d, or a date', requiresArg: true },
        search: { type: 'string', describe: 'Text in event, outcome, logs or calls', requiresArg: true },
        slower: { type: 'number', describe: 'At least this many milliseconds', requiresArg: true },
        limit: { alias: 'n', type: 'number', default: 30, describe: 'At most so many', requiresArg: true },
        follow: { type: 'boolean', default: false, describe: 'Go on with what runs from now on' },
        logs: { type: 'boolean', default: false, describe: 'With one id: the log lines too' },
        json: { type: 'boolean', default: false, describe: 'JSON' },
      }) as never,
  handler: async (args) => {
    const choice = chooseProject(args);
    if (args.id !== undefined) return showTrace(choice, args.id, args);
    await listTraces(choice, args);
    if (args.follow) await followTraces(choice, args);
  },
};

async function showTrace(choice: ProjectChoice, id: string, args: TracesArguments): Promise<void> {
  const { record, rows } = await withJournal(choice, (journal) => {
    const found = journal.get(id);
    if (!found)
      throw new SlsError('record-unknown', `nothing with the id "${id}" is in the journal`, {
        hint: 'list what ran with: sls-local traces',
      });
    return { record: found, rows: journal.byTrace(found.traceId) };
  });
  const { traceLines, treeOf } = await import('../trace-view.ts');
  if (args.json) {
    const tree = treeOf(rows, record.traceId);
    return print(JSON.stringify(tree ? traceJson(tree) : null, null, 2));
  }
  const view = { width: process.stdout.columns ?? 100, palette: paint, logs: args.logs };
  for (const line of traceLines(rows, record.traceId, view)) print(line);
}

async function listTraces(choice: ProjectChoice, args: TracesArguments): Promise<void> {
  const rows = await withJournal(choice, (journal) => journal.list(queryOf(args)));
  const oldestFirst = rows.toReversed();
  if (args.json && !args.follow) return print(JSON.stringify(oldestFirst.map(recordJson), null, 2));
  const show = makeShow(args);
  if (!args.json && (rows.length > 0 || args.follow)) print(listHeader({ palette: paint }));
  for (const row of oldestFirst) show(row);
  if (rows.length === 0 && !args.follow) process.stderr.write('nothing in the journal matches\n');
}

async function followTraces(choice: ProjectChoice, args: TracesArguments): Promise<void> {
  const running = findRunning(choice);
  if (!running)
    throw new SlsError('no-session', `no session is running in ${choice.root}, so nothing new will come`, {
      hint: 'start one with: sls-local dev',
    });
  const matches = matcherOf(queryOf(args));
  const show = makeShow(args);
  await running.follow((event) => {
    if (event.type === 'invocation' && event.status === 'ended' && matches(event.record)) show(event.record);
  });
}

function makeShow({ json }: TracesArguments): (row: InvocationRecord) => void {
  const options = { palette: paint, width: process.stdout.columns ?? 120, offsetMinutes: localOffset() };
  return (row) => print(json ? JSON.stringify(recordJson(row)) : listLine(row, options));
}

function queryOf(args: TracesArguments): JournalQuery {
  return {
    ...(args.function === undefined ? {} : { functionId: args.function }),
    ...(args.status === undefined ? {} : { status: args.status as NonNullable<JournalQuery['status']> }),
    ...(args.cause === undefined ? {} : { cause: args.cause as NonNullable<JournalQuery['cause']> }),
    ...(args.since === undefined ? {} : { since: parseTime(args.since, Date.now()) }),
    ...(args.search === undefined ? {} : { search: args.search }),
    ...(args.slower === undefined ? {} : { minDurationMs: args.slower }),
    limit: args.limit,
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
