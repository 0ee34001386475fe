/** Reaches the project's tables: in the session that runs there, or else straight in the store. */
import { type TableCall, TableRefusal } from '../../app/data-call.ts';
import { openEndpointTables } from '../../app/data-endpoint.ts';
import { findTable, needTable, type TableShape } from '../../app/data-tables.ts';
import { cloudName } from '../../app/resource-names.ts';
import type { Problem, Project } from '../../model/project.ts';
import { SlsError } from '../../std/errors.ts';
import { makePaint } from '../colours.ts';
import { problemLines } from '../plain.ts';
import { chooseProject, type ProjectArguments, type ProjectChoice } from '../project-options.ts';
import { findRunning, type RunningSession } from '../running.ts';

export interface Tables {
  readonly call: TableCall;
  /** By its name, or by what the project file calls it. Throws `SlsError` `table-unknown`, naming the tables there are. */
  need(called: string): Promise<TableShape>;
  /** As the session has it, where one runs. */
  project(): Promise<Project>;
}

/** Runs `work` on the tables. What the service refuses becomes an `SlsError` `table-refused` with the service's own words. */
export async function withTables<T>(
  args: ProjectArguments,
  work: (tables: Tables) => Promise<T>,
): Promise<T> {
  const choice = chooseProject(args);
  const running = findRunning(choice);
  const tables = running ? joinRunning(running) : await openOwn(choice);
  try {
    return await work({ ...tables, need: (called) => needCalled(tables, called) });
  } catch (failure) {
    if (!(failure instanceof TableRefusal)) throw failure;
    throw new SlsError('table-refused', `${failure.code}: ${failure.message}`, { cause: failure });
  } finally {
    await tables.close();
  }
}

type Closable = Omit<Tables, 'need'> & { close(): Promise<void> };

/** The project is read only for what no table is named. */
async function needCalled({ call, project }: Closable, called: string): Promise<TableShape> {
  const found = await findTable(call, called);
  return found ?? needTable(call, cloudName(await project(), 'table', called) ?? called);
}

function joinRunning(running: RunningSession): Closable {
  const { call, close } = openEndpointTables(running.note.aws);
  return { call, project: () => running.get<Project>('project'), close: async () => close() };
}

async function openOwn(choice: ProjectChoice): Promise<Closable> {
  const { openOwnTables } = await import('../../app/data-own.ts');
  const own = await openOwnTables({ ...choice, onProblem: showProblem, notice: showNotice });
  return { call: own.call, project: async () => own.project, close: own.close };
}

const stderrPaint = makePaint(process.stderr.isTTY === true);

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function showProblem(problem: Problem): void {
  for (const line of problemLines(problem, stderrPaint)) say(line);
}

function showNotice(level: 'info' | 'warning', message: string): void {
  say(`${level === 'info' ? stderrPaint.cyan('note') : stderrPaint.yellow('warning')} ${message}`);
}
