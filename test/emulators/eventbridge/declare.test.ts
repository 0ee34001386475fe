/** Buses and rules the project file declares. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventRuleResource, EventRuleTrigger } from '../../../src/model/event-bus.ts';
import { makeFunction } from '../world.ts';
import { EVENTS, FUNCTIONS, QUEUES, type RunningEvents, startEvents } from './running-events.ts';

let events: RunningEvents;
beforeEach(async () => {
  events = await startEvents();
  events.functions = [makeFunction()];
  events.peers.add(`${QUEUES}work`);
});
afterEach(async () => {
  await events.emulator.close();
  await events.store.close();
});

const pattern = '{"source":["shop"]}';
const resource: EventRuleResource = {
  ...{ kind: 'event-rule', name: 'big', bus: 'orders', pattern, enabled: true },
  targets: [{ id: 'queue', arn: `${QUEUES}work`, settings: {} }],
};
const trigger: EventRuleTrigger = {
  ...{ kind: 'event-rule', functionId: 'worker', rule: 'big', bus: 'orders', pattern, enabled: true },
  target: { id: 'fn', settings: { InputPath: '$.detail', RetryPolicy: { MaximumRetryAttempts: '2' } } },
};

test('functions and other targets of a rule are one rule', async () => {
  await events.apply([{ kind: 'event-bus', name: 'orders' }, resource], [trigger]);
  await events.put({ a: 1 }, { EventBusName: 'orders' });
  expect(events.sent).toHaveLength(1);
  expect(events.enqueued).toMatchObject([{ functionId: 'worker', event: '{"a":1}' }]);
  expect(await events.call('ListTargetsByRule', { Rule: 'big', EventBusName: 'orders' })).toEqual({
    Targets: [
      { Id: 'queue', Arn: `${QUEUES}work` },
      {
        ...{ Id: 'fn', Arn: `${FUNCTIONS}shop-dev-worker`, InputPath: '$.detail' },
        RetryPolicy: { MaximumRetryAttempts: 2 },
      },
    ],
  });
  expect(await events.call('DescribeRule', { Name: 'big', EventBusName: 'orders' })).toEqual({
    ...{ Name: 'big', Arn: `${EVENTS}rule/orders/big`, EventBusName: 'orders' },
    ...{ EventPattern: pattern, State: 'ENABLED', CreatedBy: '000000000000' },
  });
  expect(events.notices).toEqual([]);
});

test('a rule the file drops goes, and what the API changed stays until the file changes', async () => {
  await events.apply([resource]);
  expect(events.notices).toEqual([
    expect.stringContaining('the event bus orders of the rule big is not declared'),
  ]);
  await events.call('DisableRule', { Name: 'big', EventBusName: 'orders' });
  await events.apply([resource]);
  await events.put({}, { EventBusName: 'orders' });
  expect(events.sent).toHaveLength(0);
  await events.apply([{ ...resource, description: 'changed' }]);
  await events.put({}, { EventBusName: 'orders' });
  expect(events.sent).toHaveLength(1);
  await events.apply([]);
  await expect(events.call('DescribeRule', { Name: 'big', EventBusName: 'orders' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'Rule big does not exist on EventBus orders.',
  });
  expect(await events.call('DescribeEventBus', { Name: 'orders' })).toMatchObject({ Name: 'orders' });
});

test('a rule that cannot be made is told, and the others are made', async () => {
  const targets = [{ id: 'x', arn: 'nothing', settings: {} }];
  await events.apply([
    { ...resource, name: 'bad', targets },
    { ...resource, bus: 'default' },
  ]);
  await events.put({});
  expect(events.sent).toHaveLength(1);
  expect(events.notices).toContainEqual(
    expect.stringMatching(/^the rule bad of the project file cannot be made: .*not in correct format/),
  );
});

test('a schedule that tells a transformed event runs', async () => {
  const settings = { InputTransformer: { InputTemplate: '{"rule": <aws.events.rule-name>}' } };
  const { pattern: _, ...rest } = trigger;
  await events.apply(
    [],
    [{ ...rest, bus: 'default', schedule: 'rate(1 minute)', target: { id: 'fn', settings } }],
  );
  await events.clock.advance(60_000);
  expect(events.enqueued.map(({ event }) => event)).toEqual(['{"rule": "big"}']);
});
