import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

test('the queue SAM puts between a topic and a function is FIFO where the topic is', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Ordered: { Type: AWS::SNS::Topic, Properties: { FifoTopic: true, TopicName: ordered.fifo } }
  Plain: { Type: AWS::SNS::Topic, Properties: { TopicName: plain } }
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: .
      Events:
        A: { Type: SNS, Properties: { Topic: !Ref Ordered, SqsSubscription: true } }
        B: { Type: SNS, Properties: { Topic: !Ref Plain, SqsSubscription: true } }
`);
  expect(problems).toEqual([]);
  const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${project.name}-${name}`;
  expect(project.triggers).toMatchObject([
    { kind: 'queue', queueArn: arnOf('FAQueue.fifo') },
    { kind: 'queue', queueArn: arnOf('FBQueue') },
  ]);
  expect(project.resources.filter(({ kind }) => kind === 'queue')).toMatchObject([
    { id: 'FAQueue', arn: arnOf('FAQueue.fifo'), fifo: true },
    { id: 'FBQueue', arn: arnOf('FBQueue'), fifo: false },
  ]);
});
