import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudFormationLoader } from '../../../src/loaders/cloudformation/loader.ts';
import { nativeLoader } from '../../../src/loaders/native/loader.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import { loadWith, noOptions, temporaryProject } from './temporary-project.ts';

const arnOf = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;

const serverless = (settings: string, resources = '') =>
  loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  audit: { handler: a.b, name: the-audit }
  fn:
    handler: a.b
${settings}
${resources}`,
  });

const template = async (properties: string, more = '') => {
  const root = temporaryProject({
    'code/index.js': '',
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Failed: { Type: AWS::SQS::Queue, Properties: { QueueName: failed } }
  Audit: { Type: AWS::Serverless::Function, Properties: { FunctionName: audit, CodeUri: code, Handler: index.handler, Runtime: nodejs22.x } }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: fn
      CodeUri: code
      Handler: index.handler
      Runtime: nodejs22.x
${properties}
${more}`,
  });
  const { project, problems } = await cloudFormationLoader.load(join(root, 'template.yaml'), noOptions);
  const fn = project.functions.find(({ id }) => id === 'Fn');
  return {
    asyncEvents: fn?.asyncEvents,
    said: problems.map(({ severity, code, message }) => `${severity} ${code} ${message}`),
  };
};

const native = (settings: string) =>
  loadWith(nativeLoader, {
    'sls-local.config.yml': `name: shop
queues: { failed: {} }
functions:
  audit: { handler: a.b, name: the-audit }
  fn:
    handler: a.b
${settings}`,
  });

test('serverless.yml says retries, age, destinations and the dead-letter target', async () => {
  const { project, said } = await serverless(
    `    maximumRetryAttempts: 1
    maximumEventAge: 120
    onError: { Fn::GetAtt: [Failed, Arn] }
    destinations:
      onSuccess: audit
      onFailure: { type: sqs, arn: { Fn::GetAtt: [Failed, Arn] } }`,
    'resources: { Resources: { Failed: { Type: AWS::SQS::Queue, Properties: { QueueName: failed } } } }',
  );
  expect(said).toEqual([]);
  expect(project.functions[1]?.asyncEvents).toEqual({
    maximumRetryAttempts: 1,
    maximumEventAgeMs: 120_000,
    onSuccessArn: arnOf('lambda', 'function:the-audit'),
    onFailureArn: arnOf('sqs', 'failed'),
    deadLetterArn: arnOf('sqs', 'failed'),
  });
  expect(project.functions[0]).not.toHaveProperty('asyncEvents');
});

test('serverless.yml: what is not emulated is warned of, what cannot be is an error, and the function runs', async () => {
  const { project, said } = await serverless(`    maximumRetryAttempts: 3
    maximumEventAge: 5
    onError: arn:aws:sns:us-east-1:1:topic.fifo
    destinations: { onSuccess: nobody, onFailure: arn:aws:sqs:us-east-1:000000000000:a.fifo }`);
  expect(project.functions.map(({ id }) => id)).toEqual(['audit', 'fn']);
  expect(project.functions[1]).not.toHaveProperty('asyncEvents');
  expect(said).toEqual([
    expect.stringContaining('error invalid-value functions.fn.maximumEventAge'),
    expect.stringContaining('error invalid-value functions.fn.maximumRetryAttempts'),
    expect.stringContaining('error unknown-function functions.fn.destinations.onSuccess'),
    expect.stringContaining('warning not-emulated functions.fn.destinations.onFailure'),
    expect.stringContaining('warning not-emulated functions.fn.onError'),
  ]);
});

const config = `MaximumRetryAttempts: 0
MaximumEventAgeInSeconds: '60'
DestinationConfig:
  OnSuccess: { Destination: !GetAtt Audit.Arn }
  OnFailure: { Destination: !GetAtt Failed.Arn }`;
const lowered = {
  maximumRetryAttempts: 0,
  maximumEventAgeMs: 60_000,
  onSuccessArn: arnOf('lambda', 'function:audit'),
  onFailureArn: arnOf('sqs', 'failed'),
  deadLetterArn: arnOf('sqs', 'failed'),
};
const indented = (text: string, by: number) => text.replaceAll(/^/gm, ' '.repeat(by));

test('a SAM function has EventInvokeConfig and DeadLetterQueue', async () => {
  const { asyncEvents, said } =
    await template(`      DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt Failed.Arn }
      EventInvokeConfig:
${indented(config, 8)}`);
  expect(said).toEqual([]);
  expect(asyncEvents).toEqual(lowered);
});

test('CloudFormation spells them as a resource and DeadLetterConfig', async () => {
  const { asyncEvents, said } = await template(
    '      DeadLetterConfig: { TargetArn: !GetAtt Failed.Arn }',
    `  Config:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Fn
      Qualifier: $LATEST
${indented(config, 6)}`,
  );
  expect(said).toEqual([]);
  expect(asyncEvents).toEqual(lowered);
});

test('a template’s destinations that are not emulated are warned of, and wrong numbers are errors', async () => {
  const { asyncEvents, said } =
    await template(`      DeadLetterQueue: { Type: SNS, TargetArn: arn:aws:sns:us-east-1:1:x.fifo }
      EventInvokeConfig:
        MaximumRetryAttempts: 7
        DestinationConfig:
          OnSuccess: { Type: S3Bucket, Destination: 'arn:aws:s3:::successes' }
          OnFailure: { Type: Lambda }`);
  expect(asyncEvents).toBeUndefined();
  expect(said).toEqual([
    expect.stringContaining('error invalid-value MaximumRetryAttempts is "7"'),
    expect.stringContaining(
      'warning not-emulated arn:aws:s3:::successes: the cloud tells buckets of failures alone',
    ),
    expect.stringContaining('OnFailure names no Destination, and nothing is made for the type "Lambda"'),
    expect.stringContaining('warning not-emulated arn:aws:sns'),
  ]);
});

test('a sls-local.config says them below `async`', async () => {
  const { project, said } = await native(`    reservedConcurrency: 0
    async:
      maximumRetryAttempts: 1
      maximumEventAge: 2m
      onSuccess: { function: audit }
      onFailure: failed
      deadLetterQueue: failed
`);
  expect(said).toEqual([]);
  expect(project.functions[1]).toMatchObject({
    reservedConcurrency: 0,
    asyncEvents: {
      maximumRetryAttempts: 1,
      maximumEventAgeMs: 120_000,
      onSuccessArn: arnOf('lambda', 'function:the-audit'),
      onFailureArn: arnOf('sqs', 'shop-dev-failed'),
      deadLetterArn: arnOf('sqs', 'shop-dev-failed'),
    },
  });
});

test('a sls-local.config that names what is not there keeps the function', async () => {
  const { project, said } = await native(
    '    async: { onSuccess: { function: nobody }, deadLetterQueue: gone, onFailure: { queue: failed } }\n',
  );
  expect(said).toEqual([
    expect.stringContaining('error unknown-function functions.fn.async.onSuccess.function'),
    expect.stringContaining('error unknown-queue functions.fn.async.deadLetterQueue'),
  ]);
  expect(project.functions[1]?.asyncEvents).toEqual({ onFailureArn: arnOf('sqs', 'shop-dev-failed') });
});

test('a bucket is told of failures in each of the ways to write it', async () => {
  const onFailureArn = 'arn:aws:s3:::failures';
  const inYaml = await serverless(
    '    destinations: { onFailure: { type: s3, arn: arn:aws:s3:::failures } }',
  );
  const inTemplate = await template(`      EventInvokeConfig:
        DestinationConfig: { OnFailure: { Type: S3Bucket, Destination: arn:aws:s3:::failures } }`);
  const inConfig = await native(
    '    async: { onFailure: { bucket: failures } }\nbuckets: { failures: { name: failures } }\n',
  );
  expect([inYaml.said, inTemplate.said, inConfig.said]).toEqual([[], [], []]);
  expect(inYaml.project.functions[1]?.asyncEvents).toEqual({ onFailureArn });
  expect(inTemplate.asyncEvents).toEqual({ onFailureArn });
  expect(inConfig.project.functions[1]?.asyncEvents).toEqual({ onFailureArn });
});
