import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cdkLoader } from '../../../../src/loaders/cdk/loader.ts';
import { folderWith, linesOf, noOptions } from '../cloudformation/project-on-disk.ts';

const json = (value: unknown) => JSON.stringify(value, null, 1);

interface LambdaOptions {
  readonly path?: string;
  readonly asset?: string;
  readonly key?: string;
  readonly env?: object;
}

function lambda({ path, asset, key = 'hash.zip', env = {} }: LambdaOptions) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: { 'Fn::Sub': 'cdk-assets-${AWS::AccountId}' }, S3Key: key },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Environment: { Variables: env },
    },
    Metadata: {
      ...(path ? { 'aws:cdk:path': path } : {}),
      ...(asset ? { 'aws:asset:path': asset, 'aws:asset:property': 'Code' } : {}),
    },
  };
}

const stack = (templateFile: string, more: object = {}) => ({
  type: 'aws:cloudformation:stack',
  properties: { templateFile },
  ...more,
});

test('all stacks are one project: construct ids, asset folders, and imports of each other', async () => {
  const root = folderWith({
    'cdk.json': json({ app: 'node app.js' }),
    'cdk.out/asset.aaa/index.js': '',
    'cdk.out/manifest.json': json({
      version: '50.0.0',
      artifacts: {
        Shop: stack('Shop.template.json'),
        Data: stack('Data.template.json'),
        Tree: { type: 'cdk:tree' },
      },
    }),
    'cdk.out/Data.template.json': json({
      Resources: {
        Orders1234: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            BillingMode: 'PAY_PER_REQUEST',
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          },
        },
      },
      Outputs: {
        Export: { Value: { Ref: 'Orders1234' }, Export: { Name: 'Data:ExportsOutputRefOrders1234' } },
      },
    }),
    'cdk.out/Shop.template.json': json({
      Parameters: {
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/version' },
      },
      Resources: {
        Create99: lambda({
          path: 'Shop/Create/Resource',
          asset: 'asset.aaa',
          env: { TABLE: { 'Fn::ImportValue': 'Data:ExportsOutputRefOrders1234' } },
        }),
        Meta: { Type: 'AWS::CDK::Metadata' },
      },
    }),
  });
  const { project, problems } = await cdkLoader.load(join(root, 'cdk.json'), noOptions);
  expect(problems).toEqual([]);
  expect(project).toMatchObject({ root, file: join(root, 'cdk.out/manifest.json'), region: 'us-east-1' });
  expect(project.functions).toMatchObject([
    {
      id: 'Create',
      name: 'Shop-Create99',
      codeRoot: join(root, 'cdk.out/asset.aaa'),
      handler: 'index.handler',
      env: { TABLE: 'Data-Orders1234' },
    },
  ]);
  expect(project.resources).toMatchObject([{ kind: 'table', name: 'Data-Orders1234' }]);
  expect(project.sources).toContain(join(root, 'cdk.out/Shop.template.json'));
});

test('a method of one stack has the authorizer of another, as the CDK writes both', async () => {
  const part = (index: number) => ({
    'Fn::Select': [index, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Auth11', 'Arn'] }] }],
  });
  const invocations = (region: unknown, arn: unknown) => ({
    'Fn::Join': [
      '',
      ['arn:', part(1), ':apigateway:', region, ':lambda:path/2015-03-31/functions/', arn, '/invocations'],
    ],
  });
  const root = folderWith({
    'cdk.json': json({ app: 'node app.js' }),
    'cdk.out/asset.aaa/index.js': '',
    'cdk.out/manifest.json': json({
      artifacts: { Shop: stack('Shop.template.json'), Guard: stack('Guard.template.json') },
    }),
    'cdk.out/Guard.template.json': json({
      Resources: {
        Auth11: lambda({ path: 'Guard/Auth/Resource', asset: 'asset.aaa' }),
        Users22: {
          Type: 'AWS::ApiGateway::Authorizer',
          Properties: {
            ...{ Name: 'GuardUsers', RestApiId: 'imported', Type: 'TOKEN', AuthorizerResultTtlInSeconds: 60 },
            AuthorizerUri: invocations(part(3), { 'Fn::GetAtt': ['Auth11', 'Arn'] }),
            IdentitySource: 'method.request.header.Authorization',
          },
        },
      },
      Outputs: { Id: { Value: { Ref: 'Users22' }, Export: { Name: 'Guard:Users' } } },
    }),
    'cdk.out/Shop.template.json': json({
      Resources: {
        Read77: lambda({ path: 'Shop/Read/Resource', asset: 'asset.aaa' }),
        Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'shop' } },
        Get: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            ...{ RestApiId: { Ref: 'Api' }, ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] } },
            ...{ HttpMethod: 'GET', AuthorizationType: 'CUSTOM' },
            AuthorizerId: { 'Fn::ImportValue': 'Guard:Users' },
            Integration: { Type: 'AWS_PROXY', Uri: { 'Fn::GetAtt': ['Read77', 'Arn'] } },
          },
        },
      },
    }),
  });
  const { project, problems } = await cdkLoader.load(join(root, 'cdk.json'), noOptions);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([
    {
      ...{ kind: 'rest-api', functionId: 'Read', path: '/' },
      authorizer: { kind: 'lambda', name: 'GuardUsers', functionId: 'Auth', type: 'token', cacheSeconds: 60 },
    },
  ]);
});

test('without metadata in the template the manifest and the asset manifest tell names and folders', async () => {
  const root = folderWith({
    'cdk.out/asset.bbb/index.js': '',
    'cdk.out/manifest.json': json({
      artifacts: {
        Shop: stack('Shop.template.json', {
          additionalMetadataFile: 'Shop.metadata.json',
          environment: 'aws://1/eu-west-1',
        }),
        'Shop.assets': { type: 'cdk:asset-manifest', properties: { file: 'Shop.assets.json' } },
      },
    }),
    'cdk.out/Shop.metadata.json': json({
      '/Shop/Read/Resource': [{ type: 'aws:cdk:logicalId', data: 'Read77' }],
      '/Shop/Nested/Deeper/Resource': [{ type: 'aws:cdk:logicalId', data: 'Read77' }],
    }),
    'cdk.out/Shop.assets.json': json({
      files: { bbb: { source: { path: 'asset.bbb' }, destinations: { here: { objectKey: 'bbb.zip' } } } },
    }),
    'cdk.out/Shop.template.json': json({ Resources: { Read77: lambda({ key: 'bbb.zip' }) } }),
  });
  const { project, problems } = await cdkLoader.load(join(root, 'cdk.out/manifest.json'), noOptions);
  expect(problems).toEqual([]);
  expect(project).toMatchObject({ root, name: 'Shop', region: 'eu-west-1' });
  expect(project.functions).toMatchObject([{ id: 'Read', codeRoot: join(root, 'cdk.out/asset.bbb') }]);
});

function stagedApp() {
  const template = (name: string) =>
    json({ Resources: { F1: lambda({ path: name, asset: '../asset.aaa' }) } });
  const assembly = (name: string) => ({
    type: 'cdk:cloud-assembly',
    properties: { directoryName: `assembly-${name}`, displayName: name },
  });
  const inner = (name: string) =>
    json({
      artifacts: {
        [`${name}Shop`]: {
          type: 'aws:cloudformation:stack',
          properties: { templateFile: 'Shop.template.json', stackName: `${name}-Shop` },
        },
      },
    });
  return folderWith({
    'cdk.out/asset.aaa/index.js': '',
    'cdk.out/manifest.json': json({ artifacts: { a: assembly('Dev'), b: assembly('Prod') } }),
    'cdk.out/assembly-Dev/manifest.json': inner('Dev'),
    'cdk.out/assembly-Dev/Shop.template.json': template('Dev/Shop/F/Resource'),
    'cdk.out/assembly-Prod/manifest.json': inner('Prod'),
    'cdk.out/assembly-Prod/Shop.template.json': template('Prod/Shop/F/Resource'),
  });
}

test('stacks of nested assemblies are told apart by their stage', async () => {
  const root = stagedApp();
  const { project } = await cdkLoader.load(join(root, 'cdk.out/manifest.json'), noOptions);
  expect(project.functions).toMatchObject([
    { id: 'Dev-Shop-F', name: 'Dev-Shop-F1', codeRoot: join(root, 'cdk.out/asset.aaa') },
    { id: 'Prod-Shop-F', name: 'Prod-Shop-F1' },
  ]);
});

test('the stage asked for chooses among the stages of the app', async () => {
  const file = join(stagedApp(), 'cdk.out/manifest.json');
  const { project } = await cdkLoader.load(file, { ...noOptions, stage: 'prod' });
  expect(project.functions.map(({ id, name }) => [id, name])).toEqual([['F', 'Prod-Shop-F1']]);
});

test("a function's handler of custom resources that the CDK brings along is left out; a missing asset is an error", async () => {
  const root = folderWith({
    'cdk.out/asset.aaa/index.js': '',
    'cdk.out/manifest.json': json({ artifacts: { Shop: stack('Shop.template.json') } }),
    'cdk.out/Shop.template.json': json({
      Resources: {
        Provider: lambda({
          path: 'Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler',
          asset: 'asset.aaa',
        }),
        Clean: {
          Type: 'Custom::S3AutoDeleteObjects',
          Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] } },
        },
        Mine: lambda({ path: 'Shop/Mine/Resource', asset: 'asset.gone' }),
      },
    }),
  });
  const { project, problems } = await cdkLoader.load(join(root, 'cdk.out/manifest.json'), noOptions);
  expect(project.functions.map(({ id }) => id)).toEqual(['Mine']);
  expect(linesOf(problems)).toEqual([
    expect.stringMatching(
      /^error code-not-found @\d+: the code folder "asset\.gone" of "Mine" does not exist$/,
    ),
  ]);
});

test('an app that was not synthesized and a manifest that is none are refused with a hint', async () => {
  const app = folderWith({ 'cdk.json': json({ output: 'dist/cdk' }) });
  await expect(cdkLoader.load(join(app, 'cdk.json'), noOptions)).rejects.toMatchObject({
    code: 'cdk-not-synthesized',
    message: expect.stringContaining(join(app, 'dist/cdk')),
    hint: expect.stringContaining('cdk synth'),
  });
  const wrong = folderWith({ 'manifest.json': json({ name: 'my web app' }) });
  await expect(cdkLoader.load(join(wrong, 'manifest.json'), noOptions)).rejects.toMatchObject({
    code: 'not-an-assembly',
  });
});

test('it finds the app by cdk.json, or its output alone', async () => {
  expect(await cdkLoader.detect(folderWith({ 'cdk.json': '{}' }))).toMatch(/cdk\.json$/);
  expect(await cdkLoader.detect(folderWith({ 'cdk.out/manifest.json': '{}' }))).toMatch(/manifest\.json$/);
  expect(await cdkLoader.detect(folderWith({ 'package.json': '{}' }))).toBeUndefined();
});

const proxy = (name: string) => ({
  type: 'aws_proxy',
  uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`,
});

test('images and API definitions that lie beside the templates are found without their metadata', async () => {
  const root = folderWith({
    'cdk.out/asset.img/Dockerfile.prod': 'FROM scratch',
    'cdk.out/asset.api.yaml': json({
      openapi: '3.0.1',
      paths: { '/a': { get: { 'x-amazon-apigateway-integration': proxy('img') } } },
    }),
    'cdk.out/manifest.json': json({
      artifacts: {
        Shop: stack('Shop.template.json'),
        'Shop.assets': { type: 'cdk:asset-manifest', properties: { file: 'Shop.assets.json' } },
      },
    }),
    'cdk.out/Shop.assets.json': json({
      files: {
        api: { source: { path: 'asset.api.yaml' }, destinations: { here: { objectKey: 'api.yaml' } } },
      },
      dockerImages: {
        img: {
          source: { directory: 'asset.img', dockerFile: 'Dockerfile.prod', dockerBuildArgs: { A: 'b' } },
          destinations: { here: { repositoryName: 'assets', imageTag: 'img' } },
        },
      },
    }),
    'cdk.out/Shop.template.json': json({
      Resources: {
        Img: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: 'img',
            PackageType: 'Image',
            Code: {
              ImageUri: { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.us-east-1.amazonaws.com/assets:img' },
            },
          },
        },
        Api: {
          Type: 'AWS::ApiGateway::RestApi',
          Properties: { BodyS3Location: { Bucket: 'assets', Key: 'api.yaml' } },
        },
      },
    }),
  });
  const { project, problems } = await cdkLoader.load(join(root, 'cdk.out', 'manifest.json'), noOptions);
  expect(problems).toEqual([]);
  expect(project.functions).toMatchObject([
    {
      id: 'Img',
      imageBuild: {
        ...{ context: join(root, 'cdk.out', 'asset.img'), dockerfile: 'Dockerfile.prod', args: { A: 'b' } },
      },
    },
  ]);
  expect(project.triggers).toMatchObject([{ kind: 'rest-api', functionId: 'Img', path: '/a' }]);
  expect(project.sources).toContain(join(root, 'cdk.out', 'asset.api.yaml'));
});

test('the account a stack is bound to is the one there is here, wherever the CDK wrote it out', async () => {
  const root = folderWith({
    'cdk.out/asset.fn/index.js': '',
    'cdk.out/manifest.json': json({
      artifacts: { Shop: stack('Shop.template.json', { environment: 'aws://123456789012/eu-west-1' }) },
    }),
    'cdk.out/Shop.template.json': json({
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
        Fn: lambda({ asset: 'asset.fn', env: { ID: '9123456789012', ACCOUNT: '123456789012' } }),
        Mapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            FunctionName: { Ref: 'Fn' },
            EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:work',
          },
        },
      },
    }),
  });
  const { project, problems } = await cdkLoader.load(join(root, 'cdk.out', 'manifest.json'), noOptions);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([{ queueArn: 'arn:aws:sqs:eu-west-1:000000000000:work' }]);
  expect(project.functions[0]?.env).toEqual({ ID: '9123456789012', ACCOUNT: '000000000000' });
});

test('functions of nested stacks are called by their constructs without path metadata too', async () => {
  const id = (data: string) => [{ type: 'aws:cdk:logicalId', data }];
  const root = folderWith({
    'cdk.out/asset.fn/index.js': '',
    'cdk.out/manifest.json': json({
      artifacts: {
        Top: stack('Top.template.json', {
          metadata: {
            '/Top/First.NestedStack/First.NestedStackResource': id('First1'),
            '/Top/First/Worker/Resource': id('Worker1'),
            '/Top/Second.NestedStack/Second.NestedStackResource': id('Second1'),
            '/Top/Second/Worker/Resource': id('Worker1'),
          },
        }),
      },
    }),
    'cdk.out/Top.template.json': json({
      Resources: {
        First1: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'nested.json' } },
        Second1: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'nested.json' } },
      },
    }),
    'cdk.out/nested.json': json({ Resources: { Worker1: lambda({ asset: 'asset.fn' }) } }),
  });
  const { project } = await cdkLoader.load(join(root, 'cdk.out', 'manifest.json'), noOptions);
  expect(project.functions.map((fn) => fn.id)).toEqual(['First-Worker', 'Second-Worker']);
});
