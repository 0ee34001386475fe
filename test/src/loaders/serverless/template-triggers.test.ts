import { expect, test } from 'vitest';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { loadWith } from '../temporary-project.ts';

/** `resources` are indented by four. */
async function tiedBy(resources: string) {
  const yaml = `service: shop
provider: { name: aws, runtime: nodejs20.x }
functions:
  hello: { handler: a.b }
resources:
  Resources:
${resources}`;
  const { project, said } = await loadWith(serverlessLoader, { 'serverless.yml': yaml });
  return { project, said, triggers: project.triggers.map(({ place, ...trigger }) => trigger) };
}

test('mappings, subscriptions, notifications and URLs among the resources run functions', async () => {
  const { triggers, said } = await tiedBy(`
    Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs } }
    Mapping:
      Type: AWS::Lambda::EventSourceMapping
      Properties: { FunctionName: !Ref HelloLambdaFunction, EventSourceArn: !GetAtt Jobs.Arn, BatchSize: 3 }
    News: { Type: AWS::SNS::Topic, Properties: { TopicName: news } }
    Reader:
      Type: AWS::SNS::Subscription
      Properties: { TopicArn: !Ref News, Protocol: lambda, Endpoint: !GetAtt HelloLambdaFunction.Arn }
    Photos:
      Type: AWS::S3::Bucket
      Properties:
        BucketName: photos
        NotificationConfiguration:
          LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: !GetAtt HelloLambdaFunction.Arn }]
    Address:
      Type: AWS::Lambda::Url
      Properties: { AuthType: NONE, TargetFunctionArn: !GetAtt HelloLambdaFunction.Arn }
`);
  expect(said).toEqual([]);
  expect(triggers).toMatchObject([
    { kind: 'queue', functionId: 'hello', batchSize: 3, queueArn: expect.stringMatching(/:jobs$/) },
    { kind: 'topic', functionId: 'hello', topicArn: expect.stringMatching(/:news$/) },
    { kind: 'bucket', functionId: 'hello', bucket: 'photos', events: ['s3:ObjectCreated:*'] },
    { kind: 'function-url', functionId: 'hello' },
  ]);
});

test('an EventInvokeConfig among the resources sets what becomes of asynchronous events', async () => {
  const { project, said } = await tiedBy(`
    Once:
      Type: AWS::Lambda::EventInvokeConfig
      Properties: { FunctionName: !Ref HelloLambdaFunction, Qualifier: $LATEST, MaximumRetryAttempts: 0 }
`);
  expect(said).toEqual([]);
  expect(project.functions[0]?.asyncEvents).toEqual({ maximumRetryAttempts: 0 });
});

test('a function among the resources is a function of the project', async () => {
  const { project, triggers, said } = await tiedBy(`
    Inline:
      Type: AWS::Lambda::Function
      Properties: { Handler: index.handler, Runtime: nodejs20.x, Code: { ZipFile: 'exports.handler = async () => 1' } }
    Nightly:
      Type: AWS::Events::Rule
      Properties: { ScheduleExpression: rate(1 day), Targets: [{ Id: t, Arn: !GetAtt Inline.Arn }] }
`);
  expect(said).toEqual([]);
  expect(project.functions.map(({ id, name, timeoutMs }) => ({ id, name, timeoutMs }))).toEqual([
    { id: 'hello', name: 'shop-dev-hello', timeoutMs: 6000 },
    { id: 'Inline', name: 'shop-dev-Inline', timeoutMs: 3000 },
  ]);
  expect(triggers).toMatchObject([{ kind: 'schedule', functionId: 'Inline', expression: 'rate(1 day)' }]);
});

test("methods added to the framework's REST API are left out with a warning", async () => {
  const { triggers, said } = await tiedBy(`
    Extra:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref ApiGatewayRestApi
        ResourceId: !Ref ApiGatewayResourceUsers
        HttpMethod: GET
        Integration: { Type: AWS_PROXY, Uri: !GetAtt HelloLambdaFunction.Arn }
`);
  expect(triggers).toEqual([]);
  expect(said).toEqual([
    'warning not-emulated resources.Resources.Extra:8 the method "Extra" is added to the framework\'s REST API by resources; it is left out',
  ]);
});
