import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudFormationLoader } from '../../../src/loaders/cloudformation/loader.ts';
import { nativeLoader } from '../../../src/loaders/native/loader.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import type { Loader } from '../../../src/model/project.ts';
import { zipOf } from '../../zip-file.ts';
import { inShort, noOptions, temporaryProject } from './temporary-project.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:layer:tools';

async function load(loader: Loader, files: Record<string, string>) {
  const root = temporaryProject({ 'code/index.js': '', 'folder/a.txt': 'folder', ...files });
  writeFileSync(join(root, 'layer.zip'), zipOf([{ name: 'a.txt', text: 'zip' }]));
  const file = (await loader.detect(root)) ?? '';
  const first = await loader.load(file, noOptions);
  const { project, problems } = await loader.load(file, noOptions);
  // Unpacked once.
  expect(project.functions.map(({ layers }) => layers)).toEqual(
    first.project.functions.map(({ layers }) => layers),
  );
  return {
    layers: project.functions.map(({ layers }) =>
      layers.map((layer) => readFileSync(join(layer, 'a.txt'), 'utf8')),
    ),
    said: problems.map(inShort),
  };
}

test('serverless.yml: own layers from a folder or archive, others by their ARN', async () => {
  const { layers, said } = await load(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
custom: { sls-local: { layers: { '${ARN}': folder, '${ARN}:2': layer.zip } } }
layers:
  packed: { package: { artifact: layer.zip } }
  open: { path: folder }
functions:
  a: { handler: a.b, layers: [{ Ref: PackedLambdaLayer }, { Ref: OpenLambdaLayer }, '${ARN}:1', '${ARN}:2'] }
  b: { handler: a.b, layers: ['arn:aws:lambda:us-east-1:1:layer:other:7'] }
`,
  });
  expect(layers).toEqual([['zip', 'folder', 'folder', 'zip'], []]);
  expect(said).toEqual([
    expect.stringContaining(
      'warning not-emulated functions.b.layers:9 the layer arn:aws:lambda:us-east-1:1:layer:other:7',
    ),
  ]);
});

test('a template: own layers from an archive, others by its metadata', async () => {
  const { layers, said } = await load(cloudFormationLoader, {
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Metadata: { sls-local: { layers: { '${ARN}': folder } } }
Resources:
  Packed: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer.zip } }
  A:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: code, Handler: index.handler, Runtime: nodejs22.x, Layers: [!Ref Packed, '${ARN}:3', 'arn:aws:lambda:us-east-1:1:layer:other:7'] }
`,
  });
  expect(layers).toEqual([['zip', 'folder']]);
  expect(said).toEqual([expect.stringContaining('layer "arn:aws:lambda:us-east-1:1:layer:other:7"')]);
});

test('a sls-local.config: paths, names and ARNs', async () => {
  const { layers, said } = await load(nativeLoader, {
    'sls-local.config.yml': `name: shop
layers: { tools: layer.zip, '${ARN}': folder }
functions:
  a: { handler: a.b, layers: [tools, folder, '${ARN}:9'] }
  b: { handler: a.b, layers: [gone.zip, 'arn:aws:lambda:us-east-1:1:layer:other:7', folder] }
`,
  });
  expect(layers).toEqual([['zip', 'folder', 'folder'], ['folder']]);
  expect(said).toEqual([
    expect.stringContaining('warning layer-not-found functions.b.layers[0]'),
    expect.stringContaining('warning not-emulated functions.b.layers[1]'),
  ]);
});

test('an archive that is none is told of', async () => {
  const { layers, said } = await load(nativeLoader, {
    'sls-local.config.yml': 'name: shop\nfunctions: { a: { handler: a.b, layers: [bad.zip] } }\n',
    'bad.zip': 'this is only some text, not an archive',
  });
  expect(layers).toEqual([[]]);
  expect(said).toEqual([expect.stringContaining('"bad.zip" cannot be unpacked: it is no zip archive')]);
});
