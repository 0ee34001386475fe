import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imageCode, imageSpec } from '../../../../src/loaders/cloudformation/image-code.ts';
import { loadTemplate } from './project-on-disk.ts';

test('a SAM function with Docker metadata is built from its context', async () => {
  const { project, lines } = await loadTemplate(`
Resources:
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      PackageType: Image
      ImageConfig: { Command: [app.handler], EntryPoint: [/entry], WorkingDirectory: /work }
    Metadata: { DockerContext: ./src, Dockerfile: Dockerfile.dev, DockerTag: v1, DockerBuildArgs: { A: 1 }, DockerBuildTarget: last }
  Ready: { Type: AWS::Lambda::Function, Properties: { PackageType: Image, Code: { ImageUri: 'shop/ready:1' } } }
`);
  expect(lines).toEqual([]);
  expect(project.functions).toMatchObject([
    {
      id: 'Shop',
      handler: 'app.handler',
      image: 'sls-local-functions/shop',
      imageBuild: {
        context: join(project.root, 'src'),
        dockerfile: 'Dockerfile.dev',
        args: { A: '1' },
        target: 'last',
      },
      imageSettings: { entryPoint: ['/entry'], command: ['app.handler'], workingDirectory: '/work' },
    },
    { id: 'Ready', image: 'shop/ready:1' },
  ]);
  expect(project.functions[1]).not.toHaveProperty('imageBuild');
});

test('an image asset of the CDK is built from the asset', () => {
  const code = imageCode(
    '0.dkr.ecr/assets:1f',
    {
      'aws:asset:path': 'asset.1f',
      'aws:asset:dockerfile-path': 'Dockerfile',
      'aws:asset:docker-build-args': { A: 'b' },
    },
    '/app/cdk.out',
  );
  expect(imageSpec(code, 'Create Order', undefined)).toEqual({
    image: 'sls-local-functions/create-order',
    imageBuild: { context: '/app/cdk.out/asset.1f', dockerfile: 'Dockerfile', args: { A: 'b' } },
    imageSettings: {},
  });
});

test('a compiling build method of SAM is taken over', async () => {
  const { project } = await loadTemplate(`
Resources:
  Go: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: bootstrap, Runtime: provided.al2023 }, Metadata: { BuildMethod: go1.x } }
  Make: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: bootstrap, Runtime: provided.al2023 }, Metadata: { BuildMethod: makefile } }
  Rust: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: bootstrap, Runtime: provided.al2023 }, Metadata: { BuildMethod: rust-cargolambda, BuildProperties: { Binary: api } } }
`);
  expect(project.functions.map(({ build }) => build)).toEqual([
    { method: 'go' },
    { method: 'makefile', target: 'build-Make' },
    { method: 'rust', binary: 'api' },
  ]);
});
