/** All services on one folder, behind the endpoint, connected to each other and to functions that write down what they get. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEndpoint } from '../../../../emulators/_wire/endpoint.ts';
import { startServices } from '../../../../src/app/registry.ts';
import type { DeliverRequest } from '../../../../src/model/emulator.ts';
import type { Clock } from '../../../../src/model/platform.ts';
import type { QueueTrigger, Trigger } from '../../../../src/model/project.ts';
import type { QueueResource, Resource } from '../../../../src/model/resources.ts';
import { openBodyFolder } from '../../../../src/std/body-files.ts';
import { makeClosers } from '../../../../src/std/closers.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { openStore } from '../../../../src/std/store/store.ts';
import { failed, makeFunction, makeInvoked, ok } from '../../../emulators/world.ts';

export const PLACE = { region: 'eu-west-1', accountId: '000000000000' };
const SQS = `arn:aws:sqs:${PLACE.region}:${PLACE.accountId}:`;
export const SNS = `arn:aws:sns:${PLACE.region}:${PLACE.accountId}:`;
const STREAM = `arn:aws:dynamodb:${PLACE.region}:${PLACE.accountId}:table/orders/stream/2026-01-01T00:00:00.000`;

/** Names of what functions and readers get: these queues have a function each, `held` and `held.fifo` are read at the end. */
const QUEUES = ['work', 'ordered.fifo', 'held', 'held.fifo'];

const resources: readonly Resource[] = [
  ...QUEUES.map(
    (name): QueueResource => ({
      ...{ kind: 'queue', name, arn: SQS + name, fifo: name.endsWith('.fifo') },
      ...{ contentBasedDeduplication: true, visibilityTimeoutMs: 30_000, delayMs: 0 },
      ...{ retentionMs: 345_600_000, receiveWaitMs: 0, maximumMessageBytes: 262_144 },
    }),
  ),
  { kind: 'topic', name: 'news', arn: `${SNS}news`, fifo: false, attributes: {} },
  {
    ...{ kind: 'topic', name: 'news.fifo', arn: `${SNS}news.fifo`, fifo: true },
    attributes: { ContentBasedDeduplication: 'true' },
  },
  subscription('news', 'held'),
  subscription('news.fifo', 'held.fifo'),
  {
    ...{ kind: 'bucket', name: 'files', configurations: {} },
    notifications: [{ arn: `${SQS}held`, events: ['s3:ObjectCreated:*'] }],
  },
  {
    ...{ kind: 'table', name: 'orders', attributes: { id: 'S' }, key: { hash: 'id' } },
    ...{ globalIndexes: [], localIndexes: [], billingMode: 'PAY_PER_REQUEST', streamView: 'NEW_IMAGE' },
  },
];

function subscription(topic: string, queue: string): Resource {
  return {
    ...{ kind: 'subscription', name: `${topic} → sqs ${queue}`, topicArn: SNS + topic },
    ...{ protocol: 'sqs', endpoint: SQS + queue, attributes: { RawMessageDelivery: 'true' } },
  };
}

const queueTrigger = (queue: string): QueueTrigger => ({
  ...{ kind: 'queue', functionId: 'worker', queueArn: SQS + queue, batchSize: 10 },
  ...{ batchWindowMs: 0, reportBatchItemFailures: false, enabled: true },
});

const triggers: readonly Trigger[] = [
  queueTrigger('work'),
  queueTrigger('ordered.fifo'),
  {
    ...{ kind: 'table-stream', functionId: 'worker', streamArn: STREAM, batchSize: 10, batchWindowMs: 0 },
    ...{ startingPosition: 'TRIM_HORIZON', parallelizationFactor: 2 },
    ...{ bisectBatchOnFunctionError: false, reportBatchItemFailures: false, enabled: true },
  },
];

export interface RunningAll {
  readonly url: string;
  readonly bugs: readonly unknown[];
  close(): Promise<void>;
}

export interface AllOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Whether the function fails now, after it has written down what it got. */
  readonly fails: () => boolean;
  readonly onDelivered?: () => void;
}

/** A line per record that a function got: `<source> <group or key> <number>`. */
export const seenFile = (folder: string) => join(folder, 'seen');

export async function runAll({ folder, clock, fails, onDelivered }: AllOptions): Promise<RunningAll> {
  const closers = makeClosers();
  const store = openStore(join(folder, 'data'));
  closers.add(() => store.close());
  const files = openBodyFolder(join(folder, 'objects'), { ids: randomIds });
  closers.add(() => files.close());
  const bugs: unknown[] = [];
  const context = {
    ...{ clock, ids: randomIds, store, files, ...PLACE, folder: join(folder, 'files') },
    functions: () => [makeFunction()],
    notice: () => {},
    onBuilt: () => () => {},
    enqueue: () => ({ requestId: randomIds.uuid() }),
    async deliver(request: DeliverRequest) {
      appendFileSync(
        seenFile(folder),
        linesOf(request.event)
          .map((line) => `\n${line}\n`)
          .join(''),
      );
      onDelivered?.();
      return makeInvoked(fails() ? failed : ok());
    },
  };
  const services = await startServices(context, store, closers);
  await services.apply(resources, triggers);
  const endpoint = await startEndpoint({
    ...{ apis: () => services.apis, ids: randomIds, ...PLACE, port: 0 },
    tracer: { begin: () => ({ origin: { traceId: '1-00000000-000000000000000000000000' }, end: () => {} }) },
    onBug: (thrown) => bugs.push(thrown),
  });
  closers.add(() => endpoint.close());
  return { url: endpoint.listening.url, bugs, close: () => closers.close() };
}

interface AnyRecord {
  readonly body?: string;
  readonly eventSourceARN: string;
  readonly dynamodb?: { readonly NewImage?: { readonly id: { S: string }; readonly n: { N: string } } };
}

function linesOf(event: string): string[] {
  const { Records: records } = JSON.parse(event) as { Records: readonly AnyRecord[] };
  return records.map(({ body, eventSourceARN: arn, dynamodb }) => {
    if (body !== undefined) return `${arn.slice(SQS.length)} ${body}`;
    const { id, n } = dynamodb?.NewImage ?? { id: { S: '' }, n: { N: '' } };
    return `orders ${id.S} ${n.N}`;
  });
}
