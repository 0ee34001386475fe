import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudFormationLoader } from '../../../src/loaders/cloudformation/loader.ts';
import { nativeLoader } from '../../../src/loaders/native/loader.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import { loadWith } from './temporary-project.ts';

test('every project file can name the package that the project’s own build makes', async () => {
  const loaded = await Promise.all([
    loadWith(serverlessLoader, {
      'serverless.yml': `service: shop
provider: { name: aws, runtime: java21 }
package: { artifact: target/app.jar }
functions:
  a: { handler: shop.Orders }
`,
    }),
    loadWith(cloudFormationLoader, {
      'target/app.jar': '',
      'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  a: { Type: AWS::Serverless::Function, Properties: { Handler: shop.Orders, Runtime: java21, CodeUri: target/app.jar } }
`,
    }),
    loadWith(nativeLoader, {
      'sls-local.config.yml': `name: shop
functions:
  a: { handler: shop.Orders, runtime: java21, codeRoot: target/app.jar }
`,
    }),
  ]);
  for (const { project, root, said } of loaded) {
    expect(said).toEqual([]);
    expect(project.functions).toMatchObject([
      { id: 'a', archive: join(root, 'target/app.jar'), codeRoot: join(root, 'target') },
    ]);
  }
});

test('a function’s own artifact comes before the service’s', async () => {
  const { project, root } = await loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: java21 }
package: { artifact: target/app.jar }
functions:
  a: { handler: shop.Orders, package: { artifact: build/distributions/a.zip } }
`,
  });
  expect(project.functions[0]?.archive).toBe(join(root, 'build/distributions/a.zip'));
});

test('a language that is built from its source does not use an artifact, and says so', async () => {
  const { project, said } = await loadWith(serverlessLoader, {
    'go.mod': 'module shop',
    'serverless.yml': `service: shop
provider: { name: aws }
functions:
  a: { handler: a.b, runtime: nodejs22.x, package: { artifact: a.zip } }
  b: { handler: bootstrap, runtime: provided.al2023, package: { artifact: b.zip } }
`,
  });
  expect(project.functions.map(({ archive }) => archive)).toEqual([undefined, undefined]);
  expect(said).toEqual([
    'warning not-emulated functions.a.package:4 functions.a.package.artifact is not used: the handler is built from its source',
    'warning not-emulated functions.b.package:5 functions.b.package.artifact is not used: the handler is built from its source',
  ]);
});

test('an artifact in a bucket is an error at its line', async () => {
  const { project, said } = await loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: java21 }
functions:
  a: { handler: shop.Orders, package: { artifact: 's3://builds/app.jar' } }
`,
  });
  expect(project.functions).toEqual([]);
  expect(said).toEqual([
    'error code-not-local functions.a.package:4 functions.a: the artifact "s3://builds/app.jar" is not on this machine',
  ]);
});

test('a package that is not made yet may come with the next build', async () => {
  const { project, root, said } = await loadWith(cloudFormationLoader, {
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  a: { Type: AWS::Serverless::Function, Properties: { Handler: shop.Orders, Runtime: java21, CodeUri: target/app.jar } }
`,
  });
  expect(project.functions[0]?.archive).toBe(join(root, 'target/app.jar'));
  expect(said).toEqual([
    expect.stringMatching(/^error code-not-found .*code folder "target\/app\.jar" of "a" does not exist/),
  ]);
});
