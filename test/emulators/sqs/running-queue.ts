/** SQS running in a test world, with short names for what the tests do to it. */

import { sqs } from '../../../emulators/sqs/index.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { QueueTrigger } from '../../../src/model/project.ts';
import type { QueueResource } from '../../../src/model/resources.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { callOperation, makeWorld, type World } from '../world.ts';

export interface RunningSqs extends World {
  readonly api: JsonApi;
  readonly emulator: Awaited<ReturnType<typeof sqs.start>>;
  call(operation: string, input?: JsonObject): Promise<JsonObject>;
  /** Makes a queue and answers its URL. */
  queue(name: string, attributes?: JsonObject): Promise<string>;
  send(url: string, body: string, more?: JsonObject): Promise<JsonObject>;
  /** Bodies and handles of what one receive got. */
  receive(url: string, more?: JsonObject): Promise<{ body: string; handle: string; json: JsonObject }[]>;
  counts(url: string): Promise<{ visible: number; inFlight: number; delayed: number }>;
}

export async function startSqs(world: World = makeWorld()): Promise<RunningSqs> {
  const emulator = await sqs.start(world.context);
  const api = emulator.api;
  if (api?.protocol !== 'json') throw new Error('SQS has a JSON API');
  const call = (operation: string, input: JsonObject = {}) => callOperation(api, operation, input);
  return Object.assign(world, {
    api,
    emulator,
    call,
    async queue(name: string, attributes: JsonObject = {}) {
      const { QueueUrl: url } = await call('CreateQueue', { QueueName: name, Attributes: attributes });
      return String(url);
    },
    send: (url: string, body: string, more: JsonObject = {}) =>
      call('SendMessage', { QueueUrl: url, MessageBody: body, ...more }),
    async receive(url: string, more: JsonObject = {}) {
      const { Messages: messages } = await call('ReceiveMessage', {
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        ...more,
      });
      return ((messages ?? []) as JsonObject[]).map((json) => ({
        body: String(json.Body),
        handle: String(json.ReceiptHandle),
        json,
      }));
    },
    async counts(url: string) {
      const { Attributes: found } = await call('GetQueueAttributes', {
        QueueUrl: url,
        AttributeNames: ['All'],
      });
      const count = (name: string) => Number((found as JsonObject)[`ApproximateNumberOfMessages${name}`]);
      return { visible: count(''), inFlight: count('NotVisible'), delayed: count('Delayed') };
    },
  });
}

export const ARN = 'arn:aws:sqs:eu-west-1:000000000000:';

export function makeTrigger(overrides: Partial<QueueTrigger> = {}): QueueTrigger {
  return {
    kind: 'queue',
    functionId: 'worker',
    queueArn: `${ARN}orders`,
    batchSize: 10,
    batchWindowMs: 0,
    reportBatchItemFailures: false,
    enabled: true,
    ...overrides,
  };
}

export function makeQueueResource(overrides: Partial<QueueResource> = {}): QueueResource {
  const name = overrides.name ?? 'orders';
  return {
    kind: 'queue',
    name,
    arn: ARN + name,
    fifo: name.endsWith('.fifo'),
    contentBasedDeduplication: false,
    visibilityTimeoutMs: 30_000,
    delayMs: 0,
    retentionMs: 345_600_000,
    receiveWaitMs: 0,
    maximumMessageBytes: 262_144,
    ...overrides,
  };
}
