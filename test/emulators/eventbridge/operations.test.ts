/** The operations on buses, rules, targets, permissions and tags, and what they refuse. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { EVENTS, QUEUES, type RunningEvents, startEvents } from './running-events.ts';

let events: RunningEvents;
beforeEach(async () => {
  events = await startEvents();
});
afterEach(async () => {
  await events.emulator.close();
  await events.store.close();
});

const refusal = (operation: string, input: JsonObject) =>
  events.call(operation, input).then(
    () => 'taken',
    (failure: { code: string; message: string }) => `${failure.code}: ${failure.message}`,
  );

test('buses are made, described, changed, listed by pages and deleted', async () => {
  for (const Name of ['b', 'a', 'other'])
    expect(await events.call('CreateEventBus', { Name, Description: 'd' })).toEqual({
      ...{ EventBusArn: `${EVENTS}event-bus/${Name}`, Description: 'd' },
    });
  const first = await events.call('ListEventBuses', { Limit: 2 });
  expect(first).toMatchObject({ EventBuses: [{ Name: 'a' }, { Name: 'b' }] });
  expect(await events.call('ListEventBuses', { NextToken: first.NextToken ?? null })).toMatchObject({
    EventBuses: [{ Name: 'default' }, { Name: 'other' }],
  });
  expect(await events.call('ListEventBuses', { NamePrefix: 'o' })).toMatchObject({
    EventBuses: [{ Name: 'other' }],
  });
  await events.call('UpdateEventBus', { Name: 'a', DeadLetterConfig: { Arn: `${QUEUES}dead` } });
  expect(await events.call('DescribeEventBus', { Name: `${EVENTS}event-bus/a` })).toMatchObject({
    ...{ Name: 'a', Description: 'd', DeadLetterConfig: { Arn: `${QUEUES}dead` } },
  });
  await events.call('PutRule', { Name: 'r', EventBusName: 'a', EventPattern: '{"a":["b"]}' });
  expect(await refusal('DeleteEventBus', { Name: 'a' })).toBe(
    "ValidationException: Event bus can't be deleted since it has rules.",
  );
  await events.call('DeleteRule', { Name: 'r', EventBusName: 'a' });
  await events.call('DeleteEventBus', { Name: 'a' });
  await events.call('DeleteEventBus', { Name: 'a' });
  expect(await refusal('DescribeEventBus', { Name: 'a' })).toBe(
    'ResourceNotFoundException: Event bus a does not exist.',
  );
  expect(await refusal('CreateEventBus', { Name: 'b' })).toBe(
    'ResourceAlreadyExistsException: Event bus b already exists.',
  );
  expect(await refusal('DeleteEventBus', { Name: 'default' })).toContain('Cannot delete event bus default.');
  expect(await refusal('CreateEventBus', { Name: 'a b' })).toContain("Value 'a b' at 'name' failed");
});

test('rules are described, listed, found by their target and deleted', async () => {
  const input = { EventPattern: '{"a":["b"]}', Description: 'd', RoleArn: 'arn:aws:iam::1:role/r' };
  expect(await events.call('PutRule', { Name: 'r1', ...input })).toEqual({ RuleArn: `${EVENTS}rule/r1` });
  await events.call('PutRule', { Name: 'r2', ...input, State: 'DISABLED' });
  expect(await events.call('DescribeRule', { Name: 'r2' })).toEqual({
    ...{ Name: 'r2', Arn: `${EVENTS}rule/r2`, State: 'DISABLED', EventBusName: 'default', ...input },
    CreatedBy: '000000000000',
  });
  expect(await events.call('ListRules', { NamePrefix: 'r' })).toMatchObject({
    Rules: [{ Name: 'r1' }, { Name: 'r2' }],
  });
  await events.call('PutTargets', { Rule: 'r1', Targets: [{ Id: '1', Arn: `${QUEUES}work` }] });
  expect(await events.call('ListRuleNamesByTarget', { TargetArn: `${QUEUES}work` })).toEqual({
    RuleNames: ['r1'],
  });
  expect(await refusal('DeleteRule', { Name: 'r1' })).toBe(
    "ValidationException: Rule can't be deleted since it has targets.",
  );
  expect(await events.call('RemoveTargets', { Rule: 'r1', Ids: ['1', '2'] })).toEqual({
    FailedEntryCount: 1,
    FailedEntries: [
      {
        ...{ TargetId: '2', ErrorCode: 'ResourceNotFoundException' },
        ErrorMessage: 'Rule r1 does not have target(s) 2.',
      },
    ],
  });
  await events.call('DeleteRule', { Name: 'r1' });
  expect(await refusal('DescribeRule', { Name: 'r1' })).toBe(
    'ResourceNotFoundException: Rule r1 does not exist on EventBus default.',
  );
});

test('rules and targets the service would refuse are refused', async () => {
  await events.call('CreateEventBus', { Name: 'other' });
  await events.call('PutRule', { Name: 'r', EventPattern: '{"a":["b"]}' });
  expect(await refusal('PutRule', { Name: 'x' })).toContain(
    'Parameter(s) EventPattern or ScheduleExpression must be specified.',
  );
  expect(
    await refusal('PutRule', { Name: 'x', EventBusName: 'other', ScheduleExpression: 'rate(1 hour)' }),
  ).toContain('ScheduleExpression is supported only on the default event bus.');
  expect(await refusal('PutRule', { Name: 'x', State: 'ON', EventPattern: '{"a":["b"]}' })).toContain(
    'Member must satisfy enum value set',
  );
  expect(await refusal('PutTargets', { Rule: 'nope', Targets: [] })).toBe(
    'ResourceNotFoundException: Rule nope does not exist on EventBus default.',
  );
  const put = (target: JsonObject) => refusal('PutTargets', { Rule: 'r', Targets: [{ Id: '1', ...target }] });
  const Arn = `${QUEUES}work`;
  for (const expression of ['rate(1 minutes)', 'rate(2 hour)', ' rate(2 hours)', 'rate( 2 hours )'])
    expect(await refusal('PutRule', { Name: 'x', ScheduleExpression: expression })).toBe(
      'ValidationException: Parameter ScheduleExpression is not valid.',
    );
  expect(await put({ Id: 'a b', Arn })).toContain(
    "Value 'a b' at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
  );
  expect(await put({})).toContain("Value null at 'arn'");
  expect(await put({ Arn: 'work' })).toContain('Provided Arn is not in correct format.');
  expect(await put({ Arn: `${QUEUES}work.fifo` })).toContain(
    'SqsParameters must be specified for target: 1.',
  );
  expect(await put({ Arn, Input: '{}', InputPath: '$' })).toContain('Only one of Input, InputPath');
  expect(await put({ Arn, Input: 'x' })).toContain('JSON syntax error in input for target 1');
  expect(await put({ Arn, InputPath: 'detail' })).toContain('Invalid InputPath for target 1');
  expect(await put({ Arn, InputTransformer: { InputTemplate: '<a>' } })).toContain(
    'InputTemplate for target 1 contains invalid placeholder a.',
  );
  expect(
    await put({ Arn, InputTransformer: { InputTemplate: '1', InputPathsMap: { 'aws.x': '$.a' } } }),
  ).toContain("contains reserved keyword 'AWS'");
  expect(await put({ Arn, RetryPolicy: { MaximumRetryAttempts: 186 } })).toContain(
    'less than or equal to 185',
  );
  const many = Array.from({ length: 6 }, (_, n) => ({ Id: String(n), Arn }));
  expect(await refusal('PutTargets', { Rule: 'r', Targets: many })).toContain('LimitExceededException');
});

test('permissions are kept as statements of the bus', async () => {
  const Condition = { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-1' };
  await events.call('PutPermission', {
    ...{ StatementId: 's', Principal: '111111111111', Action: 'events:PutEvents', Condition },
  });
  const { Policy: policy } = await events.call('DescribeEventBus');
  expect(JSON.parse(String(policy))).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Sid: 's', Effect: 'Allow', Action: 'events:PutEvents', Resource: `${EVENTS}event-bus/default` },
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      },
    ],
  });
  expect(await refusal('RemovePermission', { StatementId: 'x' })).toBe(
    'ResourceNotFoundException: Statement with the provided id does not exist.',
  );
  await events.call('RemovePermission', { StatementId: 's' });
  expect(await events.call('DescribeEventBus')).not.toHaveProperty('Policy');
});

test('buses and rules have tags', async () => {
  await events.call('CreateEventBus', { Name: 'b', Tags: [{ Key: 'a', Value: '1' }] });
  await events.call('PutRule', { Name: 'r', EventBusName: 'b', EventPattern: '{"a":["b"]}' });
  for (const ResourceARN of [`${EVENTS}event-bus/b`, `${EVENTS}rule/b/r`]) {
    await events.call('TagResource', { ResourceARN, Tags: [{ Key: 'k', Value: 'v' }] });
    await events.call('UntagResource', { ResourceARN, TagKeys: ['a'] });
    expect(await events.call('ListTagsForResource', { ResourceARN })).toEqual({
      Tags: [{ Key: 'k', Value: 'v' }],
    });
  }
  expect(await refusal('ListTagsForResource', { ResourceARN: `${EVENTS}rule/x` })).toContain(
    'ResourceNotFoundException: Rule x does not exist on EventBus default.',
  );
  expect(await refusal('ListTagsForResource', { ResourceARN: `${EVENTS}event-bus/x` })).toBe(
    'ResourceNotFoundException: Event bus x does not exist.',
  );
});

test('TestEventPattern tries a pattern, and wants a whole event', async () => {
  const event = {
    ...{ id: '1', account: '1', source: 's', time: 't', region: 'r', resources: [], 'detail-type': 'd' },
    detail: { ip: '10.0.0.7' },
  };
  const tried = (pattern: JsonObject, Event: JsonObject = event) =>
    events.call('TestEventPattern', { EventPattern: JSON.stringify(pattern), Event: JSON.stringify(Event) });
  expect(await tried({ detail: { ip: [{ cidr: '10.0.0.0/24' }] } })).toEqual({ Result: true });
  expect(await tried({ detail: { ip: [{ cidr: '10.0.1.0/24' }] } })).toEqual({ Result: false });
  await expect(tried({ source: ['s'] }, { id: '1' })).rejects.toThrow('it has no account, source');
  await expect(tried({ source: [{ foo: 1 }] })).rejects.toMatchObject({
    code: 'InvalidEventPatternException',
  });
});
