/** Tells from its content which loader reads a project file whose name does not say so. */
import { extname } from 'node:path';
import { SlsError } from '../std/errors.ts';
import { readProjectYaml } from './yaml.ts';

/** Throws `SlsError` `project-unknown` when the file is of no known format. */
export async function looksLike(file: string): Promise<'native' | 'serverless' | 'cloudformation' | 'cdk'> {
  // A program cannot be told apart without running it; our own form is the one people give other names.
  if (/^\.[cm]?[jt]s$/.test(extname(file))) return 'native';
  const { value } = await readProjectYaml(file);
  const keys = new Set(typeof value === 'object' && value !== null ? Object.keys(value) : []);
  if (keys.has('provider') && keys.has('service')) return 'serverless';
  if (keys.has('Resources')) return 'cloudformation';
  if (keys.has('artifacts') && keys.has('version')) return 'cdk';
  if (keys.has('functions')) return 'native';
  throw new SlsError('project-unknown', `${file} is no project file this program knows`, {
    file,
    hint: 'expected a serverless.yml, a SAM or CloudFormation template, a cdk.out folder, or a sls-local.config file',
  });
}
