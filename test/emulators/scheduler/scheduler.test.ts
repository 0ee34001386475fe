import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningScheduler, scheduler } from '../../../emulators/scheduler/index.ts';
import type { ScheduleTrigger } from '../../../src/model/project.ts';
import { makeWorld, type World } from '../world.ts';

let world: World;
let running: RunningScheduler;
beforeEach(async () => {
  world = makeWorld();
  running = await scheduler.start(world.context);
});
afterEach(async () => {
  await running.close();
  await world.store.close();
});

const makeSchedule = (overrides: Partial<ScheduleTrigger> = {}): ScheduleTrigger => ({
  kind: 'schedule',
  functionId: 'report',
  name: 'shop-dev-nightly',
  expression: 'rate(1 hour)',
  timezone: 'UTC',
  enabled: true,
  ...overrides,
});

test('a schedule fires each time it is due, as an asynchronous invocation with the service’s event', async () => {
  await running.apply([], [makeSchedule()]);
  await world.clock.advance(2 * 3_600_000);
  expect(world.enqueued).toHaveLength(2);
  expect(world.enqueued[0]).toMatchObject({
    functionId: 'report',
    cause: { kind: 'schedule', name: 'shop-dev-nightly', byHand: false },
  });
  expect(JSON.parse(world.enqueued[1]?.event ?? '')).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '000000000000',
    time: '2026-01-01T02:00:00Z',
    region: 'eu-west-1',
    resources: ['arn:aws:events:eu-west-1:000000000000:rule/shop-dev-nightly'],
    detail: {},
  });
});

test('its own input replaces the event', async () => {
  await running.apply([], [makeSchedule({ input: '{"kind":"nightly"}' })]);
  await world.clock.advance(3_600_000);
  expect(world.enqueued[0]?.event).toBe('{"kind":"nightly"}');
});

test('fired by hand, by its name or its function’s, it runs at once and says so', async () => {
  await running.apply([], [makeSchedule({ enabled: false })]);
  const { requestId } = await running.fire('report');
  await running.fire('shop-dev-nightly');
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(world.enqueued.map(({ cause }) => cause)).toEqual([
    { kind: 'schedule', name: 'shop-dev-nightly', byHand: true },
    { kind: 'schedule', name: 'shop-dev-nightly', byHand: true },
  ]);
});

test('firing what is not there names what is', async () => {
  await running.apply([], [makeSchedule()]);
  await expect(running.fire('nothing')).rejects.toMatchObject({
    code: 'unknown-schedule',
    hint: 'its schedules are: shop-dev-nightly',
  });
});

test('the list says when each is next due; a disabled one never is', async () => {
  await running.apply([], [makeSchedule(), makeSchedule({ name: 'off', enabled: false })]);
  expect(running.list()).toEqual([
    {
      name: 'shop-dev-nightly',
      functionId: 'report',
      expression: 'rate(1 hour)',
      nextAt: Date.UTC(2026, 0, 1, 1),
    },
    { name: 'off', functionId: 'report', expression: 'rate(1 hour)' },
  ]);
});

test('a wrong expression is told, and the other schedules run', async () => {
  await running.apply([], [makeSchedule({ name: 'bad', expression: 'cron(nonsense)' }), makeSchedule()]);
  expect(world.notices).toEqual([
    "the schedule bad of report does not run: the schedule expression 'cron(nonsense)' is not valid: it has 1 fields instead of six: minutes hours day-of-month month day-of-week year",
  ]);
  await world.clock.advance(3_600_000);
  expect(world.enqueued).toHaveLength(1);
});

test('a reload stops what is gone, starts what changed and leaves the rest in its rhythm', async () => {
  await running.apply([], [makeSchedule(), makeSchedule({ name: 'gone' })]);
  await world.clock.advance(1_800_000);
  await running.apply(
    [],
    [makeSchedule({ place: { file: 'serverless.yml', line: 9 } }), makeSchedule({ name: 'new' })],
  );
  await world.clock.advance(1_800_000);
  expect(world.enqueued.map(({ cause }) => cause)).toEqual([
    { kind: 'schedule', name: 'shop-dev-nightly', byHand: false },
  ]);
  await world.clock.advance(1_800_000);
  expect(world.enqueued).toHaveLength(2);
});

test('a rate keeps its rhythm over sessions, and what was missed in between is not made up for', async () => {
  await running.apply([], [makeSchedule({ expression: 'rate(1 day)' })]);
  await running.close();
  await world.clock.advance(2.5 * 86_400_000);
  const later = await scheduler.start(world.context);
  await later.apply([], [makeSchedule({ expression: 'rate(1 day)' })]);
  expect(later.list()[0]?.nextAt).toBe(Date.UTC(2026, 0, 4));
  await world.clock.advance(86_400_000);
  expect(world.enqueued).toHaveLength(1);
  await later.close();
});

test('nothing waits when it is closed', async () => {
  await running.apply([], [makeSchedule()]);
  await running.close();
  expect(world.clock.waiting).toBe(0);
});
