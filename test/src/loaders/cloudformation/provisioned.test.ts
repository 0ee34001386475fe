import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

test('provisioned concurrency of an alias, or of a SAM function, is kept for its function, up to what is kept here', async () => {
  const { project, lines } = await loadTemplate(`
Resources:
  F: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  G: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  H:
    Type: AWS::Serverless::Function
    Properties:
      { CodeUri: code, Handler: index.handler, Runtime: nodejs22.x, AutoPublishAlias: live, ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 50 } }
  Live:
    Type: AWS::Lambda::Alias
    Properties: { FunctionName: !Ref F, FunctionVersion: '1', Name: live, ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } }
  Plain: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref G, FunctionVersion: '1', Name: live } }
`);
  const provisioned = { initializationType: 'provisioned-concurrency' };
  expect(project.functions).toMatchObject([
    { id: 'F', ...provisioned, provisionedConcurrency: 2 },
    { id: 'G' },
    { id: 'H', ...provisioned, provisionedConcurrency: 4 },
  ]);
  expect(project.functions[1]).not.toHaveProperty('initializationType');
  expect(lines).toEqual([
    'warning not-emulated @8: function "H": 4 of the 50 provisioned instances are kept ready here',
  ]);
});
