/** The project as it is now: loaded once at start, and again when one of its files changes. */
import { loadProject } from '../loaders/load.ts';
import type { DevEvent } from '../model/events.ts';
import type { FunctionSpec, LoadedProject, LoadOptions, Project } from '../model/project.ts';
import { SlsError } from '../std/errors.ts';
import type { SessionOptions } from './options.ts';

export interface CurrentProject {
  readonly project: Project;
  /** As its files say it, without what `extend` adds. */
  readonly own: Project;
  /** Absolute paths of the files it was loaded from, and of the one that loading it again failed at. */
  readonly sources: readonly string[];
  /** When the reading of its files began, epoch ms. */
  readonly readAt: number;
  /** By id, by cloud name or by ARN. */
  find(ref: string): FunctionSpec | undefined;
  /** Like `find`, but throws `SlsError` code `function-unknown` naming what there is. */
  need(ref: string): FunctionSpec;
  /** Loads again. A file that cannot be read as a project leaves the old one in force and says so. True when it changed. */
  reload(): Promise<boolean>;
  /** From now on `project` is what `overlay` makes of it. */
  extend(overlay: (project: Project) => Project): void;
  /** What the overlay adds has changed. */
  refresh(): void;
}

export async function openCurrentProject(
  options: SessionOptions,
  emit: (event: DevEvent) => void,
  stored?: LoadOptions['stored'],
): Promise<CurrentProject> {
  let readAt = 0;
  const load = () => {
    readAt = Date.now();
    return loadProject({
      root: options.root,
      ...(options.file ? { file: options.file } : {}),
      options: { ...options.load, ...(stored ? { stored } : {}) },
    });
  };
  let own: Project;
  let sources: readonly string[];
  let project: Project;
  let byRef = new Map<string, FunctionSpec>();
  let overlay = (loaded: Project) => loaded;

  const compose = () => {
    project = overlay(own);
    byRef = indexed(project.functions);
  };
  const adopt = (loaded: LoadedProject, reloaded: boolean) => {
    own = loaded.project;
    sources = own.sources;
    compose();
    emit({ type: 'project', project, problems: loaded.problems, reloaded });
  };
  const first = await load();
  adopt(first, false);
  refuseNothing(first, emit);

  const find = (ref: string) => byRef.get(ref);
  return {
    get project() {
      return project;
    },
    get own() {
      return own;
    },
    get sources() {
      return sources;
    },
    get readAt() {
      return readAt;
    },
    find,
    need: (ref) => find(ref) ?? throwUnknown(ref, project.functions),
    async reload() {
      try {
        adopt(await load(), true);
        return true;
      } catch (failure) {
        if (!(failure instanceof SlsError)) throw failure;
        emit({ type: 'problem', problem: asProblem(failure) });
        sources = failure.file === undefined ? own.sources : [...own.sources, failure.file];
        return false;
      }
    },
    extend(further) {
      overlay = further;
      compose();
    },
    refresh() {
      const before = project;
      compose();
      if (project !== before)
        emit({ type: 'project', project, problems: [], reloaded: false, deployed: true });
    },
  };
}

/** Where errors left nothing there is no session to be had; a project that is merely empty may still be written. */
function refuseNothing({ project, problems }: LoadedProject, emit: (event: DevEvent) => void): void {
  if (project.functions.length > 0) return;
  if (project.resources.length === 0 && problems.some(({ severity }) => severity === 'error'))
    throw new SlsError('nothing-runs', 'nothing in this project can be run', {
      hint: 'mend the errors above first',
      file: project.file,
    });
  emit({ type: 'notice', level: 'warning', message: 'the project has no functions' });
}

function indexed(functions: readonly FunctionSpec[]): Map<string, FunctionSpec> {
  const map = new Map<string, FunctionSpec>();
  for (const fn of functions) {
    map.set(fn.arn, fn);
    if (fn.version === undefined) map.set(fn.name, fn);
  }
  for (const fn of functions) map.set(fn.id, fn);
  return map;
}

function throwUnknown(ref: string, functions: readonly FunctionSpec[]): never {
  const known = functions.map((fn) => fn.id).join(', ');
  throw new SlsError('function-unknown', `the project has no function "${ref}"`, {
    hint: known === '' ? 'it has no functions at all' : `it has: ${known}`,
  });
}

function asProblem(failure: SlsError) {
  return {
    severity: 'error' as const,
    code: failure.code,
    message: `${failure.message}; the project stays as it was`,
    ...(failure.hint ? { hint: failure.hint } : {}),
    ...(failure.file
      ? {
          place: {
            file: failure.file,
            ...(failure.line ? { line: failure.line } : {}),
            ...(failure.column ? { column: failure.column } : {}),
          },
        }
      : {}),
  };
}
