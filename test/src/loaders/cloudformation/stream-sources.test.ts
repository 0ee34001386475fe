import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cdkLoader } from '../../../../src/loaders/cdk/loader.ts';
import { folderWith, loadTemplate, noOptions } from './project-on-disk.ts';

const shared = `
  F: { Type: AWS::Lambda::Function, Properties: { FunctionName: f, Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  Failed: { Type: AWS::SQS::Queue, Properties: { QueueName: failed } }
  T: { Type: AWS::DynamoDB::Table, Properties: {
      TableName: orders,
      BillingMode: PAY_PER_REQUEST,
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }],
      KeySchema: [{ AttributeName: id, KeyType: HASH }],
      StreamSpecification: { StreamViewType: NEW_IMAGE }
    } }`;

const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';
const defaults = {
  kind: 'table-stream',
  functionId: 'F',
  streamArn,
  batchSize: 100,
  batchWindowMs: 0,
  startingPosition: 'LATEST',
  parallelizationFactor: 1,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: false,
  enabled: true,
};
const everything = {
  ...defaults,
  batchSize: 5,
  batchWindowMs: 2000,
  startingPosition: 'TRIM_HORIZON',
  parallelizationFactor: 3,
  maximumRetryAttempts: 0,
  maximumRecordAgeMs: 60_000,
  bisectBatchOnFunctionError: true,
  reportBatchItemFailures: true,
  onFailureArn: 'arn:aws:sqs:us-east-1:000000000000:failed',
  filterPatterns: ['{"eventName":["INSERT"]}'],
  enabled: false,
};
const allSettings = `BatchSize: 5, MaximumBatchingWindowInSeconds: 2, StartingPosition: TRIM_HORIZON, ParallelizationFactor: '3',
                  MaximumRetryAttempts: 0, MaximumRecordAgeInSeconds: 60, BisectBatchOnFunctionError: true,
                  FunctionResponseTypes: [ReportBatchItemFailures], DestinationConfig: { OnFailure: { Destination: !GetAtt Failed.Arn } },
                  FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] }, Enabled: false`;

const withoutPlace = <T extends { readonly place?: unknown }>({ place: _, ...trigger }: T) => trigger;

test('a mapping from a table’s stream becomes a table trigger', async () => {
  const { project, problems } = await loadTemplate(`
Resources:${shared}
  Usual: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt T.StreamArn, FunctionName: !Ref F, StartingPosition: LATEST, MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1 } }
  Full:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt T.StreamArn, FunctionName: !GetAtt F.Arn, ${allSettings} }
`);
  expect(problems).toEqual([]);
  expect(project.triggers.map(withoutPlace)).toEqual([defaults, everything]);
  expect(project.triggers[0]?.place).toMatchObject({ line: 12 });
});

test('SAM’s DynamoDB event becomes the same', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:${shared.replace(/\n {2}F: .*/, '')}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: nodejs22.x
      Events:
        Usual: { Type: DynamoDB, Properties: { Stream: !GetAtt T.StreamArn, StartingPosition: LATEST } }
        Full:
          Type: DynamoDB
          Properties: { Stream: !GetAtt T.StreamArn, ${allSettings} }
`);
  expect(problems).toEqual([]);
  expect(project.triggers.map(withoutPlace)).toEqual([defaults, everything]);
});

test('a stream that has a condition or belongs to a function that is left out is no trigger', async () => {
  const { project } = await loadTemplate(`
Conditions: { Never: !Equals [a, b] }
Resources:${shared}
  M: { Type: AWS::Lambda::EventSourceMapping, Condition: Never, Properties: { EventSourceArn: !GetAtt T.StreamArn, FunctionName: !Ref F, StartingPosition: LATEST } }
`);
  expect(project.triggers).toEqual([]);
});

test('what the cloud would refuse is an error with its line; what is not emulated a warning', async () => {
  const mapping = (id: string, more: string) =>
    `  ${id}: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt T.StreamArn, FunctionName: !Ref F, ${more} } }`;
  const { project, lines } = await loadTemplate(`
Resources:${shared}
${mapping('A', 'BatchSize: 1')}
${mapping('B', 'StartingPosition: AT_TIMESTAMP')}
${mapping('C', 'StartingPosition: LATEST, BatchSize: 10001, MaximumRecordAgeInSeconds: 30')}
${mapping('D', 'StartingPosition: LATEST, TumblingWindowInSeconds: 901')}
${mapping('E', "StartingPosition: LATEST, DestinationConfig: { OnFailure: { Destination: 'arn:aws:events:us-east-1:1:event-bus/t' } }")}
${mapping('G', "StartingPosition: LATEST, FilterCriteria: { Filters: [{ Pattern: '{' }] }")}
  H: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt T.Arn, FunctionName: !Ref F, StartingPosition: LATEST } }
`);
  expect(project.triggers.map(withoutPlace)).toEqual([defaults, defaults, defaults]);
  expect(lines).toEqual([
    'error invalid-event @12: StartingPosition is missing',
    'error invalid-event @13: StartingPosition is "AT_TIMESTAMP"',
    'error invalid-event @14: MaximumRecordAgeInSeconds is "30"',
    'error invalid-event @14: BatchSize is "10001"',
    'error invalid-event @15: TumblingWindowInSeconds is "901"',
    expect.stringMatching(/^error invalid-filter @17: the filter { is none: it is not JSON: /),
    'error invalid-event @18: EventSourceArn is "arn:aws:dynamodb:us-east-1:000000000000:table/orders", which is not the ARN of a table\'s stream',
    'warning not-emulated @16: arn:aws:events:us-east-1:1:event-bus/t: only queues, topics and buckets are told of records that were given up; this destination is not emulated',
  ]);
});

test('streams, consumers and what follows them, spelled out and by SAM', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Clicks: { Type: AWS::Kinesis::Stream, Properties: { Name: clicks, ShardCount: 3, RetentionPeriodHours: 48 } }
  Free: { Type: AWS::Kinesis::Stream, Properties: { Name: free, StreamModeDetails: { StreamMode: ON_DEMAND }, StreamEncryption: { EncryptionType: KMS, KeyId: alias/aws/kinesis } } }
  Fast: { Type: AWS::Kinesis::StreamConsumer, Properties: { ConsumerName: fast, StreamARN: !GetAtt Clicks.Arn } }
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: exports.handler = async () => {}
      Handler: index.handler
      Runtime: nodejs22.x
      Events:
        Clicked: { Type: Kinesis, Properties: { Stream: !GetAtt Clicks.Arn, StartingPosition: TRIM_HORIZON, TumblingWindowInSeconds: 60 } }
  M: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Fast.ConsumerARN, FunctionName: !Ref F, StartingPosition: AT_TIMESTAMP, StartingPositionTimestamp: 7 } }
`);
  expect(problems).toEqual([]);
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';
  expect(project.resources).toMatchObject([
    { kind: 'stream', name: 'clicks', mode: 'PROVISIONED', shardCount: 3, retentionHours: 48 },
    { kind: 'stream', name: 'free', mode: 'ON_DEMAND', kmsKeyId: 'alias/aws/kinesis' },
    { kind: 'stream-consumer', name: 'fast', streamArn: arn },
  ]);
  expect(project.triggers).toMatchObject([
    { kind: 'stream', streamArn: arn, startingPosition: 'TRIM_HORIZON', tumblingWindowMs: 60_000 },
    { kind: 'stream', streamArn: `${arn}/consumer/fast:1767225600`, startingTimestampMs: 7000 },
  ]);
});

test('FilterCriteria of a queue reach its trigger', async () => {
  const { project, problems } = await loadTemplate(`
Resources:${shared}
  M: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Failed.Arn, FunctionName: !Ref F, FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }, { Pattern: '{"body":["x"]}' }] } } }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([
    { kind: 'queue', filterPatterns: ['{"body":{"a":[1]}}', '{"body":["x"]}'] },
  ]);
});

test('a cloud assembly’s mapping is the same trigger', async () => {
  const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'Shop.template.json' } };
  const resources = {
    Orders1: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      },
    },
    Worker1: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'b', S3Key: 'k.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
      },
      Metadata: {
        'aws:cdk:path': 'Shop/F/Resource',
        'aws:asset:path': 'asset.aaa',
        'aws:asset:property': 'Code',
      },
    },
    WorkerDynamoDBEventSource1: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Orders1', 'StreamArn'] },
        FunctionName: { Ref: 'Worker1' },
        BatchSize: 100,
        StartingPosition: 'LATEST',
      },
    },
  };
  const root = folderWith({
    'cdk.json': '{"app":"node app.js"}',
    'cdk.out/asset.aaa/index.js': '',
    'cdk.out/manifest.json': JSON.stringify({ version: '50.0.0', artifacts: { Shop: stack } }),
    'cdk.out/Shop.template.json': JSON.stringify({ Resources: resources }),
  });
  const { project } = await cdkLoader.load(join(root, 'cdk.out', 'manifest.json'), noOptions);
  expect(project.triggers.map(withoutPlace)).toEqual([defaults]);
});
