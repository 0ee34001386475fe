import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProject } from '../../../../src/loaders/load.ts';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import type { LoadOptions } from '../../../../src/model/project.ts';
import { loadWith, noOptions, temporaryProject } from '../temporary-project.ts';

const head = 'service: shop\nprovider:\n  name: aws\n  runtime: nodejs20.x\n';
const load = (yaml: string, options: Partial<LoadOptions> = {}, files: Record<string, string> = {}) =>
  loadWith(serverlessLoader, { 'serverless.yml': yaml, ...files }, options);

test('a function has the defaults of the framework', async () => {
  const { root, project, said } = await load(
    `${head}functions:\n  create:\n    handler: src/create.handler\n`,
  );
  expect(said).toEqual([]);
  expect(project).toEqual({
    name: 'shop',
    root,
    file: join(root, 'serverless.yml'),
    sources: [join(root, 'serverless.yml'), join(root, '.env'), join(root, '.env.dev')],
    stage: 'dev',
    region: 'us-east-1',
    accountId: '000000000000',
    functions: [
      {
        id: 'create',
        name: 'shop-dev-create',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-create',
        handler: 'src/create.handler',
        runtime: 'nodejs20.x',
        codeRoot: root,
        env: {},
        memoryMb: 1024,
        timeoutMs: 6000,
        architecture: 'x86_64',
        layers: [],
        external: [],
        place: { file: join(root, 'serverless.yml'), line: 6, column: 3 },
      },
    ],
    triggers: [],
    resources: [],
  });
});

test('the provider sets values for all functions, a function its own', async () => {
  const { root, project } = await load(`
service: { name: shop }
provider:
  name: aws
  runtime: python3.12
  stage: qa
  region: eu-west-1
  memorySize: 512
  timeout: 20
  architecture: arm64
  environment: { A: provider, B: 1, C: true, D: gone }
layers:
  shared: { path: layer }
functions:
  a:
    handler: a.main
  b:
    handler: b.main
    name: my-b
    description: the second
    runtime: nodejs22.x
    memorySize: 128
    ephemeralStorageSize: 2048
    timeout: 900
    architecture: x86_64
    reservedConcurrency: 2
    environment: { A: own, D: null }
    layers: [!Ref SharedLambdaLayer]
`);
  const [a, b] = project.functions;
  expect(a).toMatchObject({
    name: 'shop-qa-a',
    arn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-qa-a',
    runtime: 'python3.12',
    memoryMb: 512,
    timeoutMs: 20_000,
    architecture: 'arm64',
    env: { A: 'provider', B: '1', C: 'true', D: 'gone' },
    layers: [],
  });
  expect(b).toMatchObject({
    name: 'my-b',
    description: 'the second',
    runtime: 'nodejs22.x',
    memoryMb: 128,
    tmpMb: 2048,
    timeoutMs: 900_000,
    architecture: 'x86_64',
    reservedConcurrency: 2,
    layers: [join(root, 'layer')],
  });
  expect(b?.env).toEqual({ A: 'own', B: '1', C: 'true' });
});

test('the command line wins over stage and region of the file', async () => {
  const { project } = await load(
    `${head}  stage: qa\n  region: eu-west-1\nfunctions: { a: { handler: a.b, environment: { S: '\${sls:stage}-\${aws:region}' } } }`,
    { stage: 'prod', region: 'us-west-2' },
  );
  expect(project).toMatchObject({ stage: 'prod', region: 'us-west-2' });
  expect(project.functions[0]).toMatchObject({ name: 'shop-prod-a', env: { S: 'prod-us-west-2' } });
});

test('environment values may be functions of CloudFormation about own and generated resources', async () => {
  const { project, said } = await load(
    `${head}functions:
  send-mail_now:
    handler: a.b
  create:
    handler: a.b
    environment:
      TABLE: !Ref Orders
      TABLE_ARN: !GetAtt Orders.Arn
      QUEUE: !Ref Mails
      TEXT: !Sub "\${AWS::Region}/\${Mails.QueueName}/\${self:service}"
      OTHER: !Ref SendDashmailUnderscorenowLambdaFunction
      OTHER_ARN: !GetAtt SendDashmailUnderscorenowLambdaFunction.Arn
      LIST: !Join [',', [a, !Ref AWS::StackName]]
resources:
  - Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: orders-\${sls:stage}
          BillingMode: PAY_PER_REQUEST
          KeySchema: [{ AttributeName: id, KeyType: HASH }]
          AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
  - \${file(more.yml)}
`,
    {},
    {
      'more.yml':
        'Resources:\n  Mails:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: mails\n',
    },
  );
  expect(said).toEqual([]);
  expect(project.functions[1]?.env).toEqual({
    TABLE: 'orders-dev',
    TABLE_ARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders-dev',
    QUEUE: '${SLS_QUEUE_URL:mails}',
    TEXT: 'us-east-1/mails/shop',
    OTHER: 'shop-dev-send-mail_now',
    OTHER_ARN: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-send-mail_now',
    LIST: 'a,shop-dev',
  });
  expect(project.resources).toMatchObject([
    { kind: 'table', name: 'orders-dev', place: { line: 20 } },
    { kind: 'queue', name: 'mails', place: { file: expect.stringContaining('more.yml'), line: 2 } },
  ]);
});

test('functions may be a list of maps and files; each knows the file it stands in', async () => {
  const { root, project, said } = await load(
    `${head}functions:\n  - \${file(functions/orders.yml)}\n  - inline:\n      handler: i.h\n`,
    {},
    { 'functions/orders.yml': 'create:\n  handler: create.handler\nread:\n  handler: read.handler\n' },
  );
  expect(said).toEqual([]);
  expect(project.functions.map((fn) => [fn.id, fn.place?.file, fn.place?.line])).toEqual([
    ['create', join(root, 'functions/orders.yml'), 1],
    ['read', join(root, 'functions/orders.yml'), 3],
    ['inline', join(root, 'serverless.yml'), 7],
  ]);
  expect(project.sources).toContain(join(root, 'functions/orders.yml'));
});

test.each([
  [
    'serverless.json',
    '{"service":"shop","provider":{"name":"aws","runtime":"nodejs20.x"},"functions":{"a":{"handler":"a.b"}}}',
  ],
  [
    'serverless.js',
    'module.exports = { service: "shop", provider: { name: "aws", runtime: "nodejs20.x" }, functions: { a: { handler: "a.b" } } };',
  ],
  [
    'serverless.ts',
    'const config: { [key: string]: unknown } = { service: "shop", provider: { name: "aws", runtime: "nodejs20.x" }, functions: { a: { handler: "a.${sls:stage}" } } };\nmodule.exports = config;',
  ],
  [
    'serverless.mjs',
    'export default async () => ({ service: "shop", provider: { name: "aws", runtime: "nodejs20.x" }, functions: { a: { handler: "a.b" } } });',
  ],
])('%s is read too', async (name, text) => {
  const { project, said } = await loadWith(serverlessLoader, { [name]: text });
  expect(said).toEqual([]);
  expect(project.functions[0]).toMatchObject({ id: 'a', name: 'shop-dev-a' });
});

test('.env and .env.<stage> are there for variables; the shell wins; the plugin copies them into functions', async () => {
  const yaml = `${head}plugins: [serverless-dotenv-plugin]\ncustom: { dotenv: { exclude: [SECRET] } }\nfunctions: { a: { handler: a.b, environment: { X: '\${env:A}\${env:B}\${env:C}' } } }`;
  const files = { '.env': 'A=base\nB=base\nC=base\nSECRET=1', '.env.dev': 'B="stage"' };
  const { root, project, said } = await load(yaml, { env: { C: 'shell' } }, files);
  expect(said).toEqual([]);
  expect(project.functions[0]?.env).toEqual({ A: 'base', B: 'stage', C: 'base', X: 'basestageshell' });
  expect(project.sources).toEqual(expect.arrayContaining([join(root, '.env'), join(root, '.env.dev')]));
});

test('.env files there are not yet are sources too, as is a file that another one imports and that is broken', async () => {
  const { root, project } = await load(
    `${head}custom: \${file(a.js)}\n`,
    {},
    {
      'a.js': 'module.exports = require("./b.js");',
      'b.js': 'module.exports = {',
    },
  );
  expect(project.sources).toEqual(expect.arrayContaining([join(root, '.env'), join(root, '.env.dev')]));
  const loaded = await loadProject({ root, options: noOptions });
  expect(loaded.project.sources).toContain(join(root, 'b.js'));
});

test('what is broken in one function leaves the others alone', async () => {
  const { project, said } = await load(`${head}functions:
  good: { handler: a.b }
  future: { handler: a.b, runtime: nodejs99.x }
  nothing: {}
  text: hello
  huge: { handler: a.b, memorySize: 99999 }
  missing: \${file(nope.yml)}
`);
  expect(project.functions.map((fn) => fn.id)).toEqual(['good']);
  expect(said).toEqual([
    'error unknown-runtime functions.future.runtime:7 functions.future: unknown runtime "nodejs99.x"',
    'error missing-handler functions.nothing:8 functions.nothing has no handler',
    'error invalid-value functions.text:9 functions.text: expected a map with a handler, found "hello"',
    'error invalid-value functions.huge.memorySize:10 functions.huge.memorySize: expected a number from 128 to 10240, found 99999',
    'error unresolved-variable functions.missing:11 ${file(nope.yml)} has no value: nope.yml does not exist',
  ]);
});

test('an unknown runtime names the known ones', async () => {
  const { problems } = await load(`${head}functions: { a: { handler: a.b, runtime: python4 } }`);
  expect(problems[0]?.hint).toContain('python3.13');
});

test('a retired runtime is called so, with the nearest that is run', async () => {
  const { project, problems } = await load(
    `${head}functions: { a: { handler: a.b, runtime: nodejs10.x }, b: { handler: a.b, runtime: python3.6 } }`,
  );
  expect(project.functions).toMatchObject([{ id: 'b', runtime: 'python3.6' }]);
  expect(problems).toMatchObject([
    {
      ...{ code: 'retired-runtime', message: 'functions.a: retired runtime "nodejs10.x"' },
      hint: expect.stringMatching(/^the nearest that is run is nodejs12.x; others: nodejs12.x, /),
    },
  ]);
});

test('a variable without a value takes a variable away, not the function', async () => {
  const { project, said } = await load(`${head}functions:
  a:
    handler: a.b
    environment:
      KEY: \${ssm:/key}
      OK: fine
`);
  expect(project.functions[0]?.env).toEqual({ KEY: '<unresolved ssm:/key>', OK: 'fine' });
  expect(said).toEqual([
    expect.stringMatching(/^warning unresolved-variable functions.a.environment.KEY:9 /),
  ]);
});

test('unknown keys get a word and a guess; keys about the cloud only get none', async () => {
  const { problems, said } = await load(`${head}functon: {}
functions:
  a:
    handler: a.b
    timout: 3
    vpc: { subnetIds: [a] }
    tracing: Active
    tags: { a: b }
    role: r
    events:
      - httpApi: { path: /a, method: get, cors: true }
`);
  expect(said).toEqual([
    'warning unknown-key functon:5 "functon" is not a known key of this file',
    'warning unknown-key functions.a.timout:9 "timout" is not a known key of functions.a',
    'warning unknown-key functions.a.events[0].httpApi.cors:15 "cors" is not a known key of functions.a.events[0].httpApi',
  ]);
  expect(problems.map((problem) => problem.hint)).toEqual([
    'did you mean "functions"?',
    'did you mean "timeout"?',
    'check the spelling; it is not read',
  ]);
});

test('what would behave differently here is a warning with its place', async () => {
  const { project, said } = await load(`${head}plugins:
  - serverless-offline
  - serverless-something
functions:
  a:
    handler: a.b
    onError: arn:aws:events:us-east-1:1:x
    layers: [arn:aws:lambda:us-east-1:1:layer:x:1]
    environment: { AWS_REGION: here }
  b:
    image: repository/image:1
stepFunctions: {}
`);
  expect(project.functions.map((fn) => fn.id)).toEqual(['a', 'b']);
  expect(project.functions[0]?.env).toEqual({});
  expect(said.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'warning not-emulated stepFunctions:16',
    'warning unknown-plugin plugins[1]:7',
    'warning not-emulated functions.a.onError:11',
    'warning reserved-variable functions.a.environment.AWS_REGION:13',
    'warning not-emulated functions.a.layers:12',
  ]);
});

test('a provider other than aws is told, and its functions are left out', async () => {
  const { project, said } = await load(
    'service: x\nprovider:\n  name: google\nfunctions: { a: { handler: http } }',
  );
  expect(project.functions).toEqual([]);
  expect(said).toEqual([
    'error unsupported-provider provider.name:3 the provider "google" is not supported; its functions are left out',
  ]);
});

test('a function whose condition is false is not there', async () => {
  const { project } = await load(`${head}functions:
  a: { handler: a.b, condition: IsProd }
  b: { handler: a.b }
resources:
  Conditions:
    IsProd: !Equals ['\${sls:stage}', prod]
`);
  expect(project.functions.map((fn) => fn.id)).toEqual(['b']);
});

test('a file that is no map is no project', async () => {
  const root = temporaryProject({ 'serverless.yml': '- a\n- b\n', 'serverless.ts': 'export default 3;' });
  for (const name of ['serverless.yml', 'serverless.ts'])
    await expect(serverlessLoader.load(join(root, name), noOptions)).rejects.toMatchObject({
      code: 'project-invalid',
      file: join(root, name),
      line: 1,
    });
});

test('a function from an image is built from the context its name stands for, or takes the image there is', async () => {
  const { root, project, said } = await load(`service: shop
provider:
  name: aws
  ecr:
    images:
      base: { path: ./app, file: Dockerfile.dev, buildArgs: { A: b } }
      there: registry/shop:2
functions:
  built: { image: { name: base, command: [app.handler] } }
  named: { image: there }
  direct: { image: registry/other:1 }
`);
  expect(said).toEqual([]);
  expect(project.functions).toMatchObject([
    {
      id: 'built',
      handler: 'app.handler',
      image: 'sls-local-functions/built',
      imageBuild: { context: join(root, 'app'), dockerfile: 'Dockerfile.dev', args: { A: 'b' } },
      imageSettings: { command: ['app.handler'] },
    },
    { id: 'named', image: 'registry/shop:2' },
    { id: 'direct', image: 'registry/other:1' },
  ]);
});

test('a function without a runtime runs on the one the framework takes, and that is said', async () => {
  const { project, said } = await load(
    'service: shop\nprovider: { name: aws }\nfunctions:\n  create:\n    handler: src/create.handler\n',
  );
  expect(project.functions.map(({ runtime }) => runtime)).toEqual(['nodejs20.x']);
  expect(said).toEqual([expect.stringContaining('provider.runtime is not set: nodejs20.x is used')]);
});

test('variables Lambda refuses for their name or size are told, and given to the function all the same', async () => {
  const { project, said } = await load(`service: x
provider: { name: aws, runtime: nodejs20.x }
functions:
  a:
    handler: a.handler
    environment: { _MINE: one, BIG: ${'x'.repeat(4100)} }
`);
  expect(project.functions[0]?.env).toMatchObject({ _MINE: 'one' });
  expect(said).toEqual([
    'warning variable-name functions.a.environment._MINE:6 Lambda refuses a function with a variable named "_MINE"',
    expect.stringMatching(
      /^warning environment-size functions\.a\.environment:6 the variables take 41\d\d bytes; Lambda refuses a function with more than 4096/,
    ),
  ]);
});

test('with serverless-pseudo-parameters texts hold references in hashes; without it they are texts', async () => {
  const yaml = (plugins: string) => `service: shop
provider: { name: aws, runtime: nodejs20.x }
${plugins}
functions:
  fn:
    handler: a.b
    environment: { ARN: 'arn:aws:sns:#{AWS::Region}:#{AWS::AccountId}:news', TABLE: '#{Orders}-#{Orders.Arn}' }
resources:
  Resources:
    Orders: { Type: AWS::SNS::Topic, Properties: { TopicName: orders } }
`;
  const env = async (plugins: string) => {
    const { project, said } = await loadWith(serverlessLoader, { 'serverless.yml': yaml(plugins) });
    expect(said).toEqual([]);
    return project.functions[0]?.env;
  };
  const arn = 'arn:aws:sns:us-east-1:000000000000';
  expect(await env('plugins: [serverless-pseudo-parameters]')).toEqual({
    ARN: `${arn}:news`,
    TABLE: `${arn}:orders-${arn}:orders`,
  });
  expect(await env('')).toEqual({
    ARN: 'arn:aws:sns:#{AWS::Region}:#{AWS::AccountId}:news',
    TABLE: '#{Orders}-#{Orders.Arn}',
  });
});

test('functions refer to state machines of a plugin, by the ids it gives', async () => {
  const { project, said } = await loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs20.x }
stepFunctions:
  stateMachines:
    ship: { definition: {} }
    pay: { name: 'pay-\${sls:stage}', definition: {} }
    bill: { id: Billing, name: bill, definition: {} }
functions:
  fn:
    handler: a.b
    environment: { SHIP: !Ref ShipStepFunctionsStateMachine, PAY: !Ref PayDashdev, BILL: !GetAtt Billing.Name }
`,
  });
  expect(said).toEqual([expect.stringContaining('stepFunctions belongs to a plugin')]);
  const arn = 'arn:aws:states:us-east-1:000000000000:stateMachine';
  expect(project.functions[0]?.env).toEqual({
    SHIP: `${arn}:shop-dev-ShipStepFunctionsStateMachine`,
    PAY: `${arn}:pay-dev`,
    BILL: 'bill',
  });
});
