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
    {
      ...{ kind: 'event-rule', functionId: 'F', bus: 'default', rule: `${project.name}-Pattern` },
      ...{ pattern: '{"source":["shop"]}', enabled: true, target: { id: 'x', settings: {} } },
    },
  ]);
  expect(project.resources).toMatchObject([
    {
      ...{ kind: 'event-rule', name: `${project.name}-Rule`, schedule: 'rate(1 hour)', enabled: false },
      targets: [{ id: 'three', arn: expect.stringMatching(/^arn:aws:iam:/), settings: {} }],
    },
  ]);
  expect(lines).toEqual([
    expect.stringMatching(
      /^warning not-emulated @\d+: rule "Rule": its target "arn:aws:iam:.*" is not emulated/,
    ),
  ]);
});

test('buses, rules with other targets, archives, connections and API destinations', async () => {
  const { project, lines } = await loadTemplate(`
Resources:${fn}
  Bus: { Type: AWS::Events::EventBus, Properties: { Name: orders } }
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: work } }
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: big
      EventBusName: !Ref Bus
      EventPattern: { detail: { total: [{ numeric: ['>', 5] }] } }
      Targets:
        - Id: queue
          Arn: !GetAtt Queue.Arn
          SqsParameters: { MessageGroupId: g }
          InputTransformer: { InputPathsMap: { a: $.detail.a }, InputTemplate: '<a>' }
        - { Id: fn, Arn: !GetAtt F.Arn, RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: !GetAtt Queue.Arn } }
  Archive: { Type: AWS::Events::Archive, Properties: { ArchiveName: all, SourceArn: !GetAtt Bus.Arn, RetentionDays: 3 } }
  Connection:
    Type: AWS::Events::Connection
    Properties: { Name: c, AuthorizationType: API_KEY, AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: k, ApiKeyValue: v } } }
  Destination:
    Type: AWS::Events::ApiDestination
    Properties: { Name: d, ConnectionArn: !GetAtt Connection.Arn, InvocationEndpoint: 'http://127.0.0.1:1/x', HttpMethod: POST }
  Bad: { Type: AWS::Events::Rule, Properties: { EventPattern: { source: shop }, Targets: [{ Id: x, Arn: !GetAtt F.Arn }] } }
`);
  const queueArn = 'arn:aws:sqs:us-east-1:000000000000:work';
  expect(project.triggers).toMatchObject([
    {
      ...{ kind: 'event-rule', functionId: 'F', bus: 'orders', rule: 'big' },
      target: {
        id: 'fn',
        settings: { RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: queueArn } },
      },
    },
  ]);
  const connectionArn = expect.stringMatching(/^arn:aws:events:us-east-1:000000000000:connection\/c\/\w+$/);
  expect(project.resources).toMatchObject([
    { kind: 'event-bus', name: 'orders' },
    { kind: 'queue' },
    {
      ...{ kind: 'event-rule', name: 'big', bus: 'orders' },
      targets: [{ id: 'queue', arn: queueArn, settings: { SqsParameters: { MessageGroupId: 'g' } } }],
    },
    {
      ...{ kind: 'event-archive', name: 'all', retentionDays: 3 },
      busArn: 'arn:aws:events:us-east-1:000000000000:event-bus/orders',
    },
    { kind: 'event-connection', name: 'c', arn: connectionArn, authorizationType: 'API_KEY' },
    { kind: 'api-destination', name: 'd', connectionArn, url: 'http://127.0.0.1:1/x', method: 'POST' },
  ]);
  expect(lines).toEqual([
    expect.stringMatching(
      /^error invalid-pattern @\d+: the EventPattern of rule "Bad" is none: "source" must be/,
    ),
  ]);
});

test('EventBridgeRule and CloudWatchEvent of SAM become rules, with the queue SAM makes for dead letters', async () => {
  const { project, lines } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: .
      Events:
        Ordered:
          Type: EventBridgeRule
          Properties: { Pattern: { source: [shop] }, InputPath: $.detail, EventBusName: orders, DeadLetterConfig: { Type: SQS } }
        Old: { Type: CloudWatchEvent, Properties: { Pattern: { source: [aws.ec2] }, State: DISABLED } }
        None: { Type: EventBridgeRule, Properties: { EventBusName: orders } }
`);
  const { name } = project;
  const arn = `arn:aws:sqs:us-east-1:000000000000:${name}-FOrderedQueue`;
  expect(project.triggers).toMatchObject([
    {
      ...{ kind: 'event-rule', functionId: 'F', bus: 'orders', rule: `${name}-FOrdered`, enabled: true },
      target: { settings: { InputPath: '$.detail', DeadLetterConfig: { Arn: arn } } },
    },
    { kind: 'event-rule', bus: 'default', rule: `${name}-FOld`, enabled: false },
  ]);
  expect(project.resources).toMatchObject([{ kind: 'queue', arn }]);
  expect(lines).toEqual([expect.stringMatching(/^error invalid-event @\d+: .*"None".* has no Pattern/)]);
});

test('a function URL resource becomes a trigger; other sources and unknown functions are warnings', async () => {
  const { project, lines } = await loadTemplate(`
Resources:${fn}
  Url: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !Ref F, AuthType: AWS_IAM } }
  K: { Type: AWS::MSK::Cluster, Properties: { ClusterName: k } }
  Stream: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/k/1', FunctionName: !Ref F } }
  Other: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: elsewhere, AuthType: NONE } }
`);
  expect(project.triggers).toMatchObject([
    { kind: 'function-url', functionId: 'F', authorizer: { kind: 'iam' } },
  ]);
  expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
    'warning not-emulated @7',
    'warning unknown-function @8',
    'warning not-emulated @6',
  ]);
});

test('a Schedule of SAM keeps what it says of failures, with the queue SAM makes', async () => {
  const { project, problems } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: .
      Events:
        Plain: { Type: Schedule, Properties: { Schedule: rate(1 hour) } }
        Kept: { Type: Schedule, Properties: { Schedule: rate(1 hour), Input: '{"a":1}', DeadLetterConfig: { Type: SQS, QueueLogicalId: Lost } } }
        Retried: { Type: Schedule, Properties: { Schedule: rate(1 hour), Enabled: false, RetryPolicy: { MaximumRetryAttempts: 1 } } }
`);
  expect(problems).toEqual([]);
  const arn = `arn:aws:sqs:us-east-1:000000000000:${project.name}-Lost`;
  expect(project.triggers).toMatchObject([
    { kind: 'schedule', name: `${project.name}-FPlain`, enabled: true },
    {
      ...{ kind: 'event-rule', bus: 'default', rule: `${project.name}-FKept`, schedule: 'rate(1 hour)' },
      target: { id: 'FKeptLambdaTarget', settings: { Input: '{"a":1}', DeadLetterConfig: { Arn: arn } } },
    },
    {
      ...{ kind: 'event-rule', rule: `${project.name}-FRetried`, enabled: false },
      target: { settings: { RetryPolicy: { MaximumRetryAttempts: 1 } } },
    },
  ]);
  expect(project.resources).toMatchObject([{ kind: 'queue', id: 'Lost', arn }]);
});

test('the name of a rule SAM makes is cut where the service takes no more', async () => {
  const { project } = await loadTemplate(`
Transform: AWS::Serverless-2016-10-31
Resources:
  FunctionOfALongName:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: .
      Events:
        EventOfANameThatIsEvenLongerThanThat: { Type: EventBridgeRule, Properties: { Pattern: { source: [shop] } } }
`);
  const [trigger] = project.triggers;
  expect(trigger?.kind === 'event-rule' && trigger.rule).toHaveLength(64);
});
