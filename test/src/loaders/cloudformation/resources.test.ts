import { expect, test } from 'vitest';
import { lowerResources } from '../../../../src/loaders/cloudformation/resources.ts';
import { linesOf, loadTemplate, parsed } from './project-on-disk.ts';

function lowered(text: string) {
  const { template, intrinsics, report, problems } = parsed(text);
  return { resources: lowerResources(template, intrinsics, report), problems };
}

test('a table keeps its keys, indexes, stream and time to live', () => {
  const { resources, problems } = lowered(`
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - { AttributeName: pk, AttributeType: S }
        - { AttributeName: sk, AttributeType: N }
        - { AttributeName: owner, AttributeType: B }
      KeySchema: [{ AttributeName: pk, KeyType: HASH }, { AttributeName: sk, KeyType: RANGE }]
      GlobalSecondaryIndexes:
        - IndexName: byOwner
          KeySchema: [{ AttributeName: owner, KeyType: HASH }]
          Projection: { ProjectionType: INCLUDE, NonKeyAttributes: [total] }
      LocalSecondaryIndexes:
        - IndexName: local
          KeySchema: [{ AttributeName: pk, KeyType: HASH }, { AttributeName: owner, KeyType: RANGE }]
          Projection: { ProjectionType: KEYS_ONLY }
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
      TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
`);
  expect(problems).toEqual([]);
  expect(resources).toEqual([
    {
      kind: 'table',
      id: 'Orders',
      name: 'shop-Orders',
      attributes: { pk: 'S', sk: 'N', owner: 'B' },
      key: { hash: 'pk', range: 'sk' },
      globalIndexes: [
        {
          name: 'byOwner',
          key: { hash: 'owner' },
          projection: { type: 'INCLUDE', nonKeyAttributes: ['total'] },
        },
      ],
      localIndexes: [
        {
          name: 'local',
          key: { hash: 'pk', range: 'owner' },
          projection: { type: 'KEYS_ONLY', nonKeyAttributes: [] },
        },
      ],
      billingMode: 'PAY_PER_REQUEST',
      streamView: 'NEW_AND_OLD_IMAGES',
      ttlAttribute: 'expires',
      place: { file: '/project/template.yaml', line: 3, column: 3 },
    },
  ]);
});

test('a SimpleTable has one key, a string named id unless said otherwise', () => {
  const { resources } = lowered(`
Resources:
  Plain: { Type: AWS::Serverless::SimpleTable }
  Named: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: named, PrimaryKey: { Name: k, Type: Number } } }
`);
  expect(resources).toMatchObject([
    { name: 'shop-Plain', key: { hash: 'id' }, attributes: { id: 'S' }, billingMode: 'PAY_PER_REQUEST' },
    { name: 'named', key: { hash: 'k' }, attributes: { k: 'N' } },
  ]);
});

test('a table whose key has no type is left out with an error; the others stay', () => {
  const { resources, problems } = lowered(`
Resources:
  Bad:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: []
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  Good: { Type: AWS::SQS::Queue }
`);
  expect(resources.map(({ name }) => name)).toEqual(['shop-Good']);
  expect(problems).toMatchObject([
    { code: 'invalid-table', message: expect.stringContaining('"id"'), place: { line: 7 } },
  ]);
});

const several = (index: string, keys: readonly string[], property = 'GlobalSecondaryIndexes') => `
Resources:
  Games:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [${[...new Set(['id', 'a', ...keys.map((key) => key.slice(0, key.indexOf(' ')))])].map((name) => `{ AttributeName: ${name}, AttributeType: S }`).join(', ')}]
      KeySchema: [{ AttributeName: id, KeyType: HASH }, { AttributeName: a, KeyType: RANGE }]
      ${property}:
        - IndexName: ${index}
          KeySchema: [${keys
            .map((key) => key.split(' '))
            .map(([name, type]) => `{ AttributeName: ${name}, KeyType: ${type} }`)
            .join(', ')}]
          Projection: { ProjectionType: ALL }
      BillingMode: PAY_PER_REQUEST
`;

test('replicas of a global table in other regions are a warning at their place', () => {
  const template = (regions: string) => `
Resources:
  Games:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      Replicas: [${regions}]
      BillingMode: PAY_PER_REQUEST
`;
  expect(lowered(template('{ Region: eu-west-1 }')).problems).toEqual([]);
  const { resources, problems } = lowered(template('{ Region: eu-west-1 }, { Region: us-east-1 }'));
  expect(resources).toHaveLength(1);
  expect(problems).toMatchObject([
    {
      severity: 'warning',
      code: 'not-emulated',
      message: expect.stringContaining('replicas of table "Games"'),
      place: { line: 8 },
    },
  ]);
});

test('the key of a global index may have several hash and range attributes', () => {
  const { resources, problems } = lowered(
    several('gsi', ['a HASH', 'b HASH', 'c RANGE', 'd RANGE', 'e RANGE']),
  );
  expect(problems).toEqual([]);
  expect(resources).toMatchObject([
    {
      globalIndexes: [{ key: { hash: 'a', furtherHashes: ['b'], range: 'c', furtherRanges: ['d', 'e'] } }],
    },
  ]);
});

test.each([
  [
    ['id HASH', 'a HASH', 'b HASH', 'c HASH', 'd HASH'],
    'GlobalSecondaryIndexes',
    'a key of 5 HASH attributes; 4 may be there',
  ],
  [['id HASH', 'a RANGE', 'b RANGE'], 'LocalSecondaryIndexes', 'a key of 2 RANGE attributes; 1 may be there'],
  [['a HASH', 'b RANGE', 'c HASH'], 'GlobalSecondaryIndexes', 'a RANGE attribute before a HASH attribute'],
  [['a HASH', 'b HASH', 'a RANGE'], 'GlobalSecondaryIndexes', '"a" twice in a key'],
])('an index keyed by %s of %s is an error at its place', (keys, property, said) => {
  const { resources, problems } = lowered(several('index', keys, property));
  expect(problems).toMatchObject([
    { severity: 'error', code: 'invalid-table', message: expect.stringContaining(said), place: { line: 10 } },
  ]);
  expect(resources).toMatchObject([{ globalIndexes: [], localIndexes: [] }]);
});

test('a queue has the service defaults, its own values in milliseconds and its dead-letter queue', () => {
  const { resources } = lowered(`
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: '60'
      DelaySeconds: 5
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 }
  Dead: { Type: AWS::SQS::Queue, Properties: { QueueName: dead.fifo, FifoQueue: true, ContentBasedDeduplication: true } }
`);
  expect(resources).toMatchObject([
    {
      kind: 'queue',
      name: 'shop-Jobs',
      arn: 'arn:aws:sqs:eu-west-1:000000000000:shop-Jobs',
      fifo: false,
      visibilityTimeoutMs: 60_000,
      delayMs: 5_000,
      retentionMs: 345_600_000,
      receiveWaitMs: 0,
      maximumMessageBytes: 1_048_576,
      deadLetter: { queueArn: 'arn:aws:sqs:eu-west-1:000000000000:dead.fifo', maxReceiveCount: 3 },
    },
    { name: 'dead.fifo', fifo: true, contentBasedDeduplication: true, visibilityTimeoutMs: 30_000 },
  ]);
});

test('a queue with a wrong name or number is an error', () => {
  const { resources, problems } = lowered(`
Resources:
  A: { Type: AWS::SQS::Queue, Properties: { QueueName: a, FifoQueue: true } }
  B: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 50000 } }
`);
  expect(resources).toMatchObject([{ name: 'shop-B', visibilityTimeoutMs: 30_000 }]);
  expect(problems.map(({ code, hint }) => [code, hint])).toEqual([
    ['invalid-queue', 'end the name in .fifo'],
    ['invalid-queue', 'give a number from 0 to 43200'],
  ]);
});

test('what means nothing on a laptop is silent, what is missed is a warning, what is no type too', () => {
  const { problems } = lowered(`
Resources:
  Role: { Type: AWS::IAM::Role }
  Alarm: { Type: AWS::CloudWatch::Alarm }
  Permission: { Type: AWS::Lambda::Permission }
  Policy: { Type: AWS::SQS::QueuePolicy }
  Meta: { Type: AWS::CDK::Metadata }
  Files: { Type: AWS::EFS::FileSystem }
  Mine: { Type: Custom::Thing }
  Slip: { Type: AWS::DynamoDB::Tabel }
`);
  expect(linesOf(problems)).toEqual([
    'warning not-emulated @8: AWS::EFS::FileSystem "Files" is not emulated',
    'warning not-emulated @9: Custom::Thing "Mine" is not emulated',
    'warning unknown-resource-type @10: "AWS::DynamoDB::Tabel" of resource "Slip" is not a known type',
  ]);
});

test('properties that do not matter here are not resolved, so they cannot fail', () => {
  const { problems } = lowered(`
Resources:
  Jobs: { Type: AWS::SQS::Queue, Properties: { KmsMasterKeyId: !ImportValue Key } }
`);
  expect(problems).toEqual([]);
});

test('a primary key of a simple table that lacks its name or its type is an error', async () => {
  const { lines } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  A: { Type: AWS::Serverless::SimpleTable, Properties: { PrimaryKey: { Name: id, Type: Text } } }
  B: { Type: AWS::Serverless::SimpleTable, Properties: { PrimaryKey: { Name: id, Type: Number } } }
  C: { Type: AWS::Serverless::SimpleTable }
  D: { Type: AWS::SQS::Queue, Condition: { Ref: Big } }
`);
  expect(lines).toEqual([
    'error invalid-resource @7: Condition of resource "D" is {"Ref":"Big"}, where the name of a condition is expected: it is taken to hold',
    'error invalid-table @4: PrimaryKey of table "A" has the name "id" and the type "Text"',
  ]);
});
