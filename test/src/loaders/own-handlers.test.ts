import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProject } from '../../../src/loaders/load.ts';
import { inShort, noOptions, temporaryProject } from './temporary-project.ts';

const template = (handler: string, runtime: string, variable: string, layers = '') => `Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: shop
      Handler: ${handler}
      Runtime: ${runtime}
      Code: .
      ${layers}
      Environment: { Variables: { ${variable}: src/app.main } }
`;

const load = async (text: string, files: Record<string, string> = {}) => {
  const root = temporaryProject({ 'template.yaml': text, ...files });
  const { project, problems } = await loadProject({ root, options: noOptions });
  return { fn: project.functions[0], said: problems.map(inShort), root };
};

test.each([
  ['/opt/nodejs/node_modules/datadog-lambda-js/handler.handler', 'nodejs22.x', 'DD_LAMBDA_HANDLER'],
  ['node_modules/datadog-lambda-js/dist/handler.handler', 'nodejs22.x', 'DD_LAMBDA_HANDLER'],
  ['datadog_lambda.handler.handler', 'python3.13', 'DD_LAMBDA_HANDLER'],
  ['newrelic-lambda-wrapper.handler', 'nodejs22.x', 'NEW_RELIC_LAMBDA_HANDLER'],
])('where the layer of %s (%s) is not here, the handler in %s runs', async (handler, runtime, variable) => {
  const { fn, said } = await load(template(handler, runtime, variable));
  expect(fn?.handler).toBe('src/app.main');
  expect(said).toEqual([
    `warning not-emulated :2 the handler "${handler}" of function F is that of a layer which is not on this machine: its own, "src/app.main" (${variable}), runs`,
  ]);
});

test('one that is in the code or in a layer stays', async () => {
  const node = await load(
    template('node_modules/datadog-lambda-js/dist/handler.handler', 'nodejs22.x', 'DD_LAMBDA_HANDLER'),
    {
      'node_modules/datadog-lambda-js/dist/handler.js': '',
    },
  );
  expect(node.fn?.handler).toBe('node_modules/datadog-lambda-js/dist/handler.handler');
  const arn = 'arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Python313:99';
  const text = template(
    'datadog_lambda.handler.handler',
    'python3.13',
    'DD_LAMBDA_HANDLER',
    `Layers: ['${arn}']`,
  );
  const mapped = `Metadata: { sls-local: { layers: { '${arn}': layer } } }\n${text}`;
  const python = await load(mapped, { 'layer/python/datadog_lambda/handler.py': '' });
  expect(python.fn).toMatchObject({
    handler: 'datadog_lambda.handler.handler',
    layers: [join(python.root, 'layer')],
  });
  expect([...node.said, ...python.said]).toEqual([]);
});

test('a handler of the project with such a variable stays too', async () => {
  const { fn, said } = await load(template('src/api.main', 'nodejs22.x', 'DD_LAMBDA_HANDLER'));
  expect(fn?.handler).toBe('src/api.main');
  expect(said).toEqual([]);
});
