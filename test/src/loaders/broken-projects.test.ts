/** The broken samples: each is told with file, line and what to do, and what is not broken is there. */
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadProject } from '../../../src/loaders/load.ts';
import { noOptions } from './temporary-project.ts';

const broken = resolve(import.meta.dirname, '../../../fixtures/projects/broken');
const load = (name: string) => loadProject({ root: join(broken, name), options: noOptions });

test('broken YAML', async () => {
  await expect(load('yaml')).rejects.toMatchObject({
    code: 'project-syntax',
    message: expect.stringContaining('handler: src/hello.handler'),
    file: join(broken, 'yaml/serverless.yml'),
    line: 7,
    hint: 'check the indentation of this line and the one before',
  });
});

test.each([
  [
    'runtime',
    'unknown-runtime',
    'serverless.yml',
    12,
    'functions.future: unknown runtime "nodejs99.x"',
    'nodejs22.x',
    ['hello'],
  ],
  [
    'circular',
    'circular-variable',
    'serverless.yml',
    6,
    'custom.table → custom.prefix → custom.names.prefix → custom.table',
    'value of its own',
    ['hello'],
  ],
  [
    'include',
    'unresolved-variable',
    'serverless.yml',
    10,
    './functions/missing.yml does not exist',
    'check the path',
    ['hello'],
  ],
  ['import', 'unresolved-import', 'template.yaml', 11, '"shared-stack-TableName"', 'parameter', ['Hello']],
] as const)('%s: %s', async (folder, code, file, line, message, hint, functions) => {
  const { project, problems } = await load(folder);
  expect(problems).toMatchObject([
    {
      severity: 'error',
      code,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
      place: { file: join(broken, folder, file), line },
    },
  ]);
  expect(project.functions.map((fn) => fn.id)).toEqual(functions);
});

test('a configuration of ours with several mistakes', async () => {
  const { project, problems } = await load('config');
  expect(problems.map(({ code, place }) => [code, place?.line])).toEqual([
    ['invalid-value', 8],
    ['invalid-value', 15],
    ['unknown-queue', 12],
    ['unknown-key', 9],
  ]);
  expect(project.functions.map((fn) => fn.id)).toEqual(['hello', 'listening']);
});
