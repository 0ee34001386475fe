/** SNS running in a test world, with short names for what the tests do to it. */
import { sns } from '../../../emulators/sns/index.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { TopicTrigger } from '../../../src/model/project.ts';
import type { Resource, SubscriptionResource, TopicResource } from '../../../src/model/resources.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { callOperation, makeWorld, type World } from '../world.ts';

export interface RunningSns extends World {
  readonly api: JsonApi;
  readonly emulator: Awaited<ReturnType<typeof sns.start>>;
  call(operation: string, input?: JsonObject): Promise<JsonObject>;
  /** Makes a topic and answers its ARN. */
  topic(name: string, attributes?: JsonObject): Promise<string>;
  /** Subscribes and answers the subscription's ARN. */
  subscribe(topicArn: string, protocol: string, endpoint: string, attributes?: JsonObject): Promise<string>;
  publish(topicArn: string, message: string, more?: JsonObject): Promise<JsonObject>;
  apply(resources: readonly Resource[], triggers?: readonly TopicTrigger[]): Promise<void>;
}

export async function startSns(world: World = makeWorld()): Promise<RunningSns> {
  const emulator = await sns.start(world.context);
  const { api } = emulator;
  if (api?.protocol !== 'json') throw new Error('SNS has operations by name');
  const call = (operation: string, input: JsonObject = {}) => callOperation(api, operation, input);
  return Object.assign(world, {
    api,
    emulator,
    call,
    async topic(name: string, attributes: JsonObject = {}) {
      const { TopicArn: arn } = await call('CreateTopic', { Name: name, Attributes: attributes });
      return String(arn);
    },
    async subscribe(topicArn: string, protocol: string, endpoint: string, attributes: JsonObject = {}) {
      const { SubscriptionArn: arn } = await call('Subscribe', {
        ...{ TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint, Attributes: attributes },
        ReturnSubscriptionArn: true,
      });
      return String(arn);
    },
    publish: (topicArn: string, message: string, more: JsonObject = {}) =>
      call('Publish', { TopicArn: topicArn, Message: message, ...more }),
    apply: (resources: readonly Resource[], triggers: readonly TopicTrigger[] = []) =>
      emulator.apply(resources, triggers),
  });
}

export const TOPICS = 'arn:aws:sns:eu-west-1:000000000000:';
export const QUEUES = 'arn:aws:sqs:eu-west-1:000000000000:';
export const FUNCTIONS = 'arn:aws:lambda:eu-west-1:000000000000:function:';

export function makeTopicResource(overrides: Partial<TopicResource> = {}): TopicResource {
  const name = overrides.name ?? 'orders';
  return {
    kind: 'topic',
    name,
    arn: TOPICS + name,
    fifo: name.endsWith('.fifo'),
    attributes: {},
    ...overrides,
  };
}

export function makeSubscriptionResource(
  overrides: Partial<SubscriptionResource> = {},
): SubscriptionResource {
  return {
    ...{ kind: 'subscription', name: 'orders → sqs work', topicArn: `${TOPICS}orders` },
    ...{ protocol: 'sqs', endpoint: `${QUEUES}work`, attributes: {} },
    ...overrides,
  };
}

export function makeTopicTrigger(overrides: Partial<TopicTrigger> = {}): TopicTrigger {
  return { kind: 'topic', functionId: 'worker', topicArn: `${TOPICS}orders`, ...overrides };
}
