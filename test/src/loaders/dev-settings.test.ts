import { expect, test } from 'vitest';
import { cloudFormationLoader } from '../../../src/loaders/cloudformation/loader.ts';
import { nativeLoader } from '../../../src/loaders/native/loader.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import { loadWith } from './temporary-project.ts';

const loadAll = (dev: string) =>
  Promise.all([
    loadWith(nativeLoader, { 'sls-local.config.yml': `name: shop\nfunctions: {}\ndev: ${dev}\n` }),
    loadWith(serverlessLoader, {
      'serverless.yml': `service: shop\nprovider: { name: aws }\nfunctions: {}\ncustom: { sls-local: { dev: ${dev} } }\n`,
    }),
    loadWith(cloudFormationLoader, {
      'template.yaml': `Metadata: { sls-local: { dev: ${dev} } }\nResources: {}\n`,
    }),
  ]);

test('every project file can say how its sessions run', async () => {
  const dev = '{ cold: faithful, freeze: false, timeoutMode: keep, memoryBudget: 512, httpPort: 0 }';
  for (const { project, said } of await loadAll(dev)) {
    expect(said).toEqual([]);
    expect(project.session).toEqual({
      ...{ cold: 'faithful', freeze: false, timeoutMode: 'keep', memoryBudget: 512, httpPort: 0 },
    });
  }
});

test('what is wrong is told and left out, the rest counts', async () => {
  for (const { project, said } of await loadAll(
    '{ cold: warm, freeze: "no", memoryBudget: 0, colds: 1, journal: false }',
  )) {
    expect(said).toHaveLength(4);
    expect(said[0]).toMatch(/dev\.cold: expected one of "fast", "on-demand", "faithful", found "warm"/);
    expect(said[1]).toMatch(/dev\.freeze: expected true or false, found "no"/);
    expect(said[2]).toMatch(/dev\.memoryBudget: expected a number of at least 1, found 0/);
    expect(said[3]).toMatch(/"colds" is not a known key of .*dev/);
    expect(project.session).toEqual({ journal: false });
  }
});

test('nothing said is nothing', async () => {
  for (const { project, said } of await loadAll('')) {
    expect(said).toEqual([]);
    expect(project).not.toHaveProperty('session');
  }
});

test('a function of our own file has /tmp as large as it says', async () => {
  const { project, said } = await loadWith(nativeLoader, {
    'sls-local.config.yml': `name: shop
defaults: { tmpMb: 1024 }
functions:
  a: { handler: a.b }
  b: { handler: a.b, tmpMb: 600 }
`,
  });
  expect(said).toEqual([]);
  expect(project.functions.map(({ tmpMb }) => tmpMb)).toEqual([1024, 600]);
});
