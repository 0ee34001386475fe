/** Topics and subscriptions themselves: attributes, lists, what the project file declares, what is refused. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { retryDelayMs } from '../../../emulators/sns/delivery/delivery-policy.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store/store.ts';
import { saveState } from '../saved-state.ts';
import { makeFunction, makeWorld } from '../world.ts';
import {
  FUNCTIONS,
  makeSubscriptionResource,
  makeTopicResource,
  makeTopicTrigger,
  QUEUES,
  type RunningSns,
  startSns,
  TOPICS,
} from './running-sns.ts';

let store: FileStore;
let sns: RunningSns;
let orders: string;
beforeEach(async () => {
  store = openTemporaryStore();
  sns = await startSns(makeWorld(store));
  sns.peers.add(`${QUEUES}work`);
  orders = await sns.topic('orders');
});
afterEach(async () => {
  await sns.emulator.close();
  await store.close();
  rmSync(sns.context.folder, { recursive: true, force: true });
});

const attributesOf = async (operation: string, input: { [key: string]: string }) =>
  (await sns.call(operation, input)).Attributes as Record<string, string>;
const set = (arn: string, name: string, value: string) =>
  sns.call('SetSubscriptionAttributes', { SubscriptionArn: arn, AttributeName: name, AttributeValue: value });
const listed = async () => {
  const { Subscriptions: found } = await sns.call('ListSubscriptions');
  return (found as Record<string, string>[]).map(({ Protocol, Endpoint, SubscriptionArn }) => [
    Protocol,
    Endpoint,
    SubscriptionArn,
  ]);
};

test('a topic is made once; made again with other attributes or tags it is refused', async () => {
  expect(await sns.topic('orders')).toBe(`${TOPICS}orders`);
  await sns.topic('named', { DisplayName: 'N' });
  expect(await sns.topic('named', { DisplayName: 'N' })).toBe(`${TOPICS}named`);
  await expect(sns.topic('named', { DisplayName: 'M' })).rejects.toThrow(
    'already exists with different attributes',
  );
  const tagged = { Name: 'orders', Tags: [{ Key: 'a', Value: 'b' }] };
  await expect(sns.call('CreateTopic', tagged)).rejects.toThrow('already exists with different tags');
  expect(await sns.call('ListTopics')).toEqual({
    Topics: [{ TopicArn: `${TOPICS}named` }, { TopicArn: `${TOPICS}orders` }],
  });
});

test.each([
  ['a b', {}, 'Topic Name'],
  ['x'.repeat(257), {}, 'Topic Name'],
  ['orders.fifo', {}, 'Topic Name'],
  ['plain', { FifoTopic: 'true' }, 'must end with .fifo'],
  ['plain', { Colour: 'red' }, 'AttributeName'],
  ['plain', { SignatureVersion: '3' }, 'SignatureVersion'],
  ['plain', { ContentBasedDeduplication: 'true' }, 'AttributeName'],
  ['plain', { DeliveryPolicy: '{"http":{"defaultHealthyRetryPolicy":{"numRetries":101}}}' }, 'numRetries'],
])('the topic %s with %o is refused', async (name, attributes, message) => {
  await expect(sns.topic(name, attributes)).rejects.toThrow(message);
});

test('a topic tells its attributes and counts its subscriptions', async () => {
  const arn = await sns.subscribe(orders, 'sqs', `${QUEUES}work`);
  await sns.subscribe(orders, 'sqs', `${QUEUES}other`);
  await sns.subscribe(orders, 'email', 'a@example.com');
  await sns.call('Unsubscribe', { SubscriptionArn: arn });
  await sns.call('SetTopicAttributes', {
    TopicArn: orders,
    AttributeName: 'DisplayName',
    AttributeValue: 'D',
  });
  expect(await attributesOf('GetTopicAttributes', { TopicArn: orders })).toMatchObject({
    TopicArn: orders,
    Owner: '000000000000',
    DisplayName: 'D',
    SubscriptionsConfirmed: '1',
    SubscriptionsPending: '1',
    SubscriptionsDeleted: '1',
    Policy: expect.stringContaining('"SNS:Publish"'),
    EffectiveDeliveryPolicy: expect.stringContaining('"numRetries":3'),
  });
});

test('a topic made again may name fewer of its tags, no others and none twice', async () => {
  const Tags = [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ];
  const make = (tags: readonly { Key: string; Value: string }[]) =>
    sns.call('CreateTopic', { Name: 'tagged', Tags: [...tags] });
  const { TopicArn = '' } = await make(Tags);
  expect(await make(Tags.slice(1))).toEqual({ TopicArn });
  expect(await make([])).toEqual({ TopicArn });
  await expect(make([{ Key: 'c', Value: '3' }])).rejects.toThrow('already exists with different tags');
  const twice = [...Tags, ...Tags];
  await expect(sns.call('TagResource', { ResourceArn: TopicArn, Tags: twice })).rejects.toThrow(
    'Invalid parameter: Duplicated keys are not allowed.',
  );
});

test('a subscription made again may say less of its attributes, and write them otherwise', async () => {
  const first = await sns.subscribe(orders, 'sqs', `${QUEUES}work`, { RawMessageDelivery: 'True' });
  expect(await sns.subscribe(orders, 'sqs', `${QUEUES}work`, { RawMessageDelivery: 'true' })).toBe(first);
  expect(await sns.subscribe(orders, 'sqs', `${QUEUES}work`, {})).toBe(first);
  const scope = { FilterPolicyScope: 'MessageAttributes' };
  expect(await sns.subscribe(orders, 'sqs', `${QUEUES}work`, scope)).toBe(first);
});

test.each([
  ['sms', '+15--551234567', 'Invalid SMS endpoint: +15--551234567'],
  ['sms', '+15551234567.', 'Invalid SMS endpoint: +15551234567.'],
  ['sqs', 'http://127.0.0.1/000000000000/work', 'Invalid parameter: SQS endpoint ARN'],
])('%s to %s is refused', async (protocol, endpoint, message) => {
  await expect(sns.subscribe(orders, protocol, endpoint)).rejects.toMatchObject({ message });
});

test('dead letters of a FIFO queue go to a FIFO queue', async () => {
  const { TopicArn: fifo } = await sns.call('CreateTopic', {
    Name: 'o.fifo',
    Attributes: { FifoTopic: 'true' },
  });
  const SubscriptionArn = await sns.subscribe(String(fifo), 'sqs', `${QUEUES}work.fifo`);
  const set = (queue: string) =>
    sns.call('SetSubscriptionAttributes', {
      ...{ SubscriptionArn, AttributeName: 'RedrivePolicy' },
      AttributeValue: JSON.stringify({ deadLetterTargetArn: `${QUEUES}${queue}` }),
    });
  await expect(set('dead')).rejects.toThrow('must use a FIFO queue as DLQ');
  await set('dead.fifo');
});

test('permissions are statements of the policy', async () => {
  const label = { TopicArn: orders, Label: 'L' };
  await sns.call('AddPermission', { ...label, AWSAccountId: ['111111111111'], ActionName: ['Publish'] });
  const policy = async () =>
    JSON.parse((await attributesOf('GetTopicAttributes', { TopicArn: orders })).Policy ?? '');
  expect((await policy()).Statement[1]).toEqual({
    Sid: 'L',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    Action: 'SNS:Publish',
    Resource: orders,
  });
  const more = { TopicArn: orders, Label: 'M', AWSAccountId: ['111111111111'], ActionName: ['Fly'] };
  await expect(sns.call('AddPermission', more)).rejects.toThrow(
    'Policy statement action out of service scope!',
  );
  await sns.call('RemovePermission', label);
  expect((await policy()).Statement).toHaveLength(1);
});

test('tags are put on and taken off', async () => {
  const ResourceArn = orders;
  await sns.call('TagResource', {
    ResourceArn,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  await sns.call('UntagResource', { ResourceArn, TagKeys: ['a'] });
  expect(await sns.call('ListTagsForResource', { ResourceArn })).toEqual({
    Tags: [{ Key: 'b', Value: '2' }],
  });
  await expect(sns.call('ListTagsForResource', { ResourceArn: `${TOPICS}none` })).rejects.toMatchObject({
    queryCode: 'ResourceNotFound',
  });
});

test('the same endpoint is subscribed once; with other attributes it is refused', async () => {
  const arn = await sns.subscribe(orders, 'sqs', `${QUEUES}work`);
  expect(await sns.subscribe(orders, 'sqs', `${QUEUES}work`)).toBe(arn);
  const other = sns.subscribe(orders, 'sqs', `${QUEUES}work`, { RawMessageDelivery: 'true' });
  await expect(other).rejects.toThrow('Subscription already exists with different attributes');
});

test('a subscription tells its attributes; changes apply at once', async () => {
  const arn = await sns.subscribe(orders, 'sqs', `${QUEUES}work`);
  await set(arn, 'RawMessageDelivery', 'true');
  await set(arn, 'FilterPolicy', '{"kind":["a"]}');
  expect(await attributesOf('GetSubscriptionAttributes', { SubscriptionArn: arn })).toEqual({
    SubscriptionArn: arn,
    TopicArn: orders,
    Protocol: 'sqs',
    Endpoint: `${QUEUES}work`,
    Owner: '000000000000',
    SubscriptionPrincipal: 'arn:aws:iam::000000000000:user/sls-local',
    ConfirmationWasAuthenticated: 'true',
    PendingConfirmation: 'false',
    RawMessageDelivery: 'true',
    FilterPolicy: '{"kind":["a"]}',
    FilterPolicyScope: 'MessageAttributes',
  });
  await sns.publish(orders, 'unwanted');
  await sns.publish(orders, 'wanted', {
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'a' } },
  });
  await set(arn, 'FilterPolicy', '');
  await sns.publish(orders, 'all');
  expect(sns.sent.map(({ body }) => body)).toEqual(['wanted', 'all']);
});

test.each<[string, string, string]>([
  ['Colour', 'red', 'AttributeName'],
  ['RawMessageDelivery', 'yes', 'Invalid value [yes]. Must be true or false.'],
  ['FilterPolicy', '{"a":"b"}', 'Invalid parameter: FilterPolicy: "a" must be an object or an array'],
  ['FilterPolicyScope', 'Body', 'Please use either MessageBody or MessageAttributes'],
  ['RedrivePolicy', '{"deadLetterTargetArn":"x"}', 'deadLetterTargetArn is an invalid arn'],
  ['DeliveryPolicy', '{}', 'does not support delivery policies'],
])('the attribute %s = %s is refused', async (name, value, message) => {
  const arn = await sns.subscribe(orders, 'sqs', `${QUEUES}work`);
  await expect(set(arn, name, value)).rejects.toThrow(message);
});

test.each([
  ['carrier-pigeon', 'coop', 'does not support this protocol string'],
  ['sqs', 'work', 'SQS endpoint ARN'],
  ['lambda', 'worker', 'FunctionArn'],
  ['http', 'https://example.com', 'must match the specified protocol'],
  ['email', 'nobody', 'Email address'],
  ['sms', 'hello', 'Invalid SMS endpoint'],
])('%s to %s cannot be subscribed', async (protocol, endpoint, message) => {
  await expect(sns.subscribe(orders, protocol, endpoint)).rejects.toThrow(message);
});

test('a wrong token and one older than two days confirm nothing', async () => {
  await sns.subscribe(orders, 'email', 'a@example.com');
  const confirm = (token: string) => sns.call('ConfirmSubscription', { TopicArn: orders, Token: token });
  await expect(confirm('guess')).rejects.toThrow('Invalid parameter: Token');
  const [file = ''] = outbox();
  const token = /Token=([0-9a-f]+)/.exec(file)?.[1] ?? '';
  await sns.clock.advance(2 * 86_400_000 + 1);
  await expect(confirm(token)).rejects.toThrow('Invalid parameter: Token');
});

const outbox = () => {
  const folder = join(sns.context.folder, 'outbox');
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
};

test('e-mails and text messages are files with a notice each', async () => {
  await sns.subscribe(orders, 'email', 'a@example.com');
  const [question = ''] = outbox();
  expect(question).toMatch(
    /^Date: .*\nFrom: orders <.*>\nTo: a@example\.com\nSubject: AWS Notification - Subscription Confirmation\n/,
  );
  const url = new URL(/http:\S+ConfirmSubscription\S+/.exec(question)?.[0] ?? '');
  await sns.call('ConfirmSubscription', { TopicArn: orders, Token: url.searchParams.get('Token') ?? '' });
  await sns.subscribe(orders, 'sms', '+15550100');
  await sns.clock.advance(1);
  await sns.publish(orders, JSON.stringify({ default: 'long text', sms: 'short' }), {
    MessageStructure: 'json',
    Subject: 'Hello',
  });
  await sns.clock.advance(1);
  await sns.call('Publish', { PhoneNumber: '+15550101', Message: 'direct' });
  const [, mail = '', text, direct] = outbox();
  expect(mail).toContain('To: a@example.com\nSubject: Hello\n\nlong text\n\n--\n');
  expect(mail).toContain('Action=Unsubscribe');
  expect(text).toBe('short');
  expect(direct).toBe('direct');
  expect(sns.notices).toEqual([
    expect.stringMatching(/^an e-mail to a@example\.com is in .*\.eml$/),
    expect.stringMatching(/^an e-mail to a@example\.com is in /),
    expect.stringMatching(/^an SMS to \+15550100 is in .*\.txt$/),
    expect.stringMatching(/^an SMS to \+15550101 is in /),
  ]);
  await expect(sns.call('Publish', { PhoneNumber: '555', Message: 'x' })).rejects.toThrow('PhoneNumber');
});

test('lists have pages of a hundred', async () => {
  for (let at = 0; at < 120; at++) await sns.subscribe(orders, 'sqs', `${QUEUES}q${at}`);
  const first = await sns.call('ListSubscriptionsByTopic', { TopicArn: orders });
  expect(first.Subscriptions).toHaveLength(100);
  const second = await sns.call('ListSubscriptionsByTopic', {
    TopicArn: orders,
    NextToken: first.NextToken ?? '',
  });
  expect(second.Subscriptions).toHaveLength(20);
  expect(second).not.toHaveProperty('NextToken');
});

test('the project file makes topics, subscriptions and triggers; what it drops is unsubscribed, and ARNs stay', async () => {
  sns.functions = [makeFunction()];
  const resources = [
    makeTopicResource({ name: 'news', attributes: { DisplayName: 'N' } }),
    makeSubscriptionResource(),
  ];
  await sns.apply(resources, [
    makeTopicTrigger({ filterPolicy: '{"kind":["a"]}', deadLetterArn: `${QUEUES}dead` }),
  ]);
  const before = await listed();
  expect(before).toEqual([
    ['lambda', `${FUNCTIONS}shop-dev-worker`, expect.stringContaining(`${TOPICS}orders:`)],
    ['sqs', `${QUEUES}work`, expect.stringContaining(`${TOPICS}orders:`)],
  ]);
  expect(
    await attributesOf('GetSubscriptionAttributes', { SubscriptionArn: before[0]?.[2] ?? '' }),
  ).toMatchObject({
    FilterPolicy: '{"kind":["a"]}',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${QUEUES}dead` }),
  });
  await sns.subscribe(orders, 'sqs', `${QUEUES}by-hand`);
  await sns.apply(resources, []);
  expect((await listed()).map(([protocol]) => protocol)).toEqual(['sqs', 'sqs']);
  await sns.apply(resources, [makeTopicTrigger()]);
  expect(await listed()).toContainEqual(before[0]);
  await sns.apply([], []);
  expect((await listed()).map(([, endpoint]) => endpoint)).toEqual([`${QUEUES}by-hand`]);
  expect(await attributesOf('GetTopicAttributes', { TopicArn: `${TOPICS}news` })).toMatchObject({
    DisplayName: 'N',
  });
});

test('what was set through the API stays, until the project file says something else', async () => {
  const news = (name: string) => makeTopicResource({ name: 'news', attributes: { DisplayName: name } });
  await sns.apply([news('A')]);
  await sns.call('SetTopicAttributes', {
    TopicArn: `${TOPICS}news`,
    AttributeName: 'DisplayName',
    AttributeValue: 'By hand',
  });
  const name = async () =>
    (await attributesOf('GetTopicAttributes', { TopicArn: `${TOPICS}news` })).DisplayName;
  await sns.apply([news('A')]);
  expect(await name()).toBe('By hand');
  await sns.apply([news('B')]);
  expect(await name()).toBe('B');
});

test('a subscription of a topic nobody declares makes it; one the service refuses is a notice', async () => {
  await sns.apply([
    makeSubscriptionResource({ topicArn: `${TOPICS}far` }),
    makeSubscriptionResource({ attributes: { FilterPolicy: '{"a":"b"}' } }),
  ]);
  expect(sns.notices).toEqual([
    "the topic far is subscribed to but is not in the project; it was made with the service's defaults",
    `${QUEUES}work cannot be subscribed to orders: Invalid parameter: Attributes Reason: FilterPolicy: "a" must be an object or an array`,
  ]);
});

test('topics and subscriptions survive a restart, and are those of a snapshot after it is restored', async () => {
  const arn = await sns.subscribe(orders, 'sqs', `${QUEUES}work`, { RawMessageDelivery: 'true' });
  const restore = await saveState(store);
  await sns.topic('later');
  await sns.call('Unsubscribe', { SubscriptionArn: arn });
  await restore(sns.emulator);
  expect(await sns.call('ListTopics')).toEqual({ Topics: [{ TopicArn: orders }] });
  await sns.publish(orders, 'again');
  await sns.emulator.close();
  sns = await startSns(makeWorld(store));
  sns.peers.add(`${QUEUES}work`);
  await sns.publish(orders, 'restarted');
  expect(sns.sent.map(({ body }) => body)).toEqual(['restarted']);
});

test('a deleted topic takes its subscriptions with it', async () => {
  const arn = await sns.subscribe(orders, 'sqs', `${QUEUES}work`);
  await sns.call('DeleteTopic', { TopicArn: orders });
  await sns.call('DeleteTopic', { TopicArn: orders });
  await expect(sns.publish(orders, 'x')).rejects.toMatchObject({ queryCode: 'NotFound', status: 404 });
  await expect(sns.call('GetSubscriptionAttributes', { SubscriptionArn: arn })).rejects.toThrow(
    'does not exist',
  );
  await sns.topic('orders');
  expect(await listed()).toEqual([]);
});

test('delays between retries follow the phases of the policy', () => {
  const policy = {
    ...{ minDelayTarget: 1, maxDelayTarget: 9, numRetries: 9, numNoDelayRetries: 1, numMinDelayRetries: 2 },
    numMaxDelayRetries: 1,
  };
  const delays = (backoffFunction: 'linear' | 'arithmetic' | 'geometric' | 'exponential') =>
    Array.from({ length: 10 }, (_, at) => retryDelayMs({ ...policy, backoffFunction }, at + 1));
  expect(delays('linear')).toEqual([0, 1000, 1000, 1000, 3000, 5000, 7000, 9000, 9000, undefined]);
  expect(delays('geometric')[5]).toBeCloseTo(3000);
  for (const backoff of ['arithmetic', 'geometric', 'exponential'] as const) {
    const between = delays(backoff).slice(3, 8).map(Number);
    expect(between[0]).toBeCloseTo(1000);
    expect(between[4]).toBeCloseTo(9000);
    expect([...between].sort((a, b) => a - b)).toEqual(between);
  }
});
