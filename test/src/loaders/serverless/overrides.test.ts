import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { loadWith } from '../temporary-project.ts';

/** `functions` and `resources` are whole sections. */
function load(sections: string, provider = '', files: Readonly<Record<string, string>> = {}) {
  const yaml = `service: shop
provider:
  name: aws
  runtime: nodejs20.x
${provider}
${sections}`;
  return loadWith(serverlessLoader, { 'serverless.yml': yaml, ...files });
}

test('a resource of the logical id of a function changes the function', async () => {
  const { project, said } = await load(`
functions:
  say-hello:
    handler: a.b
    timeout: 3
    environment: { A: '1', B: '1' }
resources:
  Resources:
    SayDashhelloLambdaFunction:
      Properties:
        Timeout: 17
        MemorySize: '256'
        Architectures: [arm64]
        EphemeralStorage: { Size: 1024 }
        Environment: { Variables: { B: '2', C: !Ref AWS::Region } }
        Tags: [{ Key: a, Value: b }]
`);
  expect(said).toEqual([]);
  expect(project.functions).toHaveLength(1);
  expect(project.functions[0]).toMatchObject({
    id: 'say-hello',
    timeoutMs: 17_000,
    memoryMb: 256,
    architecture: 'arm64',
    tmpMb: 1024,
    env: { A: '1', B: '2', C: 'us-east-1' },
  });
});

test('an extension replaces whole properties of a function, from a file of its own too', async () => {
  const { project, said } = await load(
    `
functions:
  hello: { handler: a.b, environment: { A: '1' } }
resources:
  - \${file(./extend.yml)}
`,
    '  environment: { ALL: x }\n',
    {
      'extend.yml':
        'extensions:\n  HelloLambdaFunction:\n    Properties:\n      Handler: c.d\n      Environment: { Variables: { B: "2" } }\n',
    },
  );
  expect(said).toEqual([]);
  expect(project.functions[0]).toMatchObject({ handler: 'c.d', env: { B: '2' } });
});

test('what an override says wrongly is told where it is written', async () => {
  const { project, said } = await load(`
functions:
  hello: { handler: a.b }
resources:
  extensions:
    HelloLambdaFunction:
      Properties:
        ImageConfig: { Command: [x] }
    HelloEventsRuleSchedule1: { Properties: { State: DISABLED } }
    Typo: { Properties: { A: 1 } }
  Resources:
    HelloLambdaPermissionApiGateway: { Properties: { Action: x } }
    Untyped: { Properties: { A: 1 } }
`);
  expect(project.functions).toHaveLength(1);
  expect(said).toEqual([
    'error invalid-resource resources.Resources.Untyped:18 resource "Untyped" has no Type',
    'warning not-emulated resources.Resources.HelloLambdaPermissionApiGateway:17 what resources says of "HelloLambdaPermissionApiGateway", which the framework makes, has no effect here',
    'warning not-emulated resources.extensions.HelloEventsRuleSchedule1:14 what resources.extensions says of "HelloEventsRuleSchedule1", which the framework makes, has no effect here',
    'warning unresolved-reference resources.extensions.Typo:15 resources.extensions changes "Typo", which is no resource of this project',
    'warning not-emulated resources.extensions.HelloLambdaFunction.Properties.ImageConfig:13 ImageConfig is not read here for a function the framework makes',
  ]);
});

test('binary types of the REST API and cross-origin settings of the HTTP API are taken from their resources', async () => {
  const { project, said } = await load(`
functions:
  hello: { handler: a.b, events: [{ http: GET /a }, { httpApi: GET /b }] }
resources:
  Resources:
    ApiGatewayRestApi: { Properties: { BinaryMediaTypes: ['*/*'] } }
  extensions:
    HttpApi: { Properties: { CorsConfiguration: { AllowOrigins: ['https://a.example'] } } }
`);
  expect(said).toEqual([]);
  expect(project.triggers).toMatchObject([
    { kind: 'rest-api', binaryMediaTypes: ['*/*'] },
    { kind: 'http-api', cors: { allowOrigins: ['https://a.example'] } },
  ]);
});

test('a bucket of an event is a resource: it can be referred to, set in the provider and changed in resources', async () => {
  const { project, said } = await load(
    `
functions:
  hello:
    handler: a.b
    environment: { BUCKET: !Ref S3BucketMyphotos, ARN: !GetAtt S3BucketKept.Arn }
    events:
      - s3: my-photos
      - s3: { bucket: kept }
      - s3: { bucket: there, existing: true }
resources:
  Resources:
    S3BucketMyphotos: { Type: AWS::S3::Bucket, Properties: { VersioningConfiguration: { Status: Enabled } } }
`,
    '  s3: { kept: { name: shop-kept, versioningConfiguration: { Status: Enabled } } }\n',
  );
  expect(said).toEqual([]);
  expect(project.functions[0]?.env).toEqual({ BUCKET: 'my-photos', ARN: 'arn:aws:s3:::shop-kept' });
  const buckets = project.resources.map((resource) => ({ ...resource, place: resource.place?.line }));
  expect(buckets).toMatchObject([
    { kind: 'bucket', name: 'my-photos', versioning: 'Enabled', place: 18 },
    { kind: 'bucket', name: 'shop-kept', versioning: 'Enabled', place: 14 },
    { kind: 'bucket', name: 'there', place: 15 },
  ]);
});
