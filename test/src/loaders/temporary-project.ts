/** Project folders for the loaders' tests: real files in a temporary folder. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Loader, LoadOptions, Problem } from '../../../src/model/project.ts';

/** Writes the files and removes the folder when the test is over. Returns the folder's absolute path. */
export function temporaryProject(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sls-local-project-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

export const noOptions: LoadOptions = { options: {}, parameters: {}, env: {} };

/** Loads the folder's project with this loader. */
export async function loadWith(
  loader: Loader,
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
) {
  const root = temporaryProject(files);
  const file = await loader.detect(root);
  if (file === undefined) throw new Error('the loader found no project file');
  const { project, problems } = await loader.load(file, { ...noOptions, ...options });
  return { root, project, problems, said: problems.map(inShort) };
}

/** `error code subject:line message`. */
export function inShort({ severity, code, subject, place, message }: Problem): string {
  return `${severity} ${code} ${subject ?? ''}:${place?.line ?? '?'} ${message}`;
}
