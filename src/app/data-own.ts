/** The tables of a project in which no session runs: its store and the emulator, opened in this process without any server. */
import { join } from 'node:path';
import { startDynamodb } from '../../emulators/dynamodb/index.ts';
import { loadProject } from '../loaders/load.ts';
import type { EmulatorContext } from '../model/emulator.ts';
import type { LoadOptions, Problem, Project } from '../model/project.ts';
import { makeSystemClock } from '../std/clock.ts';
import { makeClosers } from '../std/closers.ts';
import { BugError } from '../std/errors.ts';
import { randomIds } from '../std/ids.ts';
import { openStore } from '../std/store/store.ts';
import { makeInProcessCall, type TableCall } from './data-call.ts';
import { seededText, seedOnce } from './seed-tables.ts';
import { claimStateFolder, stateFolderOf } from './state-folder.ts';

export interface OwnTablesOptions {
  /** Absolute project folder. */
  readonly root: string;
  readonly file?: string;
  readonly stateFolder?: string;
  readonly load: LoadOptions;
  readonly onProblem: (problem: Problem) => void;
  /** `warning`: something is not as expected. `info`: something was done. */
  readonly notice: (level: 'info' | 'warning', message: string) => void;
}

export interface OwnTables {
  readonly call: TableCall;
  readonly project: Project;
  close(): Promise<void>;
}

/**
 * Brings the tables to what the project says, new ones with their seeds, as a session does at its start. No function is run.
 * Throws `SlsError` when there is no project, or a session owns the folder.
 */
export async function openOwnTables(options: OwnTablesOptions): Promise<OwnTables> {
  const { root, file, stateFolder, load, onProblem, notice } = options;
  const { project, problems } = await loadProject({ root, ...(file ? { file } : {}), options: load });
  for (const problem of problems) if (problem.severity === 'error') onProblem(problem);
  const closers = makeClosers();
  try {
    const state = await claimStateFolder(stateFolderOf(root, stateFolder));
    closers.add(state.release);
    const store = openStore(state.data);
    closers.add(() => store.close());
    const context = contextOf(project, store, join(state.path, 'files'), (message) =>
      notice('warning', message),
    );
    const dynamodb = await startDynamodb(context);
    closers.add(() => dynamodb.close());
    await dynamodb.apply(project.resources, []);
    const { api } = dynamodb;
    if (api?.protocol !== 'json') throw new BugError('DynamoDB has no JSON API');
    const call = makeInProcessCall(api, context);
    await seedOnce({
      call,
      store,
      seeds: project.seeds ?? [],
      onProblem,
      onSeeded: (table, count) => notice('info', seededText(table, count)),
    });
    return { call, project, close: () => closers.close() };
  } catch (failure) {
    await closers.close();
    throw failure;
  }
}

function contextOf(
  { functions, region, accountId }: Project,
  store: EmulatorContext['store'],
  folder: string,
  notice: EmulatorContext['notice'],
): EmulatorContext {
  const runsNothing = () => {
    throw new BugError('a command that only works on tables was asked to run a function');
  };
  return {
    clock: makeSystemClock(),
    ids: randomIds,
    store,
    deliver: runsNothing,
    enqueue: runsNothing,
    functions: () => functions,
    region,
    accountId,
    folder,
    notice,
  };
}
