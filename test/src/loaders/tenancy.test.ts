import { expect, test } from 'vitest';
import { cloudFormationLoader } from '../../../src/loaders/cloudformation/loader.ts';
import { nativeLoader } from '../../../src/loaders/native/loader.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import { loadWith } from './temporary-project.ts';

test('every project file can keep a function’s tenants apart, without a warning', async () => {
  const loaded = await Promise.all([
    loadWith(serverlessLoader, {
      'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  a: { handler: a.b, tenancy: { mode: PER_TENANT } }
  b: { handler: a.b }
`,
    }),
    loadWith(cloudFormationLoader, {
      'code/index.js': '',
      'template.yaml': `Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs22.x, Handler: index.handler, CodeUri: code } }
Resources:
  A: { Type: AWS::Serverless::Function, Properties: { TenancyConfig: { TenantIsolationMode: PER_TENANT } } }
  B: { Type: AWS::Serverless::Function }
`,
    }),
    loadWith(nativeLoader, {
      'sls-local.config.yml': `name: shop
functions:
  a: { handler: a.b, runtime: nodejs22.x, tenantIsolation: true }
  b: { handler: a.b, runtime: nodejs22.x }
`,
    }),
  ]);
  for (const { project, said } of loaded) {
    expect(said).toEqual([]);
    expect(project.functions.map(({ tenantIsolation }) => tenantIsolation)).toEqual([true, undefined]);
  }
});
