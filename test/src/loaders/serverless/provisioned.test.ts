import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { loadWith } from '../temporary-project.ts';

test('provisionedConcurrency is kept up to what is kept here, and no number is none', async () => {
  const { project, said } = await loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  two: { handler: a.b, provisionedConcurrency: 2 }
  text: { handler: a.b, provisionedConcurrency: '3' }
  none: { handler: a.b, provisionedConcurrency: 0 }
  many: { handler: a.b, provisionedConcurrency: 100 }
`,
  });
  const provisioned = { initializationType: 'provisioned-concurrency' };
  expect(project.functions).toMatchObject([
    { id: 'two', ...provisioned, provisionedConcurrency: 2 },
    { id: 'text', ...provisioned, provisionedConcurrency: 3 },
    { id: 'none' },
    { id: 'many', ...provisioned, provisionedConcurrency: 4 },
  ]);
  expect(project.functions[2]).not.toHaveProperty('initializationType');
  expect(said).toEqual([
    'warning not-emulated functions.many.provisionedConcurrency:7 functions.many: 4 of the 100 provisioned instances are kept ready here',
  ]);
});
