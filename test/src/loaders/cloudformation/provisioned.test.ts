import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

test('provisioned concurrency of an alias is what the function is told, and that it is not kept here', async () => {
  const { project, lines } = await loadTemplate(`
Resources:
  F: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  G: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  Live:
    Type: AWS::Lambda::Alias
    Properties: { FunctionName: !Ref F, FunctionVersion: '1', Name: live, ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } }
  Plain: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref G, FunctionVersion: '1', Name: live } }
`);
  expect(project.functions.map(({ initializationType }) => initializationType)).toEqual([
    'provisioned-concurrency',
    undefined,
  ]);
  expect(lines).toEqual([
    'warning not-emulated @7: ProvisionedConcurrencyConfig of "Live" is not emulated: instances are started when they are needed',
  ]);
});
