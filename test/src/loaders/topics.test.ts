/** Topics and who is subscribed to them, in every kind of project file. */
import { expect, test } from 'vitest';
import { cloudFormationLoader } from '../../../src/loaders/cloudformation/loader.ts';
import { loadProject } from '../../../src/loaders/load.ts';
import { nativeLoader } from '../../../src/loaders/native/loader.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import type { Project } from '../../../src/model/project.ts';
import { loadWith, noOptions, temporaryProject } from './temporary-project.ts';

const sns = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;
const sqs = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const topic = (name: string, attributes = {}) => ({
  ...{ kind: 'topic', name, arn: sns(name), fifo: name.endsWith('.fifo'), attributes },
});

/** Without places, and without what the file calls them. */
function topicsOf({ triggers, resources }: Project) {
  const bare = <T extends { place?: unknown; id?: unknown }>({ place, id, ...rest }: T) => rest;
  return {
    triggers: triggers.map(bare),
    topics: resources.filter(({ kind }) => kind === 'topic').map(bare),
    subscriptions: resources.filter(({ kind }) => kind === 'subscription').map(bare),
  };
}

const serverless = (events: string, more = '') =>
  loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  fn:
    handler: src/a.handler
    events:
${events}
${more}`,
  });

test('serverless.yml: all forms of an sns event', async () => {
  const { project, said } = await serverless(
    `      - sns: dispatch
      - sns: arn:aws:sns:us-east-1:000000000000:given
      - sns: { topicName: named, displayName: Named }
      - sns: { arn: !Ref Own, topicName: own, filterPolicy: { kind: [a, { prefix: b }] }, filterPolicyScope: MessageBody }
      - sns: { arn: 'arn:aws:sns:us-east-1:000000000000:given', redrivePolicy: { deadLetterTargetRef: Dead } }
      - sns: { topicName: dispatch, redrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:other' } }`,
    `resources:
  Resources:
    Own: { Type: AWS::SNS::Topic, Properties: { TopicName: own } }
    Dead: { Type: AWS::SQS::Queue, Properties: { QueueName: dead } }`,
  );
  expect(said).toEqual([]);
  const trigger = (name: string, more = {}) => ({
    kind: 'topic',
    functionId: 'fn',
    topicArn: sns(name),
    ...more,
  });
  const found = topicsOf(project);
  expect(found.triggers).toEqual([
    trigger('dispatch'),
    trigger('given'),
    trigger('named'),
    trigger('own', { filterPolicy: '{"kind":["a",{"prefix":"b"}]}', filterPolicyScope: 'MessageBody' }),
    trigger('given', { deadLetterArn: sqs('dead') }),
    trigger('dispatch', { deadLetterArn: sqs('other') }),
  ]);
  // The framework makes the topics that are only named, each once.
  expect(found.topics).toEqual([topic('own'), topic('dispatch'), topic('named', { DisplayName: 'Named' })]);
});

test('serverless.yml: a function may refer to the topic of an event, and what is wrong is told', async () => {
  const { project, said } = await serverless(
    `      - sns: my-dispatch
      - sns: { arn: nonsense }
      - sns: { topicName: a, filterpolicy: {} }
      - sns: { topicName: a, filterPolicy: [1] }
    environment: { TOPIC: !Ref SNSTopicMydispatch }`,
  );
  expect(project.functions[0]?.env).toEqual({ TOPIC: sns('my-dispatch') });
  expect(said).toEqual([
    'error invalid-value functions.fn.events[1].sns:8 functions.fn.events[1].sns: expected the name or the ARN of a topic, found nonsense',
    'error invalid-value functions.fn.events[3].sns:10 functions.fn.events[3].sns: FilterPolicy is [1]: expected a map',
    'warning unknown-key functions.fn.events[2].sns.filterpolicy:9 "filterpolicy" is not a known key of functions.fn.events[2].sns',
  ]);
});

const template = (resources: string) =>
  loadWith(cloudFormationLoader, {
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: fn
      Handler: a.handler
      Runtime: nodejs22.x
      CodeUri: src
${resources}`,
    'src/a.js': '',
  });

test('a template: topics, their subscriptions inline and as resources', async () => {
  const { project, said } =
    await template(`      Environment: { Variables: { TOPIC: !Ref Orders, NAME: !GetAtt Orders.TopicName } }
  News:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: news
      DisplayName: News
      Subscription:
        - { Protocol: lambda, Endpoint: !GetAtt Fn.Arn }
        - { Protocol: email, Endpoint: a@example.com }
  Orders: { Type: AWS::SNS::Topic, Properties: { FifoTopic: true, ContentBasedDeduplication: true } }
  Work: { Type: AWS::SQS::Queue, Properties: { QueueName: work } }
  ToWork:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: sqs
      Endpoint: !GetAtt Work.Arn
      RawMessageDelivery: true
      FilterPolicy: { kind: [order] }
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Work.Arn }
  ToFn:
    Type: AWS::SNS::Subscription
    Properties: { TopicArn: !Ref News, Protocol: lambda, Endpoint: !GetAtt Fn.Arn, FilterPolicyScope: MessageBody }
  Policy: { Type: AWS::SNS::TopicPolicy, Properties: { Topics: [!Ref News] } }`);
  expect(said).toEqual([]);
  const found = topicsOf(project);
  const orders = `${project.name}-Orders.fifo`;
  expect(project.functions[0]?.env).toEqual({ TOPIC: sns(orders), NAME: orders });
  expect(found.topics).toEqual([
    topic('news', { DisplayName: 'News' }),
    topic(orders, { ContentBasedDeduplication: 'true' }),
  ]);
  expect(found.subscriptions).toEqual([
    {
      ...{ kind: 'subscription', name: 'news → email a@example.com', topicArn: sns('news') },
      ...{ protocol: 'email', endpoint: 'a@example.com', attributes: {} },
    },
    {
      ...{ kind: 'subscription', name: 'news → sqs work', topicArn: sns('news'), protocol: 'sqs' },
      endpoint: sqs('work'),
      attributes: {
        FilterPolicy: '{"kind":["order"]}',
        RawMessageDelivery: 'true',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: sqs('work') }),
      },
    },
  ]);
  expect(found.triggers).toEqual([
    { kind: 'topic', functionId: 'Fn', topicArn: sns('news') },
    { kind: 'topic', functionId: 'Fn', topicArn: sns('news'), filterPolicyScope: 'MessageBody' },
  ]);
});

test('SAM: an SNS event subscribes the function, or a queue the function listens to', async () => {
  const { project, said } = await template(`      Events:
        Direct:
          Type: SNS
          Properties: { Topic: !Ref News, FilterPolicy: { kind: [a] }, RedrivePolicy: { deadLetterTargetArn: !GetAtt Work.Arn } }
        Queued: { Type: SNS, Properties: { Topic: !Ref News, SqsSubscription: true } }
        Own:
          Type: SNS
          Properties:
            Topic: !Ref News
            SqsSubscription: { QueueArn: !GetAtt Work.Arn, QueueUrl: !Ref Work, BatchSize: 5 }
  News: { Type: AWS::SNS::Topic, Properties: { TopicName: news } }
  Work: { Type: AWS::SQS::Queue, Properties: { QueueName: work } }`);
  expect(said).toEqual([]);
  const made = sqs(`${project.name}-FnQueuedQueue`);
  const { triggers, subscriptions } = topicsOf(project);
  expect(triggers).toMatchObject([
    { kind: 'topic', topicArn: sns('news'), filterPolicy: '{"kind":["a"]}', deadLetterArn: sqs('work') },
    { kind: 'queue', queueArn: made, batchSize: 10 },
    { kind: 'queue', queueArn: sqs('work'), batchSize: 5 },
  ]);
  expect(subscriptions).toMatchObject([
    { protocol: 'sqs', endpoint: made },
    { protocol: 'sqs', endpoint: sqs('work') },
  ]);
  expect(project.resources).toContainEqual(expect.objectContaining({ kind: 'queue', arn: made }));
});

test('a template: what cannot be subscribed is told with its line', async () => {
  const { project, said } =
    await template(`  A: { Type: AWS::SNS::Subscription, Properties: { TopicArn: news, Protocol: sqs, Endpoint: x } }
  B: { Type: AWS::SNS::Subscription, Properties: { TopicArn: '${sns('x')}', Protocol: email } }
  C: { Type: AWS::SNS::Subscription, Properties: { TopicArn: '${sns('x')}', Protocol: lambda, Endpoint: 'arn:aws:lambda:us-east-1:000000000000:function:other' } }
  D: { Type: AWS::SNS::Topic, Properties: { TopicName: plain, FifoTopic: true } }
  E: { Type: AWS::SNS::Topci }`);
  expect(topicsOf(project)).toEqual({ triggers: [], topics: [], subscriptions: [] });
  expect(said).toEqual([
    expect.stringMatching(
      /^error invalid-subscription Resources\.A\.Properties\.TopicArn:10 .*"news", which is not the ARN of a topic/,
    ),
    expect.stringMatching(/^error invalid-subscription Resources\.B\.Properties:11 .*has no Endpoint/),
    expect.stringMatching(
      /^error invalid-topic Resources\.D\.Properties\.TopicName:13 .*does not end in \.fifo/,
    ),
    expect.stringMatching(/^warning unknown-function Resources\.C\.Properties\.Endpoint:12 /),
    expect.stringMatching(/^warning unknown-resource-type Resources\.E:14 /),
  ]);
});

test('a sls-local.config declares topics, subscribers and functions of them', async () => {
  const { project, said } = await loadWith(nativeLoader, {
    'sls-local.config.yml': `name: shop
functions:
  fn:
    handler: src/a.handler
    topic: [news, { topic: orders, filterPolicy: { kind: [a] }, filterPolicyScope: MessageBody, deadLetterQueue: dead }]
    env: { TOPIC: '{{ topicArn news }}' }
    async: { onFailure: { topic: news } }
topics:
  news:
    displayName: News
    subscriptions:
      - { queue: work, raw: true, filterPolicy: { kind: [b] } }
      - http: http://localhost:8080/hook
      - { email: a@example.com }
  orders: { fifo: true, contentBasedDeduplication: true }
queues: { work: {}, dead: {} }
`,
  });
  expect(said).toEqual([]);
  expect(project.functions[0]).toMatchObject({
    env: { TOPIC: sns('shop-dev-news') },
    asyncEvents: { onFailureArn: sns('shop-dev-news') },
  });
  const found = topicsOf(project);
  expect(found.topics).toEqual([
    topic('shop-dev-news', { DisplayName: 'News' }),
    topic('shop-dev-orders.fifo', { ContentBasedDeduplication: 'true' }),
  ]);
  expect(found.triggers).toEqual([
    { kind: 'topic', functionId: 'fn', topicArn: sns('shop-dev-news') },
    {
      ...{
        kind: 'topic',
        functionId: 'fn',
        topicArn: sns('shop-dev-orders.fifo'),
        filterPolicy: '{"kind":["a"]}',
      },
      ...{ filterPolicyScope: 'MessageBody', deadLetterArn: sqs('shop-dev-dead') },
    },
  ]);
  expect(found.subscriptions).toMatchObject([
    { protocol: 'sqs', endpoint: sqs('shop-dev-work'), attributes: { RawMessageDelivery: 'true' } },
    { protocol: 'http', endpoint: 'http://localhost:8080/hook' },
    { protocol: 'email', endpoint: 'a@example.com' },
  ]);
});

test('a sls-local.config: what is not there or said twice is an error', async () => {
  const { said } = await loadWith(nativeLoader, {
    'sls-local.config.yml': `name: shop
functions:
  fn: { handler: src/a.handler, topic: new }
topics:
  news:
    subscriptions: [{ queue: work, email: a@example.com }, { queue: nowhere }]
queues: { work: {} }
`,
  });
  expect(said).toEqual([
    'error unknown-topic functions.fn.topic:3 functions.fn.topic: there is no topic "new" in this file',
    'error invalid-value topics.news.subscriptions.0:6 topics.news.subscriptions.0: expected one of queue, http, email and sms, found several',
    'error unknown-queue topics.news.subscriptions.1.queue:6 topics.news.subscriptions.1.queue: there is no queue "nowhere" in this file',
  ]);
});

test('topics and queues of other stacks are made here, with a warning', async () => {
  const root = temporaryProject({
    'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  fn:
    handler: src/a.handler
    events: [{ sns: '${sns('far')}' }]
resources:
  Resources:
    ToFar: { Type: AWS::SNS::Subscription, Properties: { TopicArn: '${sns('far')}', Protocol: sqs, Endpoint: '${sqs('elsewhere')}' } }
`,
  });
  const { project, problems } = await loadProject({ root, options: noOptions });
  expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'undeclared-topic: the topic "far", which fn is subscribed to, is not declared in this project; it is made here',
    'undeclared-queue: the queue "elsewhere", which is subscribed to far, is not declared in this project; it is made here with the usual settings',
  ]);
  expect(project.resources.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'subscription far → sqs elsewhere',
    'topic far',
    'queue elsewhere',
  ]);
});
