/** A function's `package.artifact`, or the service's: the package its own build has made. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FunctionSpec } from '../../model/project.ts';
import { mapOf, textOf } from '../cloudformation/template.ts';
import type { Report } from '../problems.ts';
import type { FunctionEntry, Service } from './service.ts';
import { readKeys } from './settings.ts';

/** Other languages are built from their source, which reloads faster than any package is made. */
export function runsFromArchive(runtime: string, root: string): boolean {
  if (runtime.startsWith('provided'))
    return !['go.mod', 'Cargo.toml'].some((name) => existsSync(join(root, name)));
  return /^(java|dotnet)/.test(runtime);
}

export async function functionArchive(
  { path }: FunctionEntry,
  runtime: string,
  { root, variables }: Service,
  report: Report,
): Promise<Pick<FunctionSpec, 'archive'> & Partial<Pick<FunctionSpec, 'codeRoot'>>> {
  if (!runsFromArchive(runtime, root)) return {};
  const own = await readKeys(variables, path, ['package'], report);
  const shared = await readKeys(variables, ['package'], ['artifact'], report);
  const ofFunction = textOf(mapOf(own.values.package).artifact);
  const written = ofFunction ?? textOf(shared.values.artifact);
  if (written === undefined) return {};
  if (/^(s3|https?):\/\//.test(written)) {
    const [section, key] = ofFunction === undefined ? [shared, 'artifact'] : [own, 'package'];
    section.error({
      code: 'code-not-local',
      key,
      message: `${own.subject}: the artifact "${written}" is not on this machine`,
      hint: 'name a file of the project, relative to the serverless.yml',
    });
    return {};
  }
  const archive = resolve(root, written);
  return { archive, codeRoot: dirname(archive) };
}
