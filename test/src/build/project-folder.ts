/** A throw-away folder with files, and functions that live in it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FunctionSpec, Project } from '../../../src/model/project.ts';

export interface ProjectFolder {
  readonly root: string;
  write(path: string, text: string): string;
  path(...parts: string[]): string;
  remove(): void;
}

export function makeProjectFolder(files: Readonly<Record<string, string>> = {}): ProjectFolder {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sls-local-build-')));
  const folder: ProjectFolder = {
    root,
    path: (...parts) => join(root, ...parts),
    write(path, text) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }),
  };
  for (const [path, text] of Object.entries(files)) folder.write(path, text);
  return folder;
}

export function makeFunction(root: string, overrides: Partial<FunctionSpec> = {}): FunctionSpec {
  const id = overrides.id ?? 'create';
  return {
    id,
    name: `shop-dev-${id}`,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:shop-dev-${id}`,
    handler: 'src/create.handler',
    runtime: 'nodejs20.x',
    codeRoot: root,
    env: {},
    memoryMb: 1024,
    timeoutMs: 6000,
    architecture: 'x86_64',
    layers: [],
    external: [],
    place: { file: join(root, 'serverless.yml'), line: 7, column: 5 },
    ...overrides,
  };
}

export function makeProject(root: string, functions: readonly FunctionSpec[]): Project {
  return {
    name: 'shop',
    root,
    file: join(root, 'serverless.yml'),
    sources: [],
    stage: 'dev',
    region: 'us-east-1',
    accountId: '000000000000',
    functions,
    triggers: [],
    resources: [],
  };
}
