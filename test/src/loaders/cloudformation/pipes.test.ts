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

test('a target or an enrichment that is not emulated is a warning, and the pipe is made', async () => {
  const { project, lines } = await loadTemplate(`
Resources:
  P:
    Type: AWS::Pipes::Pipe
    Properties:
      RoleArn: r
      Source: arn:aws:sqs:us-east-1:000000000000:work
      Target: arn:aws:ecs:us-east-1:000000000000:cluster/c
      Enrichment: arn:aws:states:us-east-1:000000000000:stateMachine:s
  Log:
    Type: AWS::Pipes::Pipe
    Properties:
      RoleArn: r
      Source: arn:aws:sqs:us-east-1:000000000000:work
      Target: arn:aws:logs:us-east-1:000000000000:log-group:/shop
      Enrichment: arn:aws:events:us-east-1:000000000000:api-destination/names/1
`);
  expect(project.resources).toHaveLength(2);
  expect(lines).toEqual([
    expect.stringMatching(/^warning not-emulated @8: pipe "P" hands its events to arn:aws:ecs:\S+, which is/),
    expect.stringMatching(/^warning not-emulated @9: pipe "P" is enriched by arn:aws:states:\S+, which is/),
  ]);
});

test('a method of a REST API is a target and an enrichment', async () => {
  const { project, problems } = await loadTemplate(`
Resources:
  Api: { Type: AWS::ApiGateway::RestApi }
  P:
    Type: AWS::Pipes::Pipe
    Properties:
      RoleArn: r
      Source: arn:aws:sqs:us-east-1:000000000000:work
      Enrichment: !Sub arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/dev/GET/pets/*
      EnrichmentParameters: { HttpParameters: { PathParameterValues: [$.body.pet] } }
      Target: !Sub arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/dev/POST/pets
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [shop] }
      Targets: [{ Id: a, Arn: !Sub 'arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/dev/POST/pets' }]
`);
  expect(problems).toEqual([]);
  expect(project.resources.map(({ kind }) => kind).sort()).toEqual(['event-rule', 'pipe']);
});

test('a schedule of what only rules can reach is a warning that says what to do', async () => {
  const schedule = (target: string) =>
    `{ Type: AWS::Scheduler::Schedule, Properties: { ScheduleExpression: rate(1 hour), FlexibleTimeWindow: { Mode: 'OFF' }, Target: { RoleArn: r, Arn: '${target}' } } }`;
  const { lines } = await loadTemplate(`
Resources:
  Log: ${schedule('arn:aws:logs:us-east-1:000000000000:log-group:/shop')}
  Call: ${schedule('arn:aws:events:us-east-1:000000000000:api-destination/d/1')}
  Rest: ${schedule('arn:aws:execute-api:us-east-1:000000000000:a/dev/GET/')}
`);
  expect(lines).toEqual([
    expect.stringMatching(/@3: .*is no target of schedules: .*aws-sdk:cloudwatchlogs:putLogEvents/),
    expect.stringMatching(/@4: .*is no target of schedules: put an event on a bus/),
    expect.stringMatching(/@5: .*is no target of schedules: put an event on a bus/),
  ]);
});
