import { expect, test } from 'vitest';
import {
  lowerBucketTriggers,
  lowerCdkNotifications,
  lowerS3Event,
} from '../../../../src/loaders/cloudformation/buckets.ts';
import { lowerResources } from '../../../../src/loaders/cloudformation/resources.ts';
import { makeFunctionIndex } from '../../../../src/loaders/cloudformation/trigger-context.ts';
import { linesOf, loadTemplate, parsed } from './project-on-disk.ts';

function opened(text: string) {
  const { template, intrinsics, report, problems } = parsed(text);
  const functions = makeFunctionIndex(new Map([['shop-Resize', 'Resize']]));
  const context = { intrinsics, report, functions };
  const resource = (id: string) => {
    const found = intrinsics.resources.find((one) => one.id === id);
    if (!found) throw new Error(`no resource ${id}`);
    return found;
  };
  return { context, resource, problems, resources: lowerResources(template, intrinsics, report) };
}

test('a bucket keeps its documents, versioning and whom it tells', () => {
  const { resources, problems } = opened(`
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: { Status: Enabled }
      CorsConfiguration:
        CorsRules: [{ AllowedMethods: [GET, PUT], AllowedOrigins: ['*'], AllowedHeaders: ['*'], MaxAge: 60 }]
      LifecycleConfiguration:
        Rules: [{ Id: old, Status: Enabled, Prefix: tmp/, ExpirationInDays: 3 }]
      NotificationConfiguration:
        EventBridgeConfiguration: {}
        QueueConfigurations:
          - Event: 's3:ObjectCreated:*'
            Queue: !GetAtt Work.Arn
            Filter: { S3Key: { Rules: [{ Name: prefix, Value: in/ }, { Name: suffix, Value: .csv }] } }
  Work: { Type: AWS::SQS::Queue }
`);
  expect(problems).toEqual([]);
  expect(resources[0]).toMatchObject({
    kind: 'bucket',
    name: 'shop-uploads',
    versioning: 'Enabled',
    notifications: [
      {
        arn: 'arn:aws:sqs:eu-west-1:000000000000:shop-Work',
        events: ['s3:ObjectCreated:*'],
        prefix: 'in/',
        suffix: '.csv',
      },
      { arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/default', events: ['s3:*'] },
    ],
    place: { line: 3 },
  });
  const { configurations } = resources[0] as { configurations: Record<string, string> };
  expect(Object.keys(configurations)).toEqual(['cors', 'lifecycle']);
  expect(configurations.cors).toContain(
    '<CORSRule><AllowedHeader>*</AllowedHeader><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>',
  );
  expect(configurations.lifecycle).toContain('<Expiration><Days>3</Days></Expiration>');
});

test('functions are told by a template, by the CDK’s own resource, and by SAM events', () => {
  const { context, resource, problems } = opened(`
Resources:
  Resize: { Type: AWS::Lambda::Function }
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: photos
      NotificationConfiguration:
        LambdaConfigurations:
          - { Event: 's3:ObjectCreated:*', Function: !GetAtt Resize.Arn }
          - { Event: 's3:ObjectRemoved:*', Function: 'arn:aws:lambda:us-east-1:000000000000:function:gone' }
  Told:
    Type: Custom::S3BucketNotifications
    Properties:
      BucketName: !Ref Uploads
      NotificationConfiguration:
        LambdaFunctionConfigurations:
          - Events: ['s3:ObjectCreated:Put']
            LambdaFunctionArn: !GetAtt Resize.Arn
            Filter: { Key: { FilterRules: [{ Name: suffix, Value: .png }] } }
`);
  const shared = { kind: 'bucket', functionId: 'Resize', bucket: 'photos' };
  expect(lowerBucketTriggers(resource('Uploads'), context)).toMatchObject([
    { ...shared, events: ['s3:ObjectCreated:*'] },
  ]);
  expect(lowerCdkNotifications(resource('Told'), context)).toMatchObject([
    { ...shared, events: ['s3:ObjectCreated:Put'], suffix: '.png' },
  ]);
  const event = { functionId: 'Resize', owner: 'Resize', name: 'Up', path: ['Resources', 'Resize'] };
  const properties = {
    Bucket: 'photos',
    Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
    Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'in/' }] } },
  };
  expect(lowerS3Event({ ...event, properties }, context)).toMatchObject([
    { ...shared, events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'], prefix: 'in/' },
  ]);
  expect(lowerS3Event({ ...event, properties: { Bucket: 'photos' } }, context)).toEqual([]);
  expect(linesOf(problems)).toEqual([
    'error unknown-function @8: the bucket "photos" tells "arn:aws:lambda:us-east-1:000000000000:function:gone", which is no function of this project',
    'error invalid-event @3: Events of event "Up" of function "Resize" is missing',
  ]);
});

test('an event and a notification that say the same are one', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: f
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: code
      Events: { Made: { Type: S3, Properties: { Bucket: !Ref Images, Events: s3:ObjectCreated:* } } }
  Images:
    Type: AWS::S3::Bucket
    Properties: { NotificationConfiguration: { LambdaConfigurations: [{ Function: !GetAtt F.Arn, Event: 's3:ObjectCreated:*' }] } }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toHaveLength(1);
});
