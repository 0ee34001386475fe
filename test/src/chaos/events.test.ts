import { expect, test } from 'vitest';
import { readEvents } from '../../../src/chaos/events.ts';
import { makeEvents } from '../../../src/chaos/make-events.ts';
import { matchingEvent } from '../../../src/chaos/matching-event.ts';
import type { HttpApiTrigger, Project, RestApiTrigger, Trigger } from '../../../src/model/project.ts';
import type { PipeResource } from '../../../src/model/resources.ts';
import { makeTrigger as makeStreamTrigger, makeTable } from '../../emulators/dynamodb/triggers/following.ts';
import { ARN, makeTrigger } from '../../emulators/sqs/running-queue.ts';
import { makeFunction } from '../../emulators/world.ts';

const project = (more: Partial<Project>): Project => ({
  ...{ name: 'shop', root: '/srv/shop', file: '/srv/shop/serverless.yml', sources: [], stage: 'dev' },
  ...{
    region: 'eu-west-1',
    accountId: '000000000000',
    functions: [makeFunction()],
    triggers: [],
    resources: [],
  },
  ...more,
});

test('routes with an authorizer get none, those with an API key get one with it', () => {
  const rest: RestApiTrigger = {
    ...{ kind: 'rest-api', functionId: 'worker', method: 'GET', path: '/orders', stage: 'dev' },
    ...{ timeoutMs: 1000, binaryMediaTypes: [] },
  };
  const key = { id: 'a', name: 'a', value: 'secret' };
  const triggers: RestApiTrigger[] = [
    { ...rest, authorizer: { kind: 'iam' } },
    { ...rest, apiKeys: [key] },
  ];
  expect(makeEvents(project({ triggers, resources: [] }), 2)).toEqual([
    { http: { method: 'GET', path: '/orders', headers: { 'x-api-key': 'secret' } } },
    { http: { method: 'GET', path: '/orders', headers: { 'x-api-key': 'secret' } } },
  ]);
});

test('each source of the project gets events in turn, groups and items again and again', () => {
  const route: HttpApiTrigger = {
    ...{ kind: 'http-api', functionId: 'worker', method: 'POST', path: '/orders/{id}' },
    ...{ payloadFormat: '2.0', timeoutMs: 1000 },
  };
  const triggers = [makeTrigger({ queueArn: `${ARN}steps.fifo` }), makeStreamTrigger(), route];
  expect(makeEvents(project({ triggers, resources: [makeTable()] }), 4)).toEqual([
    { queue: 'steps.fifo', body: { id: 'event-1' }, groupId: 'group-1' },
    { table: 'orders', item: { id: 'item-2', version: 2 } },
    { http: { method: 'POST', path: '/orders/event-3', body: { id: 'event-3' } } },
    { queue: 'steps.fifo', body: { id: 'event-4' }, groupId: 'group-1' },
  ]);
});

test('functions without a trigger are invoked asynchronously', () => {
  expect(makeEvents(project({}), 1)).toEqual([{ function: 'worker', event: { id: 'event-1' } }]);
  expect(() => makeEvents(project({ functions: [] }), 1)).toThrow('no function to send events to');
});

test('a file has one event a line', () => {
  const text = '{"queue":"orders","body":{"id":1}}\n\n{"http":{"path":"/"}}\n';
  expect(readEvents(text, 'e.jsonl')).toEqual([
    { queue: 'orders', body: { id: 1 } },
    { http: { path: '/' } },
  ]);
});

test.each([
  ['{', 'the event is not JSON'],
  ['[]', 'expected a JSON object'],
  ['{"body":1}', 'the event names no source'],
  ['{"queue":"orders"}', 'an event for a queue needs "body"'],
  ['{"queue":5,"body":1}', '"queue" must be a name'],
  ['{"http":{"path":"orders"}}', '"path" that begins with a slash'],
  ['{"bus":"orders"}', 'an event for a bus needs "detail"'],
  ['{"stream":"clicks","key":"a"}', 'an event for a stream needs "data"'],
  ['{"table":"orders","item":5}', '"item" must be a JSON object'],
])('%s is refused with its line', (line, message) => {
  try {
    readEvents(`{"queue":"orders","body":1}\n${line}`, 'e.jsonl');
    expect.unreachable();
  } catch (failure) {
    expect(failure).toMatchObject({ code: 'bad-event', file: 'e.jsonl', line: 2 });
    expect(String(failure)).toContain(message);
  }
});

test('a file without events is refused', () => {
  expect(() => readEvents('\n', 'e.jsonl')).toThrow('there is no event in the file');
});

test.each([
  [{ source: ['shop'] }, { source: 'shop', detailType: 'chaos', detail: {} }],
  [
    {
      source: [{ prefix: 'sh' }],
      'detail-type': ['Placed'],
      detail: { total: [{ numeric: ['>', 5, '<=', 9] }] },
    },
    { source: 'sh', detailType: 'Placed', detail: { total: 7 } },
  ],
  [
    { detail: { kind: [{ 'anything-but': ['a'] }], gone: [{ exists: false }], customer: { name: ['ada'] } } },
    { source: 'chaos', detailType: 'chaos', detail: { kind: 'chaos', customer: { name: 'ada' } } },
  ],
  [{ $or: [{ source: ['a'] }, { source: ['b'] }] }, { source: 'a', detailType: 'chaos', detail: {} }],
])('an event for %j is made', (pattern, event) => {
  expect(matchingEvent(JSON.stringify(pattern))).toEqual(event);
});

test.each([{ account: ['000000000000'] }, { detail: { ip: [{ cidr: '10.0.0.0/8' }] } }])(
  'for %j no event is made, rather than one that does not match',
  (pattern) => {
    expect(matchingEvent(JSON.stringify(pattern))).toBeUndefined();
  },
);

test('rules, streams and what pipes follow get events too', () => {
  const pattern = JSON.stringify({ source: ['shop'] });
  const triggers: Trigger[] = [
    {
      ...{ kind: 'event-rule', functionId: 'worker', bus: 'orders', rule: 'r', pattern },
      ...{ target: { id: 't', settings: {} }, enabled: true },
    },
  ];
  const settings = JSON.stringify({ Source: 'arn:aws:kinesis:eu-west-1:000000000000:stream/clicks' });
  const resources = [{ kind: 'pipe', name: 'p', settings } satisfies PipeResource];
  expect(makeEvents(project({ triggers, resources }), 2)).toEqual([
    { bus: 'orders', source: 'shop', detailType: 'chaos', detail: { id: 'event-1' } },
    { stream: 'clicks', data: { id: 'event-2' }, key: 'group-2' },
  ]);
});
