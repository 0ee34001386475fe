import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detectProjectFile, loadProject } from '../../../src/loaders/load.ts';
import { noOptions, temporaryProject } from './temporary-project.ts';

const serverless =
  'service: x\nprovider: { name: aws, runtime: nodejs20.x }\nfunctions: { a: { handler: a.b } }\n';
const native = 'name: x\nfunctions: { a: { handler: a.b } }\n';
const template = 'Resources: {}\n';
const manifest = '{"version":"48.0.0","artifacts":{}}';

test.each([
  [['serverless.yml'], 'serverless', 'serverless.yml'],
  [['serverless.ts', 'template.yaml'], 'serverless', 'serverless.ts'],
  [['serverless.yml', 'sls-local.config.yml'], 'native', 'sls-local.config.yml'],
  [['sls-local.config.json', 'sls-local.config.ts'], 'native', 'sls-local.config.ts'],
  [['template.yml', 'cdk.out/manifest.json'], 'cloudformation', 'template.yml'],
  [['cdk.out/manifest.json'], 'cdk', 'cdk.out/manifest.json'],
])('of %j the %s loader is chosen for %s', async (files, loader, file) => {
  const root = temporaryProject(Object.fromEntries(files.map((name) => [name, ''])));
  const found = await detectProjectFile(root);
  expect(found.loader.name).toBe(loader);
  expect(found.file).toBe(join(root, file));
});

test('a folder without a project file is an error that says what was looked for', async () => {
  const root = temporaryProject({ 'package.json': '{}' });
  await expect(detectProjectFile(root)).rejects.toMatchObject({
    code: 'project-missing',
    message: `no project file was found in ${root}`,
    hint: expect.stringContaining('serverless.yml'),
  });
});

test.each([
  ['infra/serverless.prod.yml', serverless],
  ['sls-local.staging.yml', native],
  ['my-api.yaml', serverless],
  ['stack.yaml', template],
  ['other.yml', native],
  ['app.mjs', `export default ${JSON.stringify({ name: 'x', functions: {} })}`],
  ['cdk.out/manifest.json', manifest],
])('a file given by name is read by what it is: %s', async (name, text) => {
  const root = temporaryProject({ [name]: text, 'serverless.yml': serverless });
  const { project } = await loadProject({ root, file: name, options: noOptions });
  expect(project.file).toBe(join(root, name));
});

test('a folder given by name is a project of its own', async () => {
  const root = temporaryProject({ 'app/serverless.yml': serverless });
  const { project } = await loadProject({ root, file: 'app', options: noOptions });
  expect(project.root).toBe(join(root, 'app'));
});

test('a file that is not there, or of no known kind, is an error that names it', async () => {
  const root = temporaryProject({ 'x.yml': 'a: 1\n' });
  await expect(loadProject({ root, file: 'y.yml', options: noOptions })).rejects.toMatchObject({
    code: 'project-missing',
    message: `the project file ${join(root, 'y.yml')} does not exist`,
  });
  await expect(loadProject({ root, file: 'x.yml', options: noOptions })).rejects.toMatchObject({
    code: 'project-unknown',
  });
});

test('the project is frozen', async () => {
  const root = temporaryProject({ 'serverless.yml': serverless });
  const { project } = await loadProject({ root, options: noOptions });
  expect(Object.isFrozen(project)).toBe(true);
  expect(Object.isFrozen(project.functions[0]?.env)).toBe(true);
});

test('a queue that is listened to and declared nowhere is made, and said', async () => {
  const root = temporaryProject({
    'serverless.yml':
      `${serverless.trim().replace(/ \}$/, '')}, events: [{ sqs: arn:aws:sqs:us-east-1:000000000000:theirs.fifo }] } }`.replace(
        'a.b }, events',
        'a.b, events',
      ),
  });
  const { project, problems } = await loadProject({ root, options: noOptions });
  expect(project.resources).toMatchObject([
    { kind: 'queue', name: 'theirs.fifo', fifo: true, visibilityTimeoutMs: 30_000 },
  ]);
  expect(problems).toMatchObject([{ severity: 'warning', code: 'undeclared-queue' }]);
});

test('two functions of one name are told, at the second', async () => {
  const root = temporaryProject({
    'serverless.yml': [
      'service: twins',
      'provider: { name: aws, runtime: nodejs20.x }',
      'functions:',
      '  a: { handler: a.h, name: same }',
      '  b: { handler: a.h, name: same }',
    ].join('\n'),
  });
  const { problems } = await loadProject({ root, options: noOptions });
  expect(problems).toMatchObject([{ code: 'same-name', place: { line: 5 } }]);
});
