/** What HTTP endpoints are sent, and what happens when they do not take it. */
import { createVerify, X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RestApi } from '../../../src/model/service-api.ts';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { openTemporaryStore } from '../../../src/std/store/store.ts';
import { makeCall, makeWorld, TRACE_ID } from '../world.ts';
import { type EndpointUnderTest, startEndpointUnderTest } from './endpoint-under-test.ts';
import { QUEUES, type RunningSns, startSns } from './running-sns.ts';

const store = () => openTemporaryStore();
let sns: RunningSns;
let endpoint: EndpointUnderTest;
let orders: string;
/** Delays of retries, as they are planned. */
let planned: (delayMs: number) => void;

beforeEach(async () => {
  const clock = makeFakeClock();
  const { after } = clock;
  planned = () => {};
  clock.after = (delayMs, fire) => {
    const timer = after(delayMs, fire);
    // The limit of an answer is no retry.
    if (delayMs !== 15_000) planned(delayMs);
    return timer;
  };
  sns = await startSns(makeWorld(store(), clock));
  endpoint = await startEndpointUnderTest();
  orders = await sns.topic('orders');
  await sns.apply([]);
});
afterEach(async () => {
  await sns.emulator.close();
  await sns.store.close();
  await endpoint.close();
});

/** Resolves with the delay of the next retry. */
const nextPlan = () =>
  new Promise<number>((resolve) => {
    planned = resolve;
  });

/** Resolves with the next notice. */
const nextNotice = () =>
  new Promise<string>((resolve) => {
    sns.notices.push = (...messages) => {
      resolve(String(messages[0]));
      return 0;
    };
  });

async function confirmed(attributes = {}): Promise<string> {
  const arn = await sns.subscribe(orders, 'http', endpoint.url, attributes);
  const { Token: token } = JSON.parse((await endpoint.next()).body);
  await sns.call('ConfirmSubscription', { TopicArn: orders, Token: token });
  return arn;
}

test('an endpoint confirms its subscription, and then gets messages', async () => {
  const pending = await sns.call('Subscribe', { TopicArn: orders, Protocol: 'http', Endpoint: endpoint.url });
  expect(pending).toEqual({ SubscriptionArn: 'pending confirmation' });
  const asked = await endpoint.next();
  expect(asked.headers).toMatchObject({
    'x-amz-sns-message-type': 'SubscriptionConfirmation',
    'x-amz-sns-topic-arn': orders,
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
  });
  const { Token: token, ...question } = JSON.parse(asked.body);
  expect(question).toMatchObject({
    Type: 'SubscriptionConfirmation',
    TopicArn: orders,
    SubscribeURL: `http://127.0.0.1:4566/?Action=ConfirmSubscription&TopicArn=${orders}&Token=${token}`,
    Message: expect.stringContaining('You have chosen to subscribe to the topic'),
    SignatureVersion: '1',
  });

  await sns.publish(orders, 'too early');
  const { SubscriptionArn: arn } = await sns.call('ConfirmSubscription', { TopicArn: orders, Token: token });
  // A link that is visited twice answers the same.
  expect(await sns.call('ConfirmSubscription', { TopicArn: orders, Token: token })).toEqual({
    SubscriptionArn: arn,
  });
  const { MessageId: id } = await sns.publish(orders, 'hello');
  const posted = await endpoint.next();
  expect(posted).toMatchObject({ method: 'POST', path: '/hook' });
  expect(posted.headers).toMatchObject({
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-message-id': id,
    'x-amz-sns-topic-arn': orders,
    'x-amz-sns-subscription-arn': arn,
    'x-amzn-trace-id': `Root=${TRACE_ID};Parent=53995c3f42cd8ad8;Sampled=1`,
  });
  expect(JSON.parse(posted.body)).toMatchObject({ Type: 'Notification', MessageId: id, Message: 'hello' });
});

test.each([
  ['1', 'sha1'],
  ['2', 'sha256'],
])('a signature of version %s can be verified with the certificate that is served', async (version, hash) => {
  await sns.call('SetTopicAttributes', {
    TopicArn: orders,
    AttributeName: 'SignatureVersion',
    AttributeValue: version,
  });
  await confirmed();
  await sns.publish(orders, 'hello', { Subject: 'S' });
  const message = JSON.parse((await endpoint.next()).body);
  const id = /SimpleNotificationService-(\w+)\.pem$/.exec(message.SigningCertURL)?.[1] ?? '';
  const [api] = (sns.emulator.furtherApis ?? []) as RestApi[];
  const reply = await api?.routes[0]?.handle(
    {
      method: 'GET',
      pathParameters: { id },
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.alloc(0),
    },
    makeCall('GetSigningCertificate'),
  );
  const certificate = new X509Certificate(String(reply?.body));
  expect(certificate.subject).toBe('CN=sns.amazonaws.com');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const members = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
  const signed = members.map((name) => `${name}\n${message[name]}\n`).join('');
  const verifies = (text: string) =>
    createVerify(hash).update(text).verify(certificate.publicKey, message.Signature, 'base64');
  expect(verifies(signed)).toBe(true);
  expect(verifies(signed.replace('hello', 'hullo'))).toBe(false);
});

test('raw delivery sends the bare message, and the content type is the policy’s', async () => {
  await confirmed({
    RawMessageDelivery: 'true',
    DeliveryPolicy: JSON.stringify({ requestPolicy: { headerContentType: 'application/json' } }),
  });
  await sns.publish(orders, '{"a":1}');
  const { headers, body } = await endpoint.next();
  expect(body).toBe('{"a":1}');
  expect(headers).toMatchObject({ 'x-amz-sns-rawdelivery': 'true', 'content-type': 'application/json' });
});

test('a failed delivery is tried three times more, 20 seconds apart, and then dropped with a notice', async () => {
  await confirmed();
  endpoint.status = 503;
  const notice = nextNotice();
  let plan = nextPlan();
  await sns.publish(orders, 'x');
  for (let retry = 0; retry < 3; retry++) {
    await endpoint.next();
    expect(await plan).toBe(20_000);
    plan = nextPlan();
    await sns.clock.advance(20_000);
  }
  await endpoint.next();
  expect(await notice).toBe(
    `orders → ${endpoint.url}: it answered 503, after 4 attempts; the message was dropped`,
  );
});

test('a client error is not tried again; the message goes to the dead-letter queue', async () => {
  sns.peers.add(`${QUEUES}dead`);
  await confirmed({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${QUEUES}dead` }) });
  endpoint.status = 404;
  const notice = nextNotice();
  await sns.publish(orders, 'x');
  expect(await notice).toMatch(/it answered 404; the message went to dead$/);
  expect(sns.sent.map(({ arn, body }) => [arn, JSON.parse(body).Message])).toEqual([[`${QUEUES}dead`, 'x']]);
});

test('an endpoint that does not answer within 15 seconds has failed', async () => {
  await confirmed();
  endpoint.status = 0;
  const plan = nextPlan();
  await sns.publish(orders, 'x');
  await endpoint.next();
  await sns.clock.advance(15_000);
  expect(await plan).toBe(20_000);
});

test('what was not delivered is delivered by the next session', async () => {
  await confirmed();
  endpoint.status = 500;
  const plan = nextPlan();
  await sns.publish(orders, 'kept');
  await endpoint.next();
  await plan;
  await sns.emulator.close();
  endpoint.status = 200;
  sns = await startSns(makeWorld(sns.store, sns.clock));
  await sns.apply([]);
  await sns.clock.advance(20_000);
  expect(JSON.parse((await endpoint.next()).body).Message).toBe('kept');
});

test('an endpoint is told that it is subscribed no more', async () => {
  const arn = await confirmed();
  await sns.call('Unsubscribe', { SubscriptionArn: arn });
  const { headers, body } = await endpoint.next();
  expect(headers).toMatchObject({ 'x-amz-sns-message-type': 'UnsubscribeConfirmation' });
  expect(JSON.parse(body)).toMatchObject({ Type: 'UnsubscribeConfirmation', TopicArn: orders });
});
