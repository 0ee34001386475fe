/** Whether a function needs the Extensions API: a layer brings a program, or its code names the API's variable. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionSpec } from '../../model/project.ts';
import { RUNTIME_API_VARIABLE } from '../../model/reserved-variables.ts';
import type { Artifact } from '../../model/runtime.ts';
import { extensionsOf } from '../layer-extensions.ts';

const CODE = /\.(?:[cm]?js|py)$/;
/** Code is looked through at the top of the artifact only: what a bundler makes is there, packages are not. */
const MAX_FILES = 50;
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const REMEMBERED = 1000;

const answers = new Map<string, boolean>();

/** Looked up once for each build, where the build does not say; an exec wrapper is given the API without a look into it. */
export function asksForExtensions(fn: FunctionSpec, artifact: Artifact): boolean {
  if (extensionsOf(fn.layers).length > 0 || fn.env.AWS_LAMBDA_EXEC_WRAPPER !== undefined) return true;
  if (artifact.namesRuntimeApi !== undefined) return artifact.namesRuntimeApi;
  const key = `${artifact.dir} ${artifact.id}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = namesVariable(artifact.dir);
    if (answers.size >= REMEMBERED) answers.clear();
    answers.set(key, answer);
  }
  return answer;
}

function namesVariable(folder: string): boolean {
  try {
    return readdirSync(folder)
      .filter((name) => CODE.test(name))
      .slice(0, MAX_FILES)
      .map((name) => join(folder, name))
      .some(
        (file) => statSync(file).size <= MAX_FILE_BYTES && readFileSync(file).includes(RUNTIME_API_VARIABLE),
      );
  } catch {
    return false;
  }
}
