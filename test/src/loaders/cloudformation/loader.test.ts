import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudFormationLoader } from '../../../../src/loaders/cloudformation/loader.ts';
import { SlsError } from '../../../../src/std/errors.ts';
import { folderWith, loadTemplate, noOptions } from './project-on-disk.ts';

test('a function merges the globals: maps merge, lists follow each other, its own values win', async () => {
  const { project, problems, folder } = await loadTemplate(
    `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs22.x
    Timeout: 10
    MemorySize: 256
    EphemeralStorage: { Size: 1024 }
    Architectures: [arm64]
    Layers: [!Ref Base]
    Environment: { Variables: { A: global, B: global } }
Resources:
  Base: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layers/base } }
  More: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layers/more } }
  Create:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [app.ts], External: [sharp] } }
    Properties:
      CodeUri: src/
      Handler: app.handler
      Timeout: 20
      Description: Makes orders
      ReservedConcurrentExecutions: 3
      Layers: [!Ref More]
      Environment: { Variables: { B: own, C: !Sub 'in \${AWS::Region}', N: 5, T: true } }
`,
    { 'layers/base/x': '', 'layers/more/x': '' },
    { region: 'eu-west-1' },
  );
  expect(problems).toEqual([]);
  const name = `${project.name}-Create`;
  expect(project.functions).toEqual([
    {
      id: 'Create',
      name,
      arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`,
      handler: 'app.handler',
      runtime: 'nodejs22.x',
      codeRoot: join(folder, 'src'),
      env: { A: 'global', B: 'own', C: 'in eu-west-1', N: '5', T: 'true' },
      memoryMb: 256,
      tmpMb: 1024,
      timeoutMs: 20_000,
      architecture: 'arm64',
      layers: [join(folder, 'layers/base'), join(folder, 'layers/more')],
      reservedConcurrency: 3,
      external: ['sharp'],
      description: 'Makes orders',
      place: { file: join(folder, 'template.yaml'), line: 15, column: 3 },
    },
  ]);
});

test('a size of /tmp that Lambda would refuse is told, and the usual one taken', async () => {
  const { project, problems } = await loadTemplate(`
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: src, Handler: a.b, Runtime: python3.13, EphemeralStorage: { Size: 100 } }
`);
  expect(project.functions[0]?.tmpMb).toBeUndefined();
  expect(problems).toMatchObject([
    {
      code: 'invalid-value',
      message: 'EphemeralStorage.Size of function "F" is "100", not a number from 512 to 10240',
    },
  ]);
});

test('without globals a function has what Lambda gives it', async () => {
  const { project } = await loadTemplate(`
Resources:
  F: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: a.b, Runtime: python3.13 } }
`);
  expect(project.functions).toMatchObject([
    { memoryMb: 128, timeoutMs: 3_000, architecture: 'x86_64', env: {}, layers: [], external: [] },
  ]);
});

const api = (events: string, rest = '', globals = '') => `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs22.x, CodeUri: src, Handler: app.handler }${globals} }
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Events:
${events}
${rest}
`;

test('events of the implicit APIs become routes with the settings of the globals', async () => {
  const { project, problems } = await loadTemplate(
    api(
      `
        Get: { Type: Api, Properties: { Path: '/orders/{id}', Method: get } }
        Any: { Type: Api, Properties: { Path: '/{proxy+}', Method: any, TimeoutInMillis: 5000 } }
        Post: { Type: HttpApi, Properties: { Path: /orders, Method: POST } }
        Old: { Type: HttpApi, Properties: { Path: /old, Method: '*', PayloadFormatVersion: '1.0' } }
        Rest: { Type: HttpApi }`,
      '',
      `, Api: { BinaryMediaTypes: [image~1png], Cors: "'*'" }, HttpApi: { CorsConfiguration: { AllowOrigins: ['https://a'], AllowMethods: [GET], MaxAge: 60 } }`,
    ),
  );
  expect(problems).toEqual([]);
  const cors = { allowHeaders: [], exposeHeaders: [], allowCredentials: false };
  const restApi = { kind: 'rest-api', stage: 'Prod', binaryMediaTypes: ['image/png'] };
  const httpCors = { ...cors, allowOrigins: ['https://a'], allowMethods: ['GET'], maxAgeSeconds: 60 };
  const httpApi = { kind: 'http-api', timeoutMs: 30_000, cors: httpCors };
  expect(project.triggers).toMatchObject([
    {
      ...restApi,
      method: 'GET',
      path: '/orders/{id}',
      timeoutMs: 29_000,
      cors: { ...cors, allowOrigins: ['*'], allowMethods: ['GET', 'OPTIONS'] },
    },
    { ...restApi, method: 'ANY', path: '/{proxy+}', timeoutMs: 5_000 },
    { ...httpApi, method: 'POST', path: '/orders', payloadFormat: '2.0' },
    { ...httpApi, method: 'ANY', path: '/old', payloadFormat: '1.0' },
    { ...httpApi, method: 'ANY', path: '$default' },
  ]);
});

test('events of an explicit API take its stage and its CORS', async () => {
  const { project } = await loadTemplate(
    api(
      `        Get: { Type: Api, Properties: { Path: /x, Method: get, RestApiId: !Ref Shop } }`,
      `
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref AWS::Region
      Cors: { AllowOrigin: "'https://a'", AllowHeaders: "'X-A,X-B'", AllowMethods: "'GET'", AllowCredentials: true, MaxAge: "'600'" }`,
    ),
  );
  expect(project.triggers).toMatchObject([
    {
      stage: 'us-east-1',
      cors: {
        allowOrigins: ['https://a'],
        allowHeaders: ['X-A', 'X-B'],
        allowMethods: ['GET'],
        allowCredentials: true,
        maxAgeSeconds: 600,
      },
    },
  ]);
});

test('queues, schedules and function URLs become triggers', async () => {
  const { project, problems } = await loadTemplate(
    api(
      `
        Jobs: { Type: SQS, Properties: { Queue: !GetAtt Q.Arn, BatchSize: 3, MaximumBatchingWindowInSeconds: 2, FunctionResponseTypes: [ReportBatchItemFailures], ScalingConfig: { MaximumConcurrency: 4 } } }
        Often: { Type: Schedule, Properties: { Schedule: rate(5 minutes), Input: '{"a":1}', Enabled: false } }
        Nightly: { Type: ScheduleV2, Properties: { Name: nightly, ScheduleExpression: cron(0 3 * * ? *), ScheduleExpressionTimezone: Europe/Berlin } }
      FunctionUrlConfig: { AuthType: NONE, InvokeMode: RESPONSE_STREAM, Cors: { AllowOrigins: ['*'] } }`,
      '  Q: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs } }',
    ),
  );
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([
    {
      kind: 'queue',
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
      batchSize: 3,
      batchWindowMs: 2_000,
      reportBatchItemFailures: true,
      maximumConcurrency: 4,
      enabled: true,
    },
    {
      kind: 'schedule',
      name: `${project.name}-FOften`,
      expression: 'rate(5 minutes)',
      timezone: 'UTC',
      input: '{"a":1}',
      enabled: false,
    },
    { kind: 'function-url', functionId: 'F', streams: true, cors: { allowOrigins: ['*'] } },
  ]);
});

test('events that are not emulated and wrong events are named with their lines', async () => {
  const { project, lines } = await loadTemplate(
    api(`        Up: { Type: Cognito, Properties: { UserPool: !ImportValue Nowhere, Trigger: PreSignUp } }
        Ok: { Type: Api, Properties: { Path: /ok, Method: get, Auth: { Authorizer: AWS_IAM } } }
        Odd: { Type: Smoke, Properties: {} }
        Bad: { Type: Api, Properties: { Path: /x, Method: fetch } }
        When: { Type: Schedule, Properties: { Schedule: daily } }`),
  );
  expect(project.triggers).toMatchObject([{ path: '/ok', authorizer: { kind: 'iam' } }]);
  expect(lines).toEqual([
    'error unknown-event @11: event "Odd" of function "F" has the unknown type "Smoke"',
    'error invalid-event @12: event "Bad" of function "F" has the method "fetch" and the path "/x"',
    "error invalid-schedule @13: the schedule expression 'daily' is not valid: it is none of rate(…), cron(…), at(…)",
    'warning not-emulated @9: event "Up" (Cognito) of function "F" is not emulated',
  ]);
});

test('an error in one function leaves the others alone', async () => {
  const { project, lines } = await loadTemplate(`
Resources:
  Runtime: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: a.b, Runtime: nodejs9.x } }
  Handler: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Runtime: nodejs22.x } }
  Bucket: { Type: AWS::Lambda::Function, Properties: { Code: { S3Bucket: b, S3Key: k }, Handler: a.b, Runtime: nodejs22.x } }
  Image: { Type: AWS::Serverless::Function, Properties: { PackageType: Image } }
  Folder: { Type: AWS::Serverless::Function, Properties: { CodeUri: nowhere, Handler: a.b, Runtime: nodejs22.x } }
  Typeless: { Properties: {} }
  Empty:
  Good: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: a.b, Runtime: nodejs22.x, Enviroment: {} } }
`);
  expect(project.functions.map(({ id }) => id)).toEqual(['Folder', 'Good']);
  expect(lines.map((line) => line.replace(/:.*/, ''))).toEqual([
    'error invalid-resource @8',
    'error invalid-resource @9',
    'error unknown-runtime @3',
    'error missing-handler @4',
    'error code-not-local @5',
    'error missing-image @6',
    'error code-not-found @7',
    'warning unknown-property @10',
  ]);
});

test('resources that wait for each other are an error that names the circle', async () => {
  const fn = (name: string, other: string) =>
    `  ${name}: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: a.b, Runtime: nodejs22.x, Environment: { Variables: { OTHER: !Ref ${other} } } } }`;
  const { lines } = await loadTemplate(`Resources:\n${fn('A', 'B')}\n${fn('B', 'A')}\n`);
  expect(lines).toEqual(['error circular-reference @2: resources wait for each other: A → B → A']);
});

test('code in the template is written where it can be built, and only when it changes', async () => {
  const { project, folder } = await loadTemplate(`
Resources:
  Js: { Type: AWS::Lambda::Function, Properties: { Handler: index.handler, Runtime: nodejs22.x, Code: { ZipFile: 'exports.handler = async () => 1;' } } }
  Py: { Type: AWS::Serverless::Function, Properties: { Handler: index.f, Runtime: python3.13, InlineCode: 'def f(e, c): return 1' } }
`);
  const inline = join(folder, '.sls-local', 'inline');
  expect(project.functions.map(({ codeRoot }) => codeRoot)).toEqual([join(inline, 'Js'), join(inline, 'Py')]);
  expect(readFileSync(join(inline, 'Js', 'index.js'), 'utf8')).toBe('exports.handler = async () => 1;');
  expect(existsSync(join(inline, 'Py', 'index.py'))).toBe(true);

  const written = () => statSync(join(inline, 'Js', 'index.js'), { bigint: true }).mtimeNs;
  const before = written();
  await cloudFormationLoader.load(project.file, noOptions);
  expect(written()).toBe(before);
});

test('routes of an OpenAPI definition, inline or in a file, become triggers', async () => {
  const { project, problems } = await loadTemplate(
    `
Resources:
  F: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: a.b, Runtime: nodejs22.x } }
  Inline:
    Type: AWS::Serverless::HttpApi
    Properties:
      DefinitionBody:
        openapi: 3.0.1
        paths:
          /in:
            get: { x-amazon-apigateway-integration: { type: aws_proxy, payloadFormatVersion: '2.0', uri: !Sub '\${F.Arn}' } }
  File: { Type: AWS::Serverless::Api, Properties: { StageName: v1, DefinitionUri: api.yaml } }
`,
    {
      'api.yaml': `
paths:
  /file:
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration:
        type: aws_proxy
        uri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${F.Arn}/invocations
`,
    },
  );
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([
    { kind: 'http-api', functionId: 'F', method: 'GET', path: '/in', payloadFormat: '2.0' },
    { kind: 'rest-api', functionId: 'F', method: 'ANY', path: '/file', stage: 'v1' },
  ]);
  expect(project.sources.some((file) => file.endsWith('api.yaml'))).toBe(true);
});

test('files a template names or may have are sources also where they are missing', async () => {
  const { project } = await loadTemplate(`
Resources:
  Data: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: data.yaml } }
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: v1, DefinitionUri: late/api.yaml } }
`);
  const { root } = project;
  const expected = ['data.yaml', 'late/api.yaml', 'samconfig.toml'].map((name) => join(root, name));
  expect(project.sources).toEqual(expect.arrayContaining(expected));
});

test('nested stacks take parameters and give outputs', async () => {
  const { project, problems } = await loadTemplate(
    `
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: data.yaml, Parameters: { Prefix: !Ref AWS::StackName } }
  F:
    Type: AWS::Serverless::Function
    Properties:
      { CodeUri: src, Handler: a.b, Runtime: nodejs22.x, Environment: { Variables: { TABLE: !GetAtt Data.Outputs.Table } } }
`,
    {
      'data.yaml': `
Parameters: { Prefix: { Type: String } }
Resources:
  T:
    Type: AWS::Serverless::SimpleTable
    Properties: { TableName: !Sub '\${Prefix}-orders' }
  F: { Type: AWS::Serverless::Function, Properties: { CodeUri: src, Handler: a.b, Runtime: nodejs22.x } }
Outputs: { Table: { Value: !Ref T } }
`,
    },
    {},
  );
  expect(problems).toEqual([]);
  expect(project.resources.map(({ name }) => name)).toEqual([`${project.name}-orders`]);
  expect(project.functions.map(({ id, name }) => [id, name])).toEqual([
    ['F', `${project.name}-F`],
    ['Data-F', `${project.name}-Data-F`],
  ]);
  expect(project.functions[0]?.env).toEqual({ TABLE: `${project.name}-orders` });
});

test('a broken nested template is a problem of its own', async () => {
  const { project, problems } = await loadTemplate(
    `
Resources:
  Data: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: data.yaml } }
  Q: { Type: AWS::SQS::Queue }
`,
    { 'data.yaml': 'Resources: [' },
  );
  expect(project.resources).toHaveLength(1);
  expect(problems).toMatchObject([
    { severity: 'error', code: 'project-syntax', place: { file: expect.stringMatching(/data\.yaml$/) } },
    { severity: 'warning', code: 'not-emulated' },
  ]);
});

test('loops of the language extensions are unrolled', async () => {
  const { project, problems } = await loadTemplate(
    `
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters: { Names: { Type: CommaDelimitedList, Default: 'orders,e-mails' } }
Resources:
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - Queue&{Name}:
        Type: AWS::SQS::Queue
        Properties: { QueueName: !Sub 'q-\${Name}' }
`,
  );
  expect(problems).toEqual([]);
  expect(project.resources.map(({ name }) => name)).toEqual(['q-orders', 'q-e-mails']);
});

test('a loop that is none is told where it stands, and the rest is loaded', async () => {
  const { project, lines } = await loadTemplate(`
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Short: [Name, [a, b]]
  Fn::ForEach::Text: [Name, a, { 'Q\${Name}': { Type: AWS::SQS::Queue } }]
  Q:
    Type: AWS::SQS::Queue
    Properties: { Fn::ForEach::Inner: { Name: a }, QueueName: q }
`);
  expect(project.resources.map(({ name }) => name)).toEqual(['q']);
  expect(lines).toEqual([
    'error invalid-function @4: Fn::ForEach::Short wants a list of a name, a collection and a map, not ["Name",["a","b"]]',
    'error invalid-function @5: Fn::ForEach::Text goes over a list of texts, not over "a"',
    'error invalid-function @8: Fn::ForEach::Inner wants a list of a name, a collection and a map, not {"Name":"a"}',
  ]);
});

test('stack name, region and parameters come from samconfig.toml, and the command line wins', async () => {
  const template = `
Parameters: { Stage: { Type: String }, Size: { Type: Number } }
Resources:
  Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub '\${AWS::StackName}-\${Stage}-\${Size}' } }
`;
  const config = `
version = 0.1
[default.deploy.parameters]
stack_name = "sam-app"
region = "eu-central-1"
parameter_overrides = "Stage=\\"dev stage\\" Size=5"
`;
  const plain = await loadTemplate(template, { 'samconfig.toml': config });
  expect(plain.problems).toEqual([]);
  expect(plain.project).toMatchObject({ name: 'sam-app', region: 'eu-central-1' });
  expect(plain.project.resources[0]?.name).toBe('sam-app-dev stage-5');

  const given = await loadTemplate(
    template,
    { 'samconfig.toml': config },
    { parameters: { Stage: 'x' }, region: 'eu-west-1' },
  );
  expect(given.project.region).toBe('eu-west-1');
  expect(given.project.resources[0]?.name).toBe('sam-app-x-5');
});

test('what is no template is refused with file, line and a hint', async () => {
  for (const [text, message] of [
    ['- a\n', 'a list'],
    ['service: shop\n', 'it has service'],
    ['Resources:\n', 'empty'],
  ] as const) {
    const file = join(folderWith({ 'template.yaml': text }), 'template.yaml');
    const failure = await cloudFormationLoader.load(file, noOptions).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(SlsError);
    expect(failure).toMatchObject({
      code: 'not-a-template',
      file,
      line: 1,
      message: expect.stringContaining(message),
    });
  }
});

test('it finds template.yaml, .yml and .json, and ignores what sam build made', async () => {
  expect(await cloudFormationLoader.detect(folderWith({ 'template.yml': '' }))).toMatch(/template\.yml$/);
  expect(await cloudFormationLoader.detect(folderWith({ 'template.json': '' }))).toMatch(/template\.json$/);
  expect(
    await cloudFormationLoader.detect(folderWith({ '.aws-sam/build/template.yaml': '' })),
  ).toBeUndefined();
});

test('a key that stands twice is a warning, and the later one counts', async () => {
  const { project, lines } = await loadTemplate(`
Resources:
  Create:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: old.handler
      CodeUri: src/
      Handler: app.handler
`);
  expect(project.functions.map(({ handler }) => handler)).toEqual(['app.handler']);
  expect(lines).toEqual([
    'warning repeated-key @9: "Handler" stands twice in this map: the later one counts',
  ]);
});
