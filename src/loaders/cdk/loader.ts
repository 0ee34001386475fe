/** Loads what `cdk synth` wrote: every stack of the cloud assembly as one project. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { LoadedProject, Loader, LoadOptions } from '../../model/project.ts';
import { SlsError } from '../../std/errors.ts';
import { defaultRegion, defaultStage, localAccountId } from '../cloudformation/defaults.ts';
import { lowerStacks } from '../cloudformation/lower.ts';
import { openStacks, type RootTemplate, type Stack } from '../cloudformation/stacks.ts';
import { mapOf, textOf } from '../cloudformation/template.ts';
import { readTemplate } from '../cloudformation/template-files.ts';
import { type WrittenFile, writeFiles } from '../cloudformation/write-files.ts';
import { makeProblems } from '../problems.ts';
import { readProjectYaml } from '../yaml.ts';
import { type Assembly, type AssemblyStack, readAssembly } from './assembly.ts';
import { pathsWithin } from './construct-paths.ts';
import { constructPath, isDeployTime } from './constructs.ts';
import { withLocalAccount } from './local-account.ts';

/** A function's short name is its construct's; code is run from the asset folders, so `cdk synth` brings new code. */
export const cdkLoader: Loader = {
  name: 'cdk',
  async detect(root) {
    const files = [join(root, 'cdk.json'), join(root, 'cdk.out', 'manifest.json')];
    return files.find((file) => existsSync(file));
  },
  load,
};

async function load(file: string, options: LoadOptions): Promise<LoadedProject> {
  const { folder, root, sources } = await locate(file);
  const assembly = ofStage(await readAssembly(folder), options.stage);
  const problems = makeProblems();
  const { report } = problems;
  // Without metadata a nested stack only says where its template would be uploaded.
  const nestedTemplate = (url: string) => [...assembly.assets].find(([key]) => url.includes(key))?.[1];
  const roots: RootTemplate[] = [];
  for (const { name, templateFile, parameters, account } of assembly.stacks)
    roots.push({
      file: withLocalAccount(
        await readTemplate(templateFile, report, nestedTemplate),
        account,
        localAccountId,
      ),
      name,
      parameters: { ...parameters, ...options.parameters },
    });
  const region = options.region ?? assembly.stacks.find((stack) => stack.region)?.region ?? defaultRegion;
  const stacks = openStacks(roots, { region, accountId: localAccountId, report });
  const pathsOf = makePaths(assembly);
  const written: WrittenFile[] = [];
  const lowered = lowerStacks(stacks, {
    report,
    inlineFolder: join(root, '.sls-local', 'inline'),
    write: (item) => written.push(item),
    pathOf: (resource, stack) => constructPath(resource, pathsOf(stack)),
    seedFolder: root,
    assetFolder: (key) => assembly.assets.get(key),
    assetImage: (uri) => assembly.images.get(uri.slice(uri.lastIndexOf(':') + 1)),
    leaveOut: (resource, stack) => isDeployTime(constructPath(resource, pathsOf(stack)), resource, stack),
  });
  await writeFiles(written);
  return {
    project: {
      name: roots.length === 1 && roots[0] ? roots[0].name : basename(root),
      root,
      file: join(folder, 'manifest.json'),
      sources: [...new Set([...sources, ...assembly.sources, ...roots.flatMap((one) => one.file.sources)])],
      stage: options.stage ?? defaultStage,
      region,
      accountId: localAccountId,
      ...lowered,
    },
    problems: problems.list(),
  };
}

/** An app that deploys itself to several stages is run as the one asked for, where that is one of them. */
function ofStage(assembly: Assembly, stage: string | undefined): Assembly {
  const isOfStage = ({ stages }: AssemblyStack) =>
    stages.some((name) => name.split('/').some((part) => part.toLowerCase() === stage?.toLowerCase()));
  if (!assembly.stacks.some(isOfStage)) return assembly;
  return { ...assembly, stacks: assembly.stacks.filter((one) => one.stages.length === 0 || isOfStage(one)) };
}

/** Construct paths of a stack by logical id, which templates without path metadata do not carry. */
function makePaths({ stacks }: Assembly): (stack: Stack) => ReadonlyMap<string, string> {
  const known = new Map<Stack, ReadonlyMap<string, string>>();
  return (stack) => {
    const root = stacks.find(({ name }) => [name, ...stack.trail].join('-') === stack.name);
    const paths = known.get(stack) ?? pathsWithin(root?.constructs ?? [], stack.trail);
    known.set(stack, paths);
    return paths;
  };
}

interface Location {
  /** Of the assembly. */
  readonly folder: string;
  /** Of the CDK app. */
  readonly root: string;
  readonly sources: readonly string[];
}

/** From the app's cdk.json, whose `output` names the assembly, or from the assembly's own manifest. */
async function locate(file: string): Promise<Location> {
  if (basename(file) === 'manifest.json') {
    const folder = dirname(file);
    return { folder, root: appFolder(folder), sources: [] };
  }
  const root = dirname(file);
  const output = textOf(mapOf((await readProjectYaml(file)).value).output) ?? 'cdk.out';
  const folder = resolve(root, output);
  if (!existsSync(join(folder, 'manifest.json')))
    throw new SlsError('cdk-not-synthesized', `there is no cloud assembly in ${folder}`, {
      file,
      hint: 'run `npx cdk synth` first, and again after a change',
    });
  return { folder, root, sources: [file] };
}

/** The nearest folder above with a cdk.json, else the one the assembly is in. */
function appFolder(assembly: string): string {
  for (let folder = dirname(assembly); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'cdk.json'))) return folder;
  return dirname(assembly);
}
