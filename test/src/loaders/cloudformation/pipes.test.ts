import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

test('AWS::Pipes::Pipe becomes a resource with the settings its API takes', async () => {
  const { project, problems } = await loadTemplate(`
Resources:
  Q: { Type: AWS::SQS::Queue, Properties: { QueueName: work } }
  Role: { Type: AWS::IAM::Role }
  P:
    Type: AWS::Pipes::Pipe
    Properties:
      Name: orders
      RoleArn: !GetAtt Role.Arn
      Source: !GetAtt Q.Arn
      SourceParameters:
        FilterCriteria: { Filters: [{ Pattern: { body: { kind: [order] } } }] }
        SqsQueueParameters: { BatchSize: '5' }
      Target: arn:aws:sns:us-east-1:000000000000:news
      TargetParameters: { InputTemplate: '{"id": <$.body.id>}' }
      Tags: { team: shop }
`);
  expect(problems).toEqual([]);
  const pipe = project.resources.find(({ kind }) => kind === 'pipe');
  expect(pipe).toMatchObject({ name: 'orders', place: { line: 5 } });
  expect(JSON.parse(pipe?.kind === 'pipe' ? pipe.settings : '')).toEqual({
    RoleArn: expect.stringMatching(/^arn:aws:iam::000000000000:role\//),
    Source: 'arn:aws:sqs:us-east-1:000000000000:work',
    SourceParameters: {
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] },
      SqsQueueParameters: { BatchSize: 5 },
    },
    Target: 'arn:aws:sns:us-east-1:000000000000:news',
    TargetParameters: { InputTemplate: '{"id": <$.body.id>}' },
    Tags: { team: 'shop' },
  });
});

test('a source that is not emulated is a warning', async () => {
  const { project, lines } = await loadTemplate(`
Resources:
  P: { Type: AWS::Pipes::Pipe, Properties: { RoleArn: r, Source: 'arn:aws:mq:us-east-1:000000000000:broker:b', Target: t } }
`);
  expect(project.resources).toEqual([]);
  expect(lines).toEqual([
    expect.stringMatching(/^warning not-emulated @\d+: pipe "P" reads arn:aws:mq:.*, which is not emulated/),
  ]);
});
