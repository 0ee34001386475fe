/** What becomes of events that are put on a bus. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFunction, makeWorld, TRACE_ID } from '../world.ts';
import { EVENTS, FUNCTIONS, QUEUES, type RunningEvents, startEvents } from './running-events.ts';

let events: RunningEvents;
beforeEach(async () => {
  events = await startEvents();
  events.functions = [makeFunction()];
  events.peers.add(`${QUEUES}work`).add(`${QUEUES}dead`).add(`${QUEUES}work.fifo`);
});
afterEach(async () => {
  await events.emulator.close();
  await events.store.close();
});

const origin = { traceId: TRACE_ID, parentId: '53995c3f42cd8ad8' };
const WORKER = `${FUNCTIONS}shop-dev-worker`;

describe('PutEvents', () => {
  test('a function gets the event asynchronously, in the trace of the call', async () => {
    await events.rule('orders', { source: ['shop'] }, { Arn: WORKER });
    const id = await events.put({ total: 5 }, { Resources: ['r'], Time: 1_767_225_600 });
    expect(events.enqueued).toEqual([
      {
        functionId: 'worker',
        event: JSON.stringify({
          version: '0',
          id,
          'detail-type': 'order',
          source: 'shop',
          account: '000000000000',
          time: '2026-01-01T00:00:00Z',
          region: 'eu-west-1',
          resources: ['r'],
          detail: { total: 5 },
        }),
        cause: { kind: 'event-rule', bus: 'default', rule: 'orders', eventId: id },
        origin,
      },
    ]);
  });

  test('an entry may bring a trace of its own', async () => {
    await events.rule('orders', { source: ['shop'] }, { Arn: WORKER });
    await events.put({}, { TraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272794;Parent=53995c3f42cd8ad9' });
    expect(events.enqueued[0]?.origin).toEqual({
      traceId: '1-5759e988-bd862e3fe1be46a994272794',
      parentId: '53995c3f42cd8ad9',
    });
  });

  test('entries are refused one by one', async () => {
    const { FailedEntryCount, Entries } = await events.call('PutEvents', {
      Entries: [
        { Source: 'shop', DetailType: 'order', Detail: '{}' },
        { DetailType: 'order', Detail: '{}' },
        { Source: 'shop', DetailType: 'order', Detail: '{' },
        { Source: 'shop', DetailType: 'order', Detail: '[]' },
        { Source: 'aws.ec2', DetailType: 'order', Detail: '{}' },
      ],
    });
    expect(FailedEntryCount).toBe(4);
    expect(Entries).toEqual([
      { EventId: expect.any(String) },
      {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.',
      },
      { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
      { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
      { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
    ]);
  });

  test('a call with no entries, too many or too large ones is refused as a whole', async () => {
    const entry = { Source: 'shop', DetailType: 'order', Detail: '{}' };
    await expect(events.call('PutEvents', {})).rejects.toThrow("Value null at 'entries'");
    await expect(events.call('PutEvents', { Entries: [] })).rejects.toThrow('greater than or equal to 1');
    await expect(events.call('PutEvents', { Entries: Array(11).fill(entry) })).rejects.toThrow(
      'less than or equal to 10',
    );
    const large = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(1024 * 1024) }) };
    await expect(events.call('PutEvents', { Entries: [large] })).rejects.toThrow(
      'Total size of the entries in the request is over the limit.',
    );
  });

  test('an event for a bus that is not there is taken and lost, which is told', async () => {
    await events.put({}, { EventBusName: 'nope' });
    expect(events.notices).toEqual(['an event was put on the bus nope, which does not exist: it is lost']);
  });
});

describe('rules', () => {
  test('only enabled rules of the bus whose pattern fits see an event', async () => {
    await events.call('CreateEventBus', { Name: 'other' });
    const target = { Arn: `${QUEUES}work` };
    await events.rule('a', { detail: { total: [{ numeric: ['>', 3] }] } }, target);
    await events.rule('b', { detail: { total: [{ numeric: ['<', 3] }] } }, target);
    await events.rule('c', { source: ['shop'] }, target, { State: 'DISABLED' });
    await events.rule('d', { source: ['shop'] }, target, { EventBusName: 'other' });
    await events.put({ total: 5 });
    expect(events.sent).toHaveLength(1);
    await events.call('EnableRule', { Name: 'c' });
    await events.put({ total: 5 });
    expect(events.sent).toHaveLength(3);
    await events.call('DisableRule', { Name: 'a' });
    await events.put({ total: 5 }, { EventBusName: `${EVENTS}event-bus/other` });
    expect(events.sent).toHaveLength(4);
  });

  test('a pattern that changes counts at once, and one that is none is refused', async () => {
    await events.rule('a', { source: ['shop'] }, { Arn: `${QUEUES}work` });
    await events.call('PutRule', { Name: 'a', EventPattern: '{"source":["x"]}' });
    await events.put({});
    expect(events.sent).toEqual([]);
    await expect(events.call('PutRule', { Name: 'a', EventPattern: '{"source":"x"}' })).rejects.toMatchObject(
      {
        code: 'InvalidEventPatternException',
        message: 'Event pattern is not valid. Reason: "source" must be an object or an array',
      },
    );
  });

  test('rules outlive the session', async () => {
    await events.rule('a', { source: ['shop'] }, { Arn: `${QUEUES}work` });
    await events.emulator.close();
    events = await startEvents(makeWorld(events.store, events.clock));
    events.peers.add(`${QUEUES}work`);
    await events.put({});
    expect(events.sent).toHaveLength(1);
  });

  test('a schedule tells its targets by the product clock', async () => {
    await events.call('PutRule', { Name: 'tick', ScheduleExpression: 'rate(5 minutes)' });
    await events.call('PutTargets', { Rule: 'tick', Targets: [{ Id: '1', Arn: WORKER }] });
    await events.clock.advance(10 * 60_000);
    expect(events.enqueued.map(({ event }) => JSON.parse(event))).toMatchObject([
      { time: '2026-01-01T00:05:00Z', 'detail-type': 'Scheduled Event', resources: [`${EVENTS}rule/tick`] },
      { time: '2026-01-01T00:10:00Z' },
    ]);
    await events.call('DisableRule', { Name: 'tick' });
    await events.clock.advance(10 * 60_000);
    expect(events.enqueued).toHaveLength(2);
    for (const ScheduleExpression of ['rate(0 minutes)', 'at(2026-01-01T00:00:00)', 'often'])
      await expect(events.call('PutRule', { Name: 'x', ScheduleExpression })).rejects.toThrow(
        'Parameter ScheduleExpression is not valid.',
      );
  });
});

describe('rules with a schedule', () => {
  test('are listed with when they are due, and can be fired by hand, disabled ones too', async () => {
    await events.call('PutRule', { Name: 'tick', ScheduleExpression: 'rate(5 minutes)' });
    await events.call('PutTargets', { Rule: 'tick', Targets: [{ Id: '1', Arn: WORKER }] });
    await events.call('PutRule', { Name: 'off', ScheduleExpression: 'rate(1 day)', State: 'DISABLED' });
    await events.rule('other', { source: ['shop'] }, { Arn: WORKER });
    const listed = () => events.emulator.timedRules?.() ?? [];
    expect(listed()).toMatchObject([
      { name: 'tick', expression: 'rate(5 minutes)', arns: [WORKER], nextAt: Date.UTC(2026, 0, 1, 0, 5) },
      { name: 'off', expression: 'rate(1 day)', arns: [] },
    ]);
    expect(listed()[1]).not.toHaveProperty('nextAt');

    await events.call('DisableRule', { Name: 'tick' });
    const id = listed()[0]?.fire();
    await events.clock.advance(0);
    expect(events.enqueued.map(({ event }) => JSON.parse(event))).toMatchObject([
      { id, time: '2026-01-01T00:00:00Z', resources: [`${EVENTS}rule/tick`] },
    ]);
  });
});

describe('targets', () => {
  test('a FIFO queue gets its group', async () => {
    const target = { Arn: `${QUEUES}work.fifo`, SqsParameters: { MessageGroupId: 'g' } };
    await events.rule('a', { source: ['shop'] }, target);
    await events.put({});
    expect(events.sent).toMatchObject([{ arn: `${QUEUES}work.fifo`, groupId: 'g', origin }]);
  });

  test('another bus gets the event as it is', async () => {
    await events.call('CreateEventBus', { Name: 'other' });
    await events.rule('out', { source: ['shop'] }, { Arn: `${EVENTS}event-bus/other` });
    await events.rule('in', { source: ['shop'] }, { Arn: WORKER }, { EventBusName: 'other' });
    const id = await events.put({ a: 1 });
    expect(events.enqueued).toMatchObject([
      { cause: { kind: 'event-rule', bus: 'other', rule: 'in', eventId: id }, origin },
    ]);
  });

  test('a circle of buses ends', async () => {
    await events.rule('again', { source: ['shop'] }, { Arn: `${EVENTS}event-bus/default` });
    await events.put({});
    expect(events.notices).toEqual([expect.stringMatching(/went from bus to bus 5 times and is dropped/)]);
  });

  test('what cannot be delivered goes to the dead-letter queue, with the service’s attributes', async () => {
    await events.rule(
      'a',
      { source: ['shop'] },
      { Arn: `${QUEUES}gone`, DeadLetterConfig: { Arn: `${QUEUES}dead` } },
    );
    const id = await events.put({ a: 1 });
    expect(events.sent).toMatchObject([
      {
        arn: `${QUEUES}dead`,
        attributes: {
          RULE_ARN: { type: 'String', value: `${EVENTS}rule/a` },
          TARGET_ARN: { type: 'String', value: `${QUEUES}gone` },
          ERROR_CODE: { type: 'String', value: 'NO_RESOURCE' },
          RETRY_ATTEMPTS: { type: 'Number', value: '0' },
        },
      },
    ]);
    expect(JSON.parse(events.sent[0]?.body ?? '')).toMatchObject({ id, detail: { a: 1 } });
  });

  test.each([
    ['InputPath', { InputPath: '$.detail.items[0].id' }, '1'],
    ['a constant', { Input: '{"x":1}' }, '{"x":1}'],
    [
      'a template that is JSON',
      {
        InputTransformer: {
          InputPathsMap: { ids: '$.detail.items[*].id', name: '$.detail.name', none: '$.detail.none' },
          InputTemplate:
            '{"ids": <ids>, "name": <name>, "text": "it is <name> in <aws.events.rule-name>", "none": <none>}',
        },
      },
      String.raw`{"ids": [1,2], "name": "\"A\" B", "text": "it is \"A\" B in a", "none": ""}`,
    ],
    [
      'a template that is a text',
      { InputTransformer: { InputPathsMap: { name: '$.source' }, InputTemplate: '"from <name>"' } },
      '"from shop"',
    ],
    [
      'the event within the template',
      {
        InputTransformer: {
          InputTemplate: '{"rule": <aws.events.rule-arn>, "at": <aws.events.event.ingestion-time>}',
        },
      },
      `{"rule": "${EVENTS}rule/a", "at": "2026-01-01T00:00:00Z"}`,
    ],
    [
      'a map within a text',
      { InputTransformer: { InputPathsMap: { first: '$.detail.items[0]' }, InputTemplate: '"got <first>"' } },
      '"got {id:1}"',
    ],
  ])('%s is what the target gets', async (_, settings, expected) => {
    await events.rule('a', { source: ['shop'] }, { Arn: WORKER, ...settings });
    await events.put({ items: [{ id: 1 }, { id: 2 }], name: '"A" B' });
    expect(events.enqueued[0]?.event).toBe(expected);
  });
});

test('what an input transformer makes is given up where it is no JSON', async () => {
  events.peers.add(`${QUEUES}dead`);
  const InputTransformer = {
    InputPathsMap: { first: '$.detail.first' },
    InputTemplate: '{"first": "<first>"}',
  };
  const DeadLetterConfig = { Arn: `${QUEUES}dead` };
  await events.rule('a', { source: ['shop'] }, { Arn: WORKER, InputTransformer, DeadLetterConfig });
  await events.put({ first: { id: 1 } });
  expect(events.enqueued).toEqual([]);
  expect(events.sent[0]?.attributes).toMatchObject({ ERROR_CODE: { value: 'INVALID_JSON' } });
  await events.put({ first: 1 });
  expect(events.enqueued.map(({ event }) => event)).toEqual(['{"first": "1"}']);
});

test('the event without its detail has a type of another name', async () => {
  const InputTransformer = {
    InputTemplate: '{"event": <aws.events.event>, "whole": <aws.events.event.json>}',
  };
  await events.rule('a', { source: ['shop'] }, { Arn: WORKER, InputTransformer });
  await events.put({ a: 1 });
  const { event, whole } = JSON.parse(events.enqueued[0]?.event ?? '');
  expect(event).toMatchObject({ source: 'shop', detailType: 'order' });
  expect(event).not.toHaveProperty('detail');
  expect(whole).toMatchObject({ 'detail-type': 'order', detail: { a: 1 } });
});

test('other services put whole events and details on a bus', async () => {
  await events.rule('a', { source: ['aws.s3'] }, { Arn: WORKER });
  await events.rule('b', { source: ['lambda'] }, { Arn: WORKER });
  const arn = `${EVENTS}event-bus/default`;
  expect(events.emulator.has?.(arn)).toBe(true);
  const whole = JSON.stringify({ id: 'x', source: 'aws.s3', detail: { bucket: {} } });
  expect(events.emulator.accept?.({ arn, body: whole, origin })).toBe(true);
  expect(
    events.emulator.accept?.({ arn, body: '{"a":1}', event: { source: 'lambda', detailType: 'Result' } }),
  ).toBe(true);
  expect(events.enqueued.map(({ event }) => JSON.parse(event))).toMatchObject([
    { id: 'x', source: 'aws.s3' },
    { source: 'lambda', 'detail-type': 'Result', detail: { a: 1 } },
  ]);
  expect(events.emulator.accept?.({ arn: `${EVENTS}event-bus/nope`, body: whole })).toBe(false);
});
