import { expect, test } from 'vitest';
import { cloudFormationLoader } from '../../../src/loaders/cloudformation/loader.ts';
import { nativeLoader } from '../../../src/loaders/native/loader.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import { loadWith } from './temporary-project.ts';

test('a function of a serverless.yml has the provider’s settings, and its own above them', async () => {
  const { project, said } = await loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider:
  name: aws
  runtime: nodejs22.x
  logs: { lambda: { logFormat: JSON, applicationLogLevel: WARN, logGroup: /shop } }
functions:
  a: { handler: a.b }
  b: { handler: a.b, logs: { applicationLogLevel: TRACE, systemLogLevel: DEBUG } }
  c: { handler: a.b, logs: { logFormat: Text } }
`,
  });
  expect(project.functions.map(({ logging }) => logging)).toEqual([
    { format: 'JSON', applicationLevel: 'WARN', group: '/shop' },
    { format: 'JSON', applicationLevel: 'TRACE', systemLevel: 'DEBUG', group: '/shop' },
    { format: 'Text', group: '/shop' },
  ]);
  expect(said).toEqual([expect.stringContaining('warning invalid-value functions.c.logs')]);
});

test('a template has LoggingConfig, in Globals too', async () => {
  const { project, said } = await loadWith(cloudFormationLoader, {
    'code/index.js': '',
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs22.x, Handler: index.handler, CodeUri: code, LoggingConfig: { LogFormat: JSON } } }
Resources:
  A: { Type: AWS::Serverless::Function }
  B: { Type: AWS::Serverless::Function, Properties: { LoggingConfig: { ApplicationLogLevel: DEBUG, SystemLogLevel: LOUD } } }
`,
  });
  expect(project.functions.map(({ logging }) => logging)).toEqual([
    { format: 'JSON' },
    { format: 'JSON', applicationLevel: 'DEBUG' },
  ]);
  expect(said).toEqual([expect.stringContaining('LoggingConfig.SystemLogLevel')]);
});

test('a sls-local.config has `logging`, for one function or all', async () => {
  const { project, said } = await loadWith(nativeLoader, {
    'sls-local.config.yml': `name: shop
defaults: { logging: { format: JSON } }
functions:
  a: { handler: a.b }
  b: { handler: a.b, logging: { format: JSON, applicationLevel: DEBUG } }
`,
  });
  expect(said).toEqual([]);
  expect(project.functions.map(({ logging }) => logging)).toEqual([
    { format: 'JSON' },
    { format: 'JSON', applicationLevel: 'DEBUG' },
  ]);
});
