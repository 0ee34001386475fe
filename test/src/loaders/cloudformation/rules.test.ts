import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

const fn = `
  F: { Type: AWS::Lambda::Function, Properties: { FunctionName: f, Code: code, Handler: index.handler, Runtime: nodejs22.x } }
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref F, FunctionVersion: '1', Name: live } }`;

test('a mapping from a queue becomes a queue trigger, by name, ARN or alias of the function', async () => {
  const { project, problems } = await loadTemplate(`
Resources:${fn}
  Q: { Type: AWS::SQS::Queue, Properties: { QueueName: q } }
  ByName: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F } }
  ByAlias: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref Live, Enabled: 'false' } }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toMatchObject([
    {
      kind: 'queue',
      functionId: 'F',
      batchSize: 10,
      batchWindowMs: 0,
      reportBatchItemFailures: false,
      enabled: true,
    },
    { kind: 'queue', functionId: 'F', enabled: false },
  ]);
});

test('a rule with a schedule runs each function among its targets', async () => {
  const { project, lines } = await loadTemplate(`
Resources:${fn}
  Machine: { Type: AWS::IAM::Role }
  Rule:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 hour)
      State: DISABLED
      Targets:
        - { Id: one, Arn: !GetAtt F.Arn, Input: '{"a":1}' }
        - { Id: two, Arn: !Ref Live }
        - { Id: three, Arn: !GetAtt Machine.Arn }
  Pattern: { Type: AWS::Events::Rule, Properties: { EventPattern: { source: [shop] }, Targets: [{ Id: x, Arn: !GetAtt F.Arn }] } }
`);
  expect(project.triggers).toMatchObject([
    { kind: 'schedule', functionId: 'F', name: `${project.name}-Rule`, input: '{"a":1}', enabled: false },
    { kind: 'schedule', functionId: 'F', name: `${project.name}-Rule-two`, enabled: false },
  ]);
  expect(lines).toEqual([
    expect.stringMatching(/^warning not-emulated @\d+: AWS::Events::Rule "Rule" is for "arn:aws:iam:/),
    expect.stringMatching(/^warning not-emulated @\d+: rule "Pattern" matches events/),
  ]);
});

test('a schedule of EventBridge Scheduler keeps its time zone and input', async () => {
  const { project } = await loadTemplate(`
Resources:${fn}
  S: { Type: AWS::Scheduler::Schedule, Properties: { Name: s, ScheduleExpression: at(2030-01-01T00:00:00), ScheduleExpressionTimezone: Asia/Tokyo, Target: { Arn: !GetAtt F.Arn, Input: hello } } }
`);
  expect(project.triggers).toMatchObject([
    {
      kind: 'schedule',
      name: 's',
      expression: 'at(2030-01-01T00:00:00)',
      timezone: 'Asia/Tokyo',
      input: 'hello',
    },
  ]);
});

test('a function URL resource becomes a trigger; other sources and unknown functions are warnings', async () => {
  const { project, lines } = await loadTemplate(`
Resources:${fn}
  Url: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !Ref F, AuthType: AWS_IAM } }
  K: { Type: AWS::MSK::Cluster, Properties: { ClusterName: k } }
  Stream: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/k/1', FunctionName: !Ref F } }
  Other: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: elsewhere, AuthType: NONE } }
`);
  expect(project.triggers).toMatchObject([{ kind: 'function-url', functionId: 'F' }]);
  expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
    'warning not-emulated @5',
    'warning not-emulated @7',
    'warning unknown-function @8',
    'warning not-emulated @6',
  ]);
});
