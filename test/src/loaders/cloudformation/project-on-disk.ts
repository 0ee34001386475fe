/** Templates for tests: parsed from text, or written with their code into a temporary folder and loaded. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Intrinsics, makeIntrinsics } from '../../../../src/loaders/cloudformation/intrinsics.ts';
import { cloudFormationLoader } from '../../../../src/loaders/cloudformation/loader.ts';
import { mapOf, type Template } from '../../../../src/loaders/cloudformation/template.ts';
import { parseYaml } from '../../../../src/loaders/yaml.ts';
import type { LoadedProject, LoadOptions, Problem } from '../../../../src/model/project.ts';

export const noOptions: LoadOptions = { options: {}, parameters: {}, env: {} };

/** Writes files (relative path → text) into a folder that is removed after the test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sls-local-template-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export interface LoadedFolder extends LoadedProject {
  readonly folder: string;
  /** `severity code @line: message` of each problem. */
  readonly lines: readonly string[];
}

/** Loads `template` beside `files`; code folders `src` and `code` exist. */
export async function loadTemplate(
  template: string,
  files: Readonly<Record<string, string>> = {},
  options: Partial<LoadOptions> = {},
): Promise<LoadedFolder> {
  const folder = folderWith({ 'template.yaml': template, 'src/app.js': '', 'code/index.js': '', ...files });
  const loaded = await cloudFormationLoader.load(join(folder, 'template.yaml'), { ...noOptions, ...options });
  return { ...loaded, folder, lines: linesOf(loaded.problems) };
}

export function linesOf(problems: readonly Problem[]): string[] {
  return problems.map(
    ({ severity, code, place, message }) => `${severity} ${code} @${place?.line}: ${message}`,
  );
}

export interface ParsedTemplate {
  readonly template: Template;
  readonly intrinsics: Intrinsics;
  readonly problems: readonly Problem[];
  readonly report: (problem: Problem) => void;
  /** Resolves an entry of the template's `Values` section, which is no section of CloudFormation. */
  value(name: string): unknown;
}

/** The intrinsics of a template in a stack named `shop`. */
export function parsed(
  text: string,
  parameters: Readonly<Record<string, string>> = {},
  importValue: (name: string) => unknown = () => undefined,
): ParsedTemplate {
  const { value, place } = parseYaml(text, '/project/template.yaml');
  const template = mapOf(value);
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const intrinsics = makeIntrinsics({
    template,
    parameters,
    stackName: 'shop',
    region: 'eu-west-1',
    accountId: '000000000000',
    place,
    report,
    importValue,
  });
  return {
    template,
    intrinsics,
    problems,
    report,
    value: (name) => intrinsics.resolve(mapOf(template.Values)[name], ['Values', name]),
  };
}
