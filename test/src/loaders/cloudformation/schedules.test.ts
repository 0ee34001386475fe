import { expect, test } from 'vitest';
import { loadTemplate } from './project-on-disk.ts';

const settingsOf = (resource: object | undefined) =>
  JSON.parse((resource as { settings?: string } | undefined)?.settings ?? 'null') as unknown;

test('AWS::Scheduler::Schedule and its group become resources with the settings their API takes', async () => {
  const { project, problems } = await loadTemplate(`
Resources:
  Q: { Type: AWS::SQS::Queue, Properties: { QueueName: work } }
  Group: { Type: AWS::Scheduler::ScheduleGroup, Properties: { Name: nightly, Tags: [{ Key: team, Value: shop }] } }
  S:
    Type: AWS::Scheduler::Schedule
    Properties:
      Name: s
      GroupName: !Ref Group
      ScheduleExpression: at(2030-01-01T00:00:00)
      ScheduleExpressionTimezone: Asia/Tokyo
      FlexibleTimeWindow: { Mode: FLEXIBLE, MaximumWindowInMinutes: '15' }
      StartDate: '2029-01-01T00:00:00Z'
      Target: { Arn: !GetAtt Q.Arn, RoleArn: 'arn:aws:iam::000000000000:role/mine', Input: { a: 1 }, RetryPolicy: { MaximumRetryAttempts: 3 } }
`);
  expect(problems).toEqual([]);
  expect(project.resources.filter(({ kind }) => kind !== 'queue')).toMatchObject([
    { kind: 'schedule-group', name: 'nightly', tags: { team: 'shop' } },
    { kind: 'schedule', name: 's', group: 'nightly' },
  ]);
  expect(settingsOf(project.resources.at(-1))).toEqual({
    ScheduleExpression: 'at(2030-01-01T00:00:00)',
    ScheduleExpressionTimezone: 'Asia/Tokyo',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
    StartDate: '2029-01-01T00:00:00Z',
    Target: {
      Arn: 'arn:aws:sqs:us-east-1:000000000000:work',
      RoleArn: 'arn:aws:iam::000000000000:role/mine',
      Input: '{"a":1}',
      RetryPolicy: { MaximumRetryAttempts: 3 },
    },
  });
});

test('a target no service here takes is a warning, an expression that is none an error', async () => {
  const { lines } = await loadTemplate(`
Resources:
  A: { Type: AWS::Scheduler::Schedule, Properties: { Name: a, ScheduleExpression: rate(1 day), Target: { Arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/c' } } }
  B: { Type: AWS::Scheduler::Schedule, Properties: { Name: b, ScheduleExpression: daily, Target: { Arn: 'arn:aws:sqs:us-east-1:000000000000:q' } } }
`);
  expect(lines).toEqual([
    expect.stringMatching(/^error invalid-schedule @\d+: the schedule expression 'daily' is not valid/),
    expect.stringMatching(/^warning not-emulated @\d+: AWS::Scheduler::Schedule "A": "arn:aws:ecs:/),
  ]);
});

test('SAM’s ScheduleV2 is a schedule of its function, with the dead-letter queue SAM makes', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: index.handler
      Runtime: nodejs22.x
      FunctionName: f
      Events:
        Nightly:
          Type: ScheduleV2
          Properties:
            ScheduleExpression: cron(0 3 * * ? *)
            State: DISABLED
            Input: '{"a":1}'
            FlexibleTimeWindow: { Mode: 'OFF' }
            RetryPolicy: { MaximumEventAgeInSeconds: 60 }
            DeadLetterConfig: { Type: SQS }
`);
  expect(problems).toEqual([]);
  expect(project.triggers).toEqual([]);
  const queue = `arn:aws:sqs:us-east-1:000000000000:${project.name}-FNightlyQueue`;
  expect(project.resources).toMatchObject([
    { kind: 'queue', arn: queue },
    { kind: 'schedule', name: 'FNightly', group: 'default' },
  ]);
  expect(settingsOf(project.resources[1])).toEqual({
    ScheduleExpression: 'cron(0 3 * * ? *)',
    State: 'DISABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
      Input: '{"a":1}',
      RetryPolicy: { MaximumEventAgeInSeconds: 60 },
      DeadLetterConfig: { Arn: queue },
    },
  });
});

test('a ScheduleV2 is called by its logical id as SAM calls it, or as CloudFormation would with OmitName', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: index.handler
      Runtime: nodejs22.x
      Environment: { Variables: { NIGHTLY: !Ref FNightly, OTHER: !Ref FUnnamedOfAVeryLongNameThatIsCutByTheService } }
      Events:
        Nightly: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } }
        UnnamedOfAVeryLongNameThatIsCutByTheService: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day), OmitName: true } }
`);
  expect(problems).toEqual([]);
  const [named, unnamed] = project.resources.flatMap((one) => (one.kind === 'schedule' ? [one.name] : []));
  expect(named).toBe('FNightly');
  expect(unnamed).toHaveLength(64);
  expect(unnamed?.startsWith(`${project.name}-FUnnamed`)).toBe(true);
  expect(project.functions[0]?.env).toEqual({ NIGHTLY: named, OTHER: unnamed });
});

test('what rules and schedules would refuse is told, and left out', async () => {
  const { project, lines } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Rule: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(5 minute), Targets: [{ Id: a, Arn: !GetAtt F.Arn }] } }
  Other: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 days), Targets: [{ Id: a, Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }] } }
  S: { Type: AWS::Scheduler::Schedule, Properties: { ScheduleExpression: cron(* * * *), Target: { Arn: !GetAtt F.Arn } } }
  Zone: { Type: AWS::Scheduler::Schedule, Properties: { ScheduleExpression: rate(1 day), ScheduleExpressionTimezone: Mars/Phobos, Target: { Arn: !GetAtt F.Arn } } }
  Taken: { Type: AWS::Scheduler::Schedule, Properties: { ScheduleExpression: rate(5 minute), Target: { Arn: !GetAtt F.Arn } } }
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: index.handler
      Runtime: nodejs22.x
      Events:
        A: { Type: Schedule, Properties: { Schedule: rate(1 minutes) } }
        B: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(0 hours) } }
        C: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 minutes) } }
`);
  expect(project.triggers).toEqual([]);
  expect(project.resources).toMatchObject([
    { kind: 'schedule', name: expect.stringContaining('Taken') },
    { kind: 'schedule', name: 'FC' },
  ]);
  const unit = 'is not valid: the unit is singular for 1, plural otherwise';
  expect(lines.toSorted()).toEqual([
    `error invalid-schedule @16: the schedule expression 'rate(1 minutes)' ${unit}`,
    "error invalid-schedule @17: the schedule expression 'rate(0 hours)' is not valid: a rate is a whole number above zero and minutes, hours or days",
    `error invalid-schedule @4: the schedule expression 'rate(5 minute)' ${unit}`,
    `error invalid-schedule @5: the schedule expression 'rate(1 days)' ${unit}`,
    "error invalid-schedule @6: the schedule expression 'cron(* * * *)' is not valid: it has 4 fields instead of six: minutes hours day-of-month month day-of-week year",
    "error invalid-schedule @7: 'Mars/Phobos' is no time zone",
    "warning invalid-schedule @8: the unit of 'rate(5 minute)' is singular: EventBridge Scheduler may refuse it",
  ]);
});
