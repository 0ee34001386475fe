import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

test('a destination with a type alone is the queue or topic SAM makes, which others may refer to', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Conditions: { Own: !Equals [a, b] }
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: .
      EventInvokeConfig: { DestinationConfig: { OnSuccess: { Type: SQS }, OnFailure: { Type: SNS, Destination: !If [Own, 'arn:aws:sns:us-east-1:000000000000:t', !Ref AWS::NoValue] } } }
  Told:
    Type: AWS::SNS::Subscription
    Properties: { TopicArn: !Ref F.DestinationTopic, Protocol: sqs, Endpoint: !GetAtt F.DestinationQueue.Arn }
`);
  expect(problems).toEqual([]);
  const queueArn = `arn:aws:sqs:us-east-1:000000000000:${project.name}-FEventInvokeConfigOnSuccessQueue`;
  const topicArn = `arn:aws:sns:us-east-1:000000000000:${project.name}-FEventInvokeConfigOnFailureTopic`;
  expect(project.functions[0]?.asyncEvents).toEqual({ onSuccessArn: queueArn, onFailureArn: topicArn });
  expect(project.resources).toMatchObject([
    { kind: 'subscription', topicArn, protocol: 'sqs', endpoint: queueArn },
    { kind: 'queue', arn: queueArn },
    { kind: 'topic', arn: topicArn },
  ]);
});

test('a destination of another type without an address is told of', async () => {
  const { project, lines } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: .
      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: Lambda } } }
`);
  expect(project.functions[0]?.asyncEvents).toBeUndefined();
  expect(lines).toEqual([expect.stringMatching(/^warning not-emulated @10: OnFailure names no Destination/)]);
});
