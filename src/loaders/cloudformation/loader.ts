/** Loads SAM and CloudFormation templates. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LoadedProject, Loader, LoadOptions } from '../../model/project.ts';
import { readDevSettings } from '../dev-settings.ts';
import { makeProblems } from '../problems.ts';
import { defaultRegion, defaultStage, localAccountId } from './defaults.ts';
import { lowerStacks } from './lower.ts';
import { readSamConfig } from './samconfig.ts';
import { openStacks } from './stacks.ts';
import { mapOf } from './template.ts';
import { readTemplate } from './template-files.ts';
import { type WrittenFile, writeFiles } from './write-files.ts';

const names = ['template.yaml', 'template.yml', 'template.json'];

/**
 * The project's name is the stack's: `stack_name` of samconfig.toml, else the folder's name. Code is taken from the
 * source folders the template names, also where `.aws-sam/build` holds an older copy of it.
 */
export const cloudFormationLoader: Loader = {
  name: 'cloudformation',
  async detect(root) {
    return names.map((name) => join(root, name)).find((file) => existsSync(file));
  },
  load,
};

async function load(file: string, options: LoadOptions): Promise<LoadedProject> {
  const root = dirname(file);
  const problems = makeProblems();
  const { report } = problems;
  const templates = await readTemplate(file, report);
  const config = await readSamConfig(root, options.stage);
  const name = config.stackName ?? stackNameFor(basename(root));
  const region = options.region ?? config.region ?? defaultRegion;
  const parameters = { ...config.parameters, ...options.parameters };
  const stacks = openStacks([{ file: templates, name, parameters }], {
    region,
    accountId: localAccountId,
    report,
  });
  const files: WrittenFile[] = [];
  const lowered = lowerStacks(stacks, {
    report,
    inlineFolder: join(root, '.sls-local', 'inline'),
    write: (written) => files.push(written),
    pathOf: (resource, stack) => [...stack.trail, resource.id],
  });
  await writeFiles(files);
  return {
    project: {
      name,
      root,
      file,
      sources: [...new Set([...templates.sources, config.file])],
      stage: options.stage ?? defaultStage,
      region,
      accountId: localAccountId,
      ...lowered,
      ...readDevSettings(
        mapOf(mapOf(templates.template.Metadata)['sls-local']).dev,
        ['Metadata', 'sls-local', 'dev'],
        { place: templates.place, report },
      ),
    },
    problems: problems.list(),
  };
}

/** Stack names are letters, digits and hyphens, and begin with a letter. */
function stackNameFor(folder: string): string {
  const name = folder.replace(/[^A-Za-z0-9]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '');
  return name === '' ? 'stack' : name;
}
