import { expect, test } from 'vitest';
import { queueUrlToken } from '../../../../src/model/project.ts';
import { linesOf, loadTemplate, parsed } from './project-on-disk.ts';

const resources = `
Resources:
  Orders: { Type: AWS::DynamoDB::Table, Properties: { TableName: orders } }
  Jobs: { Type: AWS::SQS::Queue }
  Fifo: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }
  Topic: { Type: AWS::SNS::Topic }
  Files: { Type: AWS::S3::Bucket }
  Create: { Type: AWS::Lambda::Function, Properties: { FunctionName: !Sub '\${AWS::StackName}-create' } }
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Create, Name: live } }
`;

test('Ref of a resource gives what the service itself gives', () => {
  const { value } = parsed(`${resources}
Values:
  table: !Ref Orders
  queue: !Ref Jobs
  fifo: !Ref Fifo
  topic: !Ref Topic
  bucket: !Ref Files
  function: !Ref Create
  alias: !Ref Live
`);
  expect(value('table')).toBe('orders');
  expect(value('queue')).toBe(queueUrlToken('shop-Jobs'));
  expect(value('fifo')).toBe(queueUrlToken('shop-Fifo.fifo'));
  expect(value('topic')).toBe('arn:aws:sns:eu-west-1:000000000000:shop-Topic');
  expect(value('bucket')).toBe('shop-files');
  expect(value('function')).toBe('shop-create');
  expect(value('alias')).toBe('arn:aws:lambda:eu-west-1:000000000000:function:shop-create:live');
});

test('Fn::GetAtt takes the short form, the list form and the dotted text of JSON', () => {
  const { value, problems } = parsed(`${resources}
Values:
  short: !GetAtt Jobs.Arn
  list: { Fn::GetAtt: [Jobs, QueueName] }
  text: { Fn::GetAtt: Orders.StreamArn }
  domain: !GetAtt Files.RegionalDomainName
`);
  expect(value('short')).toBe('arn:aws:sqs:eu-west-1:000000000000:shop-Jobs');
  expect(value('list')).toBe('shop-Jobs');
  expect(value('text')).toMatch(/^arn:aws:dynamodb:eu-west-1:000000000000:table\/orders\/stream\//);
  expect(value('domain')).toBe('shop-files.s3.eu-west-1.amazonaws.com');
  expect(problems).toEqual([]);
});

test('pseudo parameters follow the region', () => {
  const { value } = parsed(`
Values:
  all: [!Ref AWS::Region, !Ref AWS::AccountId, !Ref AWS::StackName, !Ref AWS::Partition, !Ref AWS::URLSuffix]
`);
  expect(value('all')).toEqual(['eu-west-1', '000000000000', 'shop', 'aws', 'amazonaws.com']);
});

test('Fn::Sub fills names, attributes and its own variables, and leaves literals', () => {
  const { value } = parsed(`${resources}
Values:
  plain: !Sub 'arn:\${AWS::Partition}:\${Orders} \${Jobs.Arn} \${!Literal}'
  variables: !Sub ['\${Name}-\${Orders}', { Name: !Select [1, [a, b]] }]
  number: !Sub ['\${Count}', { Count: 5 }]
`);
  expect(value('plain')).toBe('arn:aws:orders arn:aws:sqs:eu-west-1:000000000000:shop-Jobs ${Literal}');
  expect(value('variables')).toBe('b-orders');
  expect(value('number')).toBe('5');
});

test('the functions of texts and lists nest', () => {
  const { value, problems } = parsed(`
Parameters: { Names: { Type: CommaDelimitedList, Default: 'a, b,c' } }
Values:
  join: !Join ['-', [x, !Ref AWS::Region, 1]]
  split: !Select [1, !Split [':', 'a:b:c']]
  names: !Ref Names
  joined: !Join ['+', !Ref Names]
  base: !Base64 hello
  zones: !GetAZs ''
  zone: !Select ['0', !GetAZs { Ref: AWS::Region }]
  length: { Fn::Length: !Ref Names }
  json: { Fn::ToJsonString: { a: !Ref AWS::Region } }
  cidr: !Cidr [10.0.0.0/16, 2, 8]
`);
  expect(value('join')).toBe('x-eu-west-1-1');
  expect(value('split')).toBe('b');
  expect(value('names')).toEqual(['a', 'b', 'c']);
  expect(value('joined')).toBe('a+b+c');
  expect(value('base')).toBe('aGVsbG8=');
  expect(value('zones')).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
  expect(value('zone')).toBe('eu-west-1a');
  expect(value('length')).toBe(3);
  expect(value('json')).toBe('{"a":"eu-west-1"}');
  expect(value('cidr')).toEqual(['10.0.0.0/24', '10.0.1.0/24']);
  expect(problems).toEqual([]);
});

test('AWS::NoValue takes keys and items away', () => {
  const { value } = parsed(`
Values: { map: { keep: 1, drop: !Ref AWS::NoValue, list: [1, !Ref AWS::NoValue, 2] } }
`);
  expect(value('map')).toEqual({ keep: 1, list: [1, 2] });
});

test('mappings answer by key, or with the default value', () => {
  const { value, problems } = parsed(`
Mappings: { Sizes: { eu-west-1: { memory: 512 } } }
Values:
  found: !FindInMap [Sizes, !Ref AWS::Region, memory]
  fallback: { Fn::FindInMap: [Sizes, mars, memory, { DefaultValue: 128 }] }
  missing: !FindInMap [Sizes, mars, memory]
`);
  expect(value('found')).toBe(512);
  expect(value('fallback')).toBe(128);
  expect(value('missing')).toBe('');
  expect(linesOf(problems)).toEqual([
    'error invalid-function @6: Fn::FindInMap finds nothing at Sizes.mars.memory of Mappings',
  ]);
});

test('conditions choose values and remove resources', () => {
  const { value, intrinsics } = parsed(
    `
Parameters: { Stage: { Type: String, Default: dev } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Either: !Or [!Condition IsProd, !Equals [a, b]]
  Both: !And [!Condition IsProd, !Equals [1, '1']]
Resources:
  Only: { Type: AWS::SQS::Queue, Condition: IsProd }
  Never: { Type: AWS::SQS::Queue, Condition: IsDev }
Values:
  chosen: !If [Either, yes, no]
  nested: !If [Both, !If [IsDev, 1, 2], 3]
`,
    { Stage: 'prod' },
  );
  expect(intrinsics.resources.map(({ id }) => id)).toEqual(['Only']);
  expect(value('chosen')).toBe('yes');
  expect(value('nested')).toBe(2);
  expect(intrinsics.condition('IsDev')).toBe(false);
});

test('the key Condition of a policy is no function', () => {
  const { value } = parsed('Values: { statement: { Condition: { Bool: { x: true } } } }');
  expect(value('statement')).toEqual({ Condition: { Bool: { x: true } } });
});

test('an import nobody exports is an error with its place, and a placeholder', () => {
  const { value, problems } = parsed(`
Values:
  vpc: !ImportValue NetworkVpc
`);
  expect(value('vpc')).toContain('NetworkVpc');
  expect(problems).toMatchObject([
    {
      severity: 'error',
      code: 'unresolved-import',
      hint: expect.stringContaining('parameter'),
      place: { file: '/project/template.yaml', line: 3 },
      subject: 'Values.vpc',
    },
  ]);
});

test('a reference to nothing names what was probably meant', () => {
  const { value, problems } = parsed(`${resources}
Values: { wrong: !Ref Order }
`);
  value('wrong');
  expect(problems).toMatchObject([{ code: 'unresolved-reference', hint: 'did you mean "Orders"?' }]);
});

test('a reference to a resource whose condition is false is an error', () => {
  const { value, problems } = parsed(`
Conditions: { No: !Equals [a, b] }
Resources: { Gone: { Type: AWS::SQS::Queue, Condition: No } }
Values: { gone: !GetAtt Gone.Arn }
`);
  value('gone');
  expect(problems).toMatchObject([{ code: 'unresolved-reference', hint: expect.stringContaining('Fn::If') }]);
});

test('conditions and names that go in circles are errors that name the circle', () => {
  const { intrinsics, problems } = parsed(`
Conditions: { A: !Not [!Condition B], B: !Not [!Condition A] }
Resources:
  One: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub '\${Two}-x' } }
  Two: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub '\${One}-y' } }
`);
  intrinsics.condition('A');
  intrinsics.physicalName('One');
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    ['circular-reference', 'conditions refer to each other: A → B → A'],
    ['circular-reference', 'the names of resources refer to each other: One → Two → One'],
  ]);
});

test('references to stored values are kept as text, with a warning outside of environments', () => {
  const { value, problems } = parsed(`Values: { secret: 'x-{{resolve:ssm:/db/password:1}}' }`);
  expect(value('secret')).toBe('x-{{resolve:ssm:/db/password:1}}');
  expect(problems).toMatchObject([{ severity: 'warning', code: 'not-emulated' }]);
});

test('arguments of the wrong form are errors, not crashes', () => {
  const { value, problems } = parsed(`
Values:
  join: !Join [1]
  select: !Select [5, [a]]
  sub: !Sub [1, 2]
  condition: !If [Nowhere, 1, 2]
  unknown: { Fn::Frobnicate: 1 }
`);
  for (const name of ['join', 'select', 'sub', 'condition', 'unknown']) value(name);
  expect(problems.map(({ code }) => code)).toEqual([
    'invalid-function',
    'invalid-function',
    'invalid-function',
    'unresolved-reference',
    'invalid-function',
  ]);
});

test('generated names fit the service and stay the same', () => {
  const id = 'VeryLongLogicalIdOfAFunctionThatGoesOnAndOnAndOnAndOnAndOnAndOn';
  const text = `Resources: { ${id}: { Type: AWS::Lambda::Function } }`;
  const name = parsed(text).intrinsics.physicalName(id);
  expect(name).toHaveLength(64);
  expect(parsed(text).intrinsics.physicalName(id)).toBe(name);
});

test('a function nobody knows is an error in both forms, with its line', async () => {
  const { lines } = await loadTemplate(`
Resources:
  Short: { Type: AWS::SQS::Queue, Properties: { QueueName: !Bogus x } }
  Long: { Type: AWS::SQS::Queue, Properties: { QueueName: { 'Fn::Bogus': x } } }
`);
  const message = '"Fn::Bogus" is not a function a value can be made with';
  expect(lines).toEqual([
    expect.stringContaining(`@3: ${message}`),
    expect.stringContaining(`@4: ${message}`),
  ]);
});
