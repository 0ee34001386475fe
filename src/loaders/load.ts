/** Finds the project file of a folder and loads it with the loader that reads it. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { LoadedProject, Loader, LoadOptions, Problem } from '../model/project.ts';
import { SlsError } from '../std/errors.ts';
import { reportUnrecordedTables } from './followed-tables.ts';
import { reportMissingDestinations } from './kinesis-destinations.ts';
import { withKnownSeeds } from './known-seeds.ts';
import { looksLike } from './looks-like.ts';
import { withOwnHandlers } from './own-handlers.ts';
import { makeProblems } from './problems.ts';
import { reportSameNames } from './same-names.ts';
import { withUndeclaredQueues } from './undeclared-queues.ts';
import { withUndeclaredTopics } from './undeclared-topics.ts';

export interface LoadRequest {
  /** Folder to look in. */
  readonly root: string;
  /** The project file, absolute or relative to `root`; absent = look for one. */
  readonly file?: string;
  readonly options: LoadOptions;
}

export interface FoundProject {
  readonly loader: Loader;
  /** Absolute path. */
  readonly file: string;
}

type LoaderName = 'native' | 'serverless' | 'cloudformation' | 'cdk';

/** Loaders are loaded when needed: a start should not pay for the formats it does not read. */
const open: Readonly<Record<LoaderName, () => Promise<Loader>>> = {
  native: async () => (await import('./native/loader.ts')).nativeLoader,
  serverless: async () => (await import('./serverless/loader.ts')).serverlessLoader,
  cloudformation: async () => (await import('./cloudformation/loader.ts')).cloudFormationLoader,
  cdk: async () => (await import('./cdk/loader.ts')).cdkLoader,
};

/** In the order they are looked for: our own file comes first, so that it can stand beside one of another tool. */
const order: readonly LoaderName[] = ['native', 'serverless', 'cloudformation', 'cdk'];

/** Loads the project. Throws `SlsError` when there is none or when none can be had from its file. */
export async function loadProject({ root, file, options }: LoadRequest): Promise<LoadedProject> {
  const found = file === undefined ? await detectProjectFile(root) : await chosen(resolve(root, file));
  const { project: loaded, problems } = await found.loader.load(found.file, options);
  const more = makeProblems();
  const project = withOwnHandlers(loaded, more.report);
  reportSameNames(project.functions, more.report);
  const withTopics = withUndeclaredTopics(project.resources, project.triggers, more.report);
  const resources = withUndeclaredQueues(withTopics, project.triggers, more.report);
  reportUnrecordedTables(resources, project.triggers, more.report);
  reportMissingDestinations(resources, more.report);
  const whole = withKnownSeeds({ ...project, resources }, more.report);
  const all = [...problems, ...more.list()];
  return { project: frozen({ ...whole, sources: withFaulty(whole.sources, all) }), problems: all };
}

/** A file that could not be read, an import of one that was: mending it mends the project. */
function withFaulty(sources: readonly string[], problems: readonly Problem[]): string[] {
  return [...new Set([...sources, ...problems.flatMap(({ place }) => (place ? [place.file] : []))])];
}

/** The project file of `root`. Throws `SlsError` `project-missing`. */
export async function detectProjectFile(root: string): Promise<FoundProject> {
  for (const name of order) {
    const loader = await open[name]();
    const file = await loader.detect(root);
    if (file !== undefined) return { loader, file };
  }
  throw new SlsError('project-missing', `no project file was found in ${root}`, {
    hint: 'it would be sls-local.config.ts, serverless.yml, template.yaml or cdk.out; give another one with --config',
  });
}

async function chosen(file: string): Promise<FoundProject> {
  if (!existsSync(file))
    throw new SlsError('project-missing', `the project file ${file} does not exist`, {
      hint: 'check the path given with --config',
    });
  if (statSync(file).isDirectory()) return chosenFolder(file);
  const name = nameFor(file) ?? (await looksLike(file));
  return { loader: await open[name](), file };
}

/** A folder is a cloud assembly, or a project of its own. */
async function chosenFolder(folder: string): Promise<FoundProject> {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) return detectProjectFile(folder);
  return { loader: await open.cdk(), file: manifest };
}

function nameFor(file: string): LoaderName | undefined {
  const name = basename(file);
  if (/^sls-local\b/.test(name)) return 'native';
  if (/^serverless\b/.test(name)) return 'serverless';
  if (name === 'cdk.json' || (name === 'manifest.json' && existsSync(join(dirname(file), 'tree.json'))))
    return 'cdk';
  return /^template\b|\.template\.json$/.test(name) ? 'cloudformation' : undefined;
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) frozen(child);
  return value;
}
