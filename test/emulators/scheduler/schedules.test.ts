import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServiceError } from '../../../emulators/_wire/service-error.ts';
import { type RunningScheduler, scheduler } from '../../../emulators/scheduler/index.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { callRest } from '../rest-call.ts';
import { makeFunction, makeWorld, type World } from '../world.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:work';
const ROLE = 'arn:aws:iam::000000000000:role/scheduler';
const DEAD = 'arn:aws:sqs:eu-west-1:000000000000:dead';
const MINUTE = 60_000;
/** The fake clock begins at 2026-01-01T00:00:00Z. */
const START = Date.UTC(2026, 0, 1);

let world: World;
let running: RunningScheduler;
beforeEach(async () => {
  world = makeWorld();
  running = await scheduler.start(world.context);
  await running.apply([], []);
});
afterEach(async () => {
  await running.close();
  await world.store.close();
});

const target = (more: JsonObject = {}): JsonObject => ({ Arn: QUEUE, RoleArn: ROLE, ...more });
const settings = (more: JsonObject = {}): JsonObject => ({
  ScheduleExpression: 'cron(0 12 * * ? *)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: target(),
  ...more,
});
const create = (name: string, more: JsonObject = {}) =>
  callRest(running.api, 'CreateSchedule', { path: { Name: name }, body: settings(more) });
const get = (name: string, groupName?: string) =>
  callRest(running.api, 'GetSchedule', { path: { Name: name }, query: groupName ? { groupName } : {} });

describe('the API', () => {
  test('a schedule is told with the defaults of the service', async () => {
    const { ScheduleArn } = await create('noon');
    expect(ScheduleArn).toBe('arn:aws:scheduler:eu-west-1:000000000000:schedule/default/noon');
    expect(await get('noon')).toEqual({
      Arn: ScheduleArn,
      Name: 'noon',
      GroupName: 'default',
      State: 'ENABLED',
      ActionAfterCompletion: 'NONE',
      CreationDate: START / 1000,
      LastModificationDate: START / 1000,
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'cron(0 12 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      Target: target({ RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } }),
    });
  });

  test('an update replaces everything, and what it leaves out goes back to the default', async () => {
    await create('noon', { Description: 'at noon', State: 'DISABLED' });
    await callRest(running.api, 'UpdateSchedule', {
      path: { Name: 'noon' },
      body: settings({ ScheduleExpressionTimezone: 'Europe/Berlin' }),
    });
    const now = await get('noon');
    expect(now).toMatchObject({ State: 'ENABLED', ScheduleExpressionTimezone: 'Europe/Berlin' });
    expect(now).not.toHaveProperty('Description');
  });

  test.each<[string, JsonObject, RegExp]>([
    [
      'an expression',
      { ScheduleExpression: 'cron(0 12 * * *)' },
      /^Invalid Schedule Expression cron\(0 12 \* \* \*\)\.$/,
    ],
    [
      'a time zone',
      { ScheduleExpressionTimezone: 'Mars/Base' },
      /^Invalid ScheduleExpressionTimezone Mars\/Base\.$/,
    ],
    ['a start in the past', { StartDate: START / 1000 - 3600 }, /cannot be earlier than 5 minutes ago/],
    ['a window without its size', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, /MaximumWindowInMinutes/],
    [
      'too many retries',
      { Target: target({ RetryPolicy: { MaximumRetryAttempts: 186 } }) },
      /'target\.retryPolicy\.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185/,
    ],
    [
      'a target that is no ARN',
      { Target: target({ Arn: 'work' }) },
      /^Provided Arn is not in correct format\.$/,
    ],
    [
      'a target without a role',
      { Target: { Arn: QUEUE } },
      /'target\.roleArn' failed to satisfy constraint: Member must not be null/,
    ],
    ['a FIFO queue without a group', { Target: target({ Arn: `${QUEUE}.fifo` }) }, /MessageGroupId/],
    [
      'an event bus without a source',
      { Target: target({ Arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/default' }) },
      /EventBridgeParameters/,
    ],
    [
      'a universal target nobody has',
      { Target: target({ Arn: 'arn:aws:scheduler:::aws-sdk:sqs:fly' }) },
      /sqs:Fly/,
    ],
    [
      'an input of more than 256 KB',
      { Target: target({ Input: 'x'.repeat(262_145) }) },
      /at most 262144 bytes, found 262145/,
    ],
    [
      'an API destination',
      { Target: target({ Arn: 'arn:aws:events:eu-west-1:000000000000:api-destination/d/1' }) },
      /schedules cannot call API destinations\. Let the schedule put an event on a bus/,
    ],
    [
      'a log group',
      { Target: target({ Arn: 'arn:aws:logs:eu-west-1:000000000000:log-group:/shop' }) },
      /by the universal target arn:aws:scheduler:::aws-sdk:cloudwatchlogs:putLogEvents/,
    ],
    [
      'a state',
      { State: 'ON' },
      /'state' failed to satisfy constraint: Member must satisfy enum value set: \[ENABLED, DISABLED\]/,
    ],
  ])('%s is refused with a ValidationException', async (_what, more, message) => {
    await expect(create('bad', more)).rejects.toMatchObject({ code: 'ValidationException', message });
  });

  test('a universal target that only looks is refused', async () => {
    world.operations.add('sqs:ReceiveMessage');
    const Target = target({ Arn: 'arn:aws:scheduler:::aws-sdk:sqs:receiveMessage' });
    await expect(create('bad', { Target })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('the same name twice is a conflict, unless it is the same request with the same token', async () => {
    await create('noon', { ClientToken: 'a' });
    await expect(create('noon')).rejects.toMatchObject({ code: 'ConflictException', status: 409 });
    expect(await create('noon', { ClientToken: 'a' })).toHaveProperty('ScheduleArn');
    await expect(create('noon', { ClientToken: 'a', State: 'DISABLED' })).rejects.toMatchObject({
      code: 'ConflictException',
    });
  });

  test('a group holds its schedules, has tags, and takes its schedules with it', async () => {
    const { ScheduleGroupArn } = await callRest(running.api, 'CreateScheduleGroup', {
      path: { Name: 'nightly' },
      body: { Tags: [{ Key: 'team', Value: 'shop' }] },
    });
    await create('noon', { GroupName: 'nightly' });
    await expect(get('noon')).rejects.toMatchObject({ message: 'Schedule noon does not exist.' });
    expect(await get('noon', 'nightly')).toMatchObject({ GroupName: 'nightly' });
    const path = { ResourceArn: String(ScheduleGroupArn) };
    await callRest(running.api, 'TagResource', { path, body: { Tags: [{ Key: 'cost', Value: '1' }] } });
    await callRest(running.api, 'UntagResource', { path, query: { TagKeys: 'team' } });
    expect(await callRest(running.api, 'ListTagsForResource', { path })).toEqual({
      Tags: [{ Key: 'cost', Value: '1' }],
    });
    await callRest(running.api, 'DeleteScheduleGroup', { path: { Name: 'nightly' } });
    await expect(get('noon', 'nightly')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Schedule group nightly does not exist.',
    });
    expect(await callRest(running.api, 'ListScheduleGroups')).toMatchObject({
      ScheduleGroups: [{ Name: 'default', State: 'ACTIVE' }],
    });
  });

  test('lists come in pages, by group, prefix and state', async () => {
    for (const name of ['a1', 'a2', 'b1']) await create(name);
    await create('a3', { State: 'DISABLED' });
    const list = (query: Record<string, string>) => callRest(running.api, 'ListSchedules', { query });
    const first = await list({ NamePrefix: 'a', MaxResults: '2' });
    expect(first).toMatchObject({ Schedules: [{ Name: 'a1' }, { Name: 'a2' }] });
    const second = await list({ NamePrefix: 'a', MaxResults: '2', NextToken: String(first.NextToken) });
    expect(second).toMatchObject({ Schedules: [{ Name: 'a3', Target: { Arn: QUEUE } }] });
    expect(second).not.toHaveProperty('NextToken');
    expect((await list({ State: 'DISABLED' })).Schedules).toHaveLength(1);
  });
});

describe('running', () => {
  test('a queue gets the schedule’s input with its context attributes', async () => {
    const Input =
      '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>","n":"<aws.scheduler.attempt-number>"}';
    await create('noon', { Target: target({ Input }) });
    await world.clock.advance(12 * 60 * MINUTE);
    expect(world.handed).toEqual([
      {
        arn: QUEUE,
        body: '{"at":"2026-01-01T12:00:00Z","by":"arn:aws:scheduler:eu-west-1:000000000000:schedule/default/noon","n":"1"}',
        cause: { kind: 'schedule', name: 'noon', byHand: false },
        origin: { traceId: expect.stringMatching(/^1-/) },
      },
    ]);
  });

  test('without an input it is told that it is time', async () => {
    await create('noon');
    await world.clock.advance(12 * 60 * MINUTE);
    expect(JSON.parse(world.handed[0]?.body ?? '')).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      time: '2026-01-01T12:00:00Z',
      detail: '{}',
    });
  });

  test('a universal target is the operation itself', async () => {
    world.operations.add('dynamodb:PutItem');
    const Arn = 'arn:aws:scheduler:::aws-sdk:dynamodb:putItem';
    await create('put', { Target: target({ Arn, Input: '{"TableName":"orders"}' }) });
    await world.clock.advance(12 * 60 * MINUTE);
    expect(world.calls).toMatchObject([
      { service: 'dynamodb', operation: 'PutItem', input: { TableName: 'orders' } },
    ]);
  });

  test('a rate begins at once, or with its start date, and ends with its end date', async () => {
    await create('now', { ScheduleExpression: 'rate(5 minutes)' });
    await create('later', {
      ScheduleExpression: 'rate(5 minutes)',
      StartDate: START / 1000 + 120,
      EndDate: START / 1000 + 600,
    });
    await world.clock.advance(11 * MINUTE);
    const times = (name: string) =>
      world.handed
        .filter(({ cause }) => cause.kind === 'schedule' && cause.name === name)
        .map(({ body }) => JSON.parse(body).time.slice(11, 16));
    expect(times('now')).toEqual(['00:00', '00:05', '00:10']);
    expect(times('later')).toEqual(['00:02', '00:07']);
  });

  test('a time that clocks skip in spring is left out, and one they show twice in autumn counts once', async () => {
    await create('early', {
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    });
    const day = 86_400_000;
    await world.clock.advance(Date.UTC(2026, 2, 28, 12) - START);
    world.handed.length = 0;
    await world.clock.advance(2 * day);
    expect(world.handed.map(({ body }) => JSON.parse(body).time)).toEqual(['2026-03-30T00:30:00Z']);
    await world.clock.advance(Date.UTC(2026, 9, 24, 12) - Date.UTC(2026, 2, 30, 12));
    world.handed.length = 0;
    await world.clock.advance(day);
    expect(world.handed.map(({ body }) => JSON.parse(body).time)).toEqual(['2026-10-25T00:30:00Z']);
  });

  test('within a flexible window the same moment is chosen each time, and told', async () => {
    await create('noon', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 } });
    const [line] = running.list();
    const dueAt = START + 12 * 60 * MINUTE;
    expect(line).toMatchObject({ name: 'noon', group: 'default', functionId: QUEUE, dueAt });
    const nextAt = line?.nextAt ?? 0;
    expect(nextAt).toBeGreaterThan(dueAt);
    expect(nextAt).toBeLessThan(dueAt + 60 * MINUTE);
    await world.clock.advance(nextAt - START - 1);
    expect(world.handed).toHaveLength(0);
    await world.clock.advance(1);
    expect(JSON.parse(world.handed[0]?.body ?? '').time).toBe('2026-01-01T12:00:00Z');
  });

  test('a disabled one does not run, nor does a deleted one', async () => {
    await create('off', { State: 'DISABLED' });
    await create('gone');
    await callRest(running.api, 'DeleteSchedule', { path: { Name: 'gone' } });
    await world.clock.advance(48 * 60 * MINUTE);
    expect(world.handed).toEqual([]);
    expect(world.clock.waiting).toBe(0);
  });

  test('a single one that is to go after it ran is gone', async () => {
    await create('once', { ScheduleExpression: 'at(2026-01-01T00:10:00)', ActionAfterCompletion: 'DELETE' });
    await create('kept', { ScheduleExpression: 'at(2026-01-01T00:10:00)' });
    await world.clock.advance(10 * MINUTE);
    expect(world.handed).toHaveLength(2);
    await expect(get('once')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect(await get('kept')).toMatchObject({ State: 'ENABLED' });
    expect(running.list()).toEqual([expect.not.objectContaining({ nextAt: expect.anything() })]);
  });

  test('what fails is tried again later and later, and then its payload goes to the dead-letter queue', async () => {
    world.peers.add(DEAD);
    world.refusal = new ServiceError('AWS.SimpleQueueService.NonExistentQueue', 'no such queue');
    const Target = target({
      Input: 'do it',
      RetryPolicy: { MaximumRetryAttempts: 2 },
      DeadLetterConfig: { Arn: DEAD },
    });
    await create('once', { ScheduleExpression: 'at(2026-01-01T00:10:00)', Target });
    await world.clock.advance(10 * MINUTE);
    expect(world.handed).toHaveLength(1);
    await world.clock.advance(1000);
    expect(world.handed).toHaveLength(2);
    await world.clock.advance(1999);
    expect(world.handed).toHaveLength(2);
    await world.clock.advance(1);
    expect(world.handed).toHaveLength(3);
    const [told] = world.sent;
    expect(told).toMatchObject({ arn: DEAD, body: 'do it', origin: world.handed[0]?.origin });
    expect(
      Object.fromEntries(Object.entries(told?.attributes ?? {}).map(([key, { value }]) => [key, value])),
    ).toEqual({
      ERROR_CODE: 'AWS.SimpleQueueService.NonExistentQueue',
      ERROR_MESSAGE: 'no such queue',
      EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/),
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: '2',
      SCHEDULED_TIME: '2026-01-01T00:10:00Z',
      SCHEDULE_ARN: 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/once',
      TARGET_ARN: QUEUE,
    });
  });

  test('an event that gets too old is given up before its retries are', async () => {
    world.refusal = new ServiceError('Busy', 'busy');
    const Target = target({ RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
    await create('once', { ScheduleExpression: 'at(2026-01-01T00:10:00)', Target });
    await world.clock.advance(20 * MINUTE);
    // After 0, 1, 3, 7, 15 and 31 seconds; the next try would be after 63.
    expect(world.handed).toHaveLength(6);
    expect(world.notices.at(-1)).toBe('the schedule once failed: busy; its payload was dropped');
  });

  test('the next session goes on: a retry is tried, a single one that was missed runs, a recurring one waits', async () => {
    world.refusal = new ServiceError('Busy', 'busy');
    await create('failing', { ScheduleExpression: 'at(2026-01-01T00:10:00)' });
    await world.clock.advance(10 * MINUTE);
    await create('missed', { ScheduleExpression: 'at(2026-01-01T00:15:00)' });
    await create('often', { ScheduleExpression: 'cron(0/5 * * * ? *)' });
    await running.close();
    await world.clock.advance(30 * MINUTE + 1000);
    const later = makeWorld(world.store, world.clock);
    running = await scheduler.start(later.context);
    await running.apply([], []);
    await later.clock.advance(0);
    expect(later.handed.map(({ cause }) => cause.kind === 'schedule' && cause.name).sort()).toEqual([
      'failing',
      'missed',
    ]);
    await later.clock.advance(5 * MINUTE);
    expect(later.handed).toHaveLength(3);
  });

  test('a project that is read again does not repeat what is under way, nor forget what is due', async () => {
    const answers: (() => void)[] = [];
    const { deliver } = world.context.services ?? {};
    const services = world.context.services as { deliver: unknown };
    services.deliver = async (handed: never) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return deliver?.(handed);
    };
    await create('noon');
    await create('often', { ScheduleExpression: 'rate(1 hour)', StartDate: START / 1000 + 12 * 3600 });
    await world.clock.advance(12 * 60 * MINUTE);
    expect(answers).toHaveLength(2);
    await running.apply([], []);
    await world.clock.advance(1);
    expect(answers).toHaveLength(2);
    for (const answer of answers) answer();
    await world.clock.advance(60 * MINUTE);
    expect(answers).toHaveLength(3);
    answers[2]?.();
  });

  test('a rate made at no whole second begins at once too', async () => {
    await world.clock.advance(0.7);
    await create('now', { ScheduleExpression: 'rate(5 minutes)' });
    await world.clock.advance(1);
    expect(world.handed).toHaveLength(1);
  });

  test('another state is another set of schedules', async () => {
    await create('noon');
    running.reload?.();
    world.store.map('scheduler:schedules').clear();
    await running.apply([], []);
    expect(running.list()).toEqual([]);
  });
});

describe('by hand', () => {
  test('it is found by name, by group and name, and by its function', async () => {
    const fn = makeFunction();
    world.functions = [fn];
    await create('noon', { Target: target({ Arn: fn.arn }), State: 'DISABLED' });
    await running.fire('noon');
    await running.fire('default/noon');
    await running.fire(fn.id);
    expect(world.handed.map(({ arn, cause }) => ({ arn, cause }))).toEqual(
      Array.from({ length: 3 }, () => ({
        arn: fn.arn,
        cause: { kind: 'schedule', name: 'noon', byHand: true },
      })),
    );
  });

  test('what its target refuses is told at once', async () => {
    world.refusal = new ServiceError('Busy', 'busy');
    await create('noon');
    await expect(running.fire('noon')).rejects.toMatchObject({
      code: 'schedule-failed',
      message: 'the schedule noon failed: busy',
    });
    expect(world.handed).toHaveLength(1);
  });
});

describe('the project file', () => {
  const declared = (name: string, more: JsonObject = {}) =>
    ({ kind: 'schedule', name, group: 'default', settings: JSON.stringify(settings(more)) }) as const;

  test('its schedules are made, and go when it drops them; those of the API stay', async () => {
    await create('api');
    await running.apply([declared('noon')], []);
    expect(await get('noon')).toMatchObject({ State: 'ENABLED' });
    await running.apply([], []);
    await expect(get('noon')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect(await get('api')).toMatchObject({ Name: 'api' });
  });

  test('a change through the API stays until the file changes', async () => {
    await running.apply([declared('noon')], []);
    await callRest(running.api, 'UpdateSchedule', {
      path: { Name: 'noon' },
      body: settings({ State: 'DISABLED' }),
    });
    await running.apply([declared('noon')], []);
    expect(await get('noon')).toMatchObject({ State: 'DISABLED' });
    await running.apply([declared('noon', { Description: 'new' })], []);
    expect(await get('noon')).toMatchObject({ State: 'ENABLED', Description: 'new' });
  });

  test('what the service would refuse is told, and the others run', async () => {
    await running.apply([declared('bad', { ScheduleExpression: 'never' }), declared('good')], []);
    expect(world.notices).toEqual([
      'the schedule bad of the project file does not run: Invalid Schedule Expression never.',
    ]);
    expect(running.list()).toHaveLength(1);
  });

  test('a rate runs for the first time one period after it was first seen', async () => {
    await running.apply([declared('often', { ScheduleExpression: 'rate(5 minutes)' })], []);
    await world.clock.advance(4 * MINUTE);
    expect(world.handed).toHaveLength(0);
    await world.clock.advance(MINUTE);
    expect(world.handed).toHaveLength(1);
  });
});
