/** EventBridge Scheduler and Pipes through the clients people use: SDK v3 and awscli. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v3 from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServices, startServices } from '../../../src/app/registry.ts';
import { makeClosers } from '../../../src/std/closers.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeWorld, type World } from '../world.ts';

/** Each call of the command starts an interpreter. */
const MANY_CALLS_MS = 180_000;
const ROLE = 'arn:aws:iam::000000000000:role/scheduler';
const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:work';

const closers = makeClosers();
let world: World;
let services: RunningServices;
let running: RunningEndpoint;
beforeAll(async () => {
  world = makeWorld();
  services = await startServices(world.context, world.store, closers);
  await services.apply([], []);
  running = await startTestEndpoint(() => services.apis);
});
afterAll(async () => {
  expect(running.bugs).toEqual([]);
  await running.endpoint.close();
  await closers.close();
  await world.store.close();
});

test('SDK v3 makes, lists, changes and removes schedules and groups', async () => {
  const client = new v3.SchedulerClient({
    ...{ endpoint: running.url, region: 'eu-west-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { ScheduleGroupArn: groupArn } = await client.send(
    new v3.CreateScheduleGroupCommand({ Name: 'nightly', Tags: [{ Key: 'team', Value: 'shop' }] }),
  );
  const settings = {
    Name: 'noon',
    GroupName: 'nightly',
    ScheduleExpression: 'cron(0 12 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    StartDate: new Date('2026-02-01T00:00:00Z'),
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
    Target: { Arn: QUEUE, RoleArn: ROLE, Input: '{}', RetryPolicy: { MaximumRetryAttempts: 1 } },
  } as const;
  await client.send(new v3.CreateScheduleCommand(settings));
  const again = client.send(new v3.CreateScheduleCommand(settings));
  await expect(again).rejects.toBeInstanceOf(v3.ConflictException);
  const named = { Name: 'noon', GroupName: 'nightly' };
  expect(await client.send(new v3.GetScheduleCommand(named))).toMatchObject({
    StartDate: settings.StartDate,
    CreationDate: expect.any(Date),
    FlexibleTimeWindow: settings.FlexibleTimeWindow,
  });
  await client.send(new v3.UpdateScheduleCommand({ ...settings, State: 'DISABLED' }));
  const { Schedules } = await client.send(
    new v3.ListSchedulesCommand({ GroupName: 'nightly', State: 'DISABLED' }),
  );
  expect(Schedules).toMatchObject([{ Name: 'noon', Target: { Arn: QUEUE } }]);
  const { Tags } = await client.send(new v3.ListTagsForResourceCommand({ ResourceArn: groupArn }));
  expect(Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
  await client.send(new v3.UntagResourceCommand({ ResourceArn: groupArn, TagKeys: ['team'] }));
  await client.send(new v3.DeleteScheduleCommand(named));
  const gone = client.send(new v3.GetScheduleCommand(named));
  await expect(gone).rejects.toBeInstanceOf(v3.ResourceNotFoundException);
  const bad = client.send(new v3.CreateScheduleCommand({ ...settings, ScheduleExpression: 'daily' }));
  await expect(bad).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Invalid Schedule Expression daily.',
  });
  await client.send(new v3.DeleteScheduleGroupCommand({ Name: 'nightly' }));
  client.destroy();
});

await describeWithTool('awscli', 'awscli', (program) => {
  const aws = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      program,
      [...args, '--endpoint-url', running.url, '--region', 'eu-west-1', '--output', 'json'],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_PAGER: '' } },
    );
    return stdout === '' ? {} : JSON.parse(stdout);
  };

  test('a pipe is made and described', { timeout: MANY_CALLS_MS }, async () => {
    const named = ['--name', 'orders'];
    const ends = ['--tags', 'team=shop', '--role-arn', ROLE, '--source', QUEUE, '--target', `${QUEUE}-done`];
    const filter = JSON.stringify({ FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] } });
    const made = await aws(
      'pipes',
      'create-pipe',
      ...named,
      ...ends,
      '--source-parameters',
      filter,
      '--desired-state',
      'STOPPED',
    );
    expect(made).toMatchObject({ Arn: 'arn:aws:pipes:eu-west-1:000000000000:pipe/orders' });
    expect(await aws('pipes', 'describe-pipe', ...named)).toMatchObject({
      CurrentState: 'STOPPED',
      SourceParameters: JSON.parse(filter),
      Tags: { team: 'shop' },
    });
    const none = aws('pipes', 'stop-pipe', '--name', 'other');
    await expect(none).rejects.toThrow('Pipe other does not exist.');
  });
});
