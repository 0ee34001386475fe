/** Connections and API destinations: calls over HTTP, with what makes them known, and again when they fail. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { makeWorld, TRACE_ID } from '../world.ts';
import { QUEUES, type RunningEvents, startEvents } from './running-events.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let events: RunningEvents;
let server: Server;
let base: string;
let received: Received[];
let answers: { status: number; body?: string; headers?: Record<string, string> }[];
/** Wakes whoever waits for the next call. */
let onCall: () => void;

beforeEach(async () => {
  events = await startEvents();
  events.peers.add(`${QUEUES}dead`);
  [received, answers, onCall] = [[], [], () => {}];
  server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => (body += chunk));
    req.on('end', () => {
      received.push({ method: req.method, url: req.url, headers: req.headers, body });
      const { status, body: text, headers } = answers.shift() ?? { status: 200 };
      res.writeHead(status, { connection: 'close', ...headers });
      res.end(text, () => onCall());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await events.emulator.close();
  await events.store.close();
  await new Promise((resolve) => server.close(resolve));
});

/** Resolves once so many calls have been answered. */
function calls(count: number): Promise<void> {
  return new Promise((resolve) => {
    onCall = () => {
      if (received.length >= count) resolve();
    };
    onCall();
  });
}

async function destination(type: string, parameters: JsonObject, path = '/hook') {
  const { ConnectionArn: arn } = await events.call('CreateConnection', {
    ...{ Name: 'c', AuthorizationType: type, AuthParameters: parameters },
  });
  const { ApiDestinationArn: made } = await events.call('CreateApiDestination', {
    ...{ Name: 'd', ConnectionArn: arn ?? null, InvocationEndpoint: `${base}${path}`, HttpMethod: 'POST' },
  });
  return String(made);
}

const basic = { BasicAuthParameters: { Username: 'u', Password: 'p' } };

test('a call has the event, the credentials, and what connection and target add', async () => {
  const arn = await destination(
    'BASIC',
    {
      ...basic,
      InvocationHttpParameters: {
        HeaderParameters: [{ Key: 'X-From', Value: 'connection', IsValueSecret: true }],
        QueryStringParameters: [{ Key: 'q', Value: '1' }],
        BodyParameters: [{ Key: 'added', Value: 'yes' }],
      },
    },
    '/orders/*/x',
  );
  const HttpParameters = { PathParameterValues: ['$.detail.id'], HeaderParameters: { 'X-Rule': 'r' } };
  await events.rule('a', { source: ['shop'] }, { Arn: arn, InputPath: '$.detail', HttpParameters });
  await events.put({ id: 'a/1' });
  await calls(1);
  expect(received).toMatchObject([
    {
      ...{ method: 'POST', url: '/orders/a%2F1/x?q=1', body: '{"id":"a/1","added":"yes"}' },
      headers: {
        authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
        ...{ 'x-from': 'connection', 'x-rule': 'r', 'user-agent': 'Amazon/EventBridge/ApiDestinations' },
        'content-type': 'application/json; charset=utf-8',
        'x-amzn-trace-id': expect.stringContaining(TRACE_ID),
      },
    },
  ]);
  expect(await events.call('DescribeConnection', { Name: 'c' })).toMatchObject({
    AuthParameters: {
      BasicAuthParameters: { Username: 'u' },
      InvocationHttpParameters: { HeaderParameters: [{ Key: 'X-From', IsValueSecret: true }] },
    },
  });
  expect(JSON.stringify(await events.call('DescribeConnection', { Name: 'c' }))).not.toContain('"Password"');
});

test('an API key is a header, and OAuth asks for a token once', async () => {
  const arn = await destination('OAUTH_CLIENT_CREDENTIALS', {
    OAuthParameters: {
      ...{ AuthorizationEndpoint: `${base}/token`, HttpMethod: 'POST' },
      ClientParameters: { ClientID: 'id', ClientSecret: 'secret' },
      OAuthHttpParameters: { BodyParameters: [{ Key: 'scope', Value: 's' }] },
    },
  });
  await events.rule('a', { source: ['shop'] }, { Arn: arn });
  answers.push({ status: 200, body: '{"access_token":"t","expires_in":60}' });
  await events.put({});
  await calls(2);
  await events.put({});
  await calls(3);
  expect(received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/token', undefined],
    ['/hook', 'Bearer t'],
    ['/hook', 'Bearer t'],
  ]);
  expect(received[0]?.body).toBe('grant_type=client_credentials&client_id=id&client_secret=secret&scope=s');
  await events.call('UpdateConnection', {
    ...{ Name: 'c', AuthorizationType: 'API_KEY' },
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'k' } },
  });
  await events.put({});
  await calls(4);
  expect(received[3]?.headers).toMatchObject({ 'x-key': 'k' });
});

/** Waits until the delivery has failed so often, lets just the time pass until it is tried again, and answers that time. */
async function retried(failures: number): Promise<number> {
  const jobs = events.store.map<{ readonly failed: number }>('events:http');
  for (;;) {
    const [waiting] = [...jobs.range()];
    if (waiting?.value.failed === failures) {
      const [dueAt = 0] = waiting.key as readonly number[];
      const waitMs = dueAt - events.clock.now();
      await events.clock.advance(waitMs);
      await calls(failures + 1);
      return waitMs;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a failure is tried again with growing waits, until it goes well', async () => {
  const arn = await destination('BASIC', basic);
  await events.rule('a', { source: ['shop'] }, { Arn: arn });
  answers.push({ status: 500 }, { status: 429, headers: { 'retry-after': '7' } });
  await events.put({});
  expect([await retried(1), await retried(2)]).toEqual([1000, 7000]);
  expect(received).toHaveLength(3);
  expect(events.notices).toEqual([]);
});

test('what is given up goes to the dead-letter queue with what was tried', async () => {
  const arn = await destination('BASIC', basic);
  const target = {
    ...{ Arn: arn, DeadLetterConfig: { Arn: `${QUEUES}dead` } },
    RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 },
  };
  await events.rule('a', { source: ['shop'] }, target);
  answers.push({ status: 503 }, { status: 503 });
  await events.put({});
  await retried(1);
  await sentOf(1);
  expect(events.sent[0]?.attributes).toMatchObject({
    ERROR_CODE: { value: 'ERROR_FROM_TARGET' },
    ERROR_MESSAGE: { value: `${base}/hook answered 503.` },
    EXHAUSTED_RETRY_CONDITION: { value: 'MaximumRetryAttempts' },
    RETRY_ATTEMPTS: { value: '1' },
  });
  answers.push({ status: 400 });
  await events.put({});
  await sentOf(2);
  expect(events.sent[1]?.attributes).toMatchObject({ RETRY_ATTEMPTS: { value: '0' } });
  expect(events.sent[1]?.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  answers.push({ status: 503, headers: { 'retry-after': '61' } });
  await events.put({});
  await sentOf(3);
  expect(events.sent[2]?.attributes).toMatchObject({
    EXHAUSTED_RETRY_CONDITION: { value: 'MaximumEventAgeInSeconds' },
  });
});

async function sentOf(count: number) {
  while (events.sent.length < count) await new Promise((resolve) => setImmediate(resolve));
}

test('a delivery that waits outlives the session', async () => {
  const arn = await destination('BASIC', basic);
  await events.rule('a', { source: ['shop'] }, { Arn: arn });
  answers.push({ status: 500 });
  await events.put({});
  await calls(1);
  await events.emulator.close();
  events = await startEvents(makeWorld(events.store, events.clock));
  await retried(1);
  expect(received[1]?.body).toBe(received[0]?.body);
});

test('a connection that is not authorized, or is not there, is no way to call', async () => {
  const arn = await destination('BASIC', basic);
  await events.rule('a', { source: ['shop'] }, { Arn: arn, DeadLetterConfig: { Arn: `${QUEUES}dead` } });
  await events.call('DeauthorizeConnection', { Name: 'c' });
  expect(await events.call('DescribeApiDestination', { Name: 'd' })).toMatchObject({
    ApiDestinationState: 'INACTIVE',
  });
  await events.put({});
  await sentOf(1);
  await events.call('DeleteConnection', { Name: 'c' });
  await events.put({});
  await sentOf(2);
  expect(events.sent.map(({ attributes }) => attributes?.ERROR_CODE?.value)).toEqual([
    'NO_PERMISSIONS',
    'NO_RESOURCE',
  ]);
  expect(received).toEqual([]);
});
