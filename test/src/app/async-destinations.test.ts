import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { startServices } from '../../../src/app/registry.ts';
import { openAsyncQueue } from '../../../src/invoke/async.ts';
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { makeClosers } from '../../../src/std/closers.ts';
import { makeSeededIds } from '../../../src/std/ids.ts';
import { openTemporaryStore } from '../../../src/std/store/store.ts';
import { callOperation, failed, makeFunction, makeInvoked } from '../../emulators/world.ts';

test('what was given up lies in real queues, with attributes and the trace of the run', async () => {
  const store = openTemporaryStore();
  const clock = makeFakeClock();
  const ids = makeSeededIds(1);
  const closers = makeClosers();
  onTestFinished(async () => {
    await closers.close();
    await store.close();
  });
  const arn = (name: string) => `arn:aws:sqs:eu-west-1:000000000000:${name}`;
  const fn = makeFunction({
    asyncEvents: { maximumRetryAttempts: 0, onFailureArn: arn('told'), deadLetterArn: arn('dead') },
  });
  const later = openAsyncQueue({
    ...{ store, clock, ids, notice: () => {}, functions: () => [fn] },
    deliver: async () => makeInvoked(failed),
    send: (message) => services.send(message),
  });
  closers.add(() => later.close());
  const context: EmulatorContext = {
    ...{ clock, ids, store, enqueue: later.enqueue, functions: () => [fn], folder: tmpdir() },
    deliver: async () => makeInvoked(failed),
    region: 'eu-west-1',
    accountId: '000000000000',
    notice: () => {},
  };
  const services = await startServices(context, store, closers);
  const sqs = services.apis.find((api) => api.service === 'sqs');
  if (sqs?.protocol !== 'json') throw new Error('SQS is not there');
  for (const QueueName of ['told', 'dead']) await callOperation(sqs, 'CreateQueue', { QueueName });
  later.start();
  const { requestId } = later.enqueue({
    functionId: fn.id,
    event: '{"n":1}',
    cause: { kind: 'cli' },
    origin: { traceId: '1-5759e988-bd862e3fe1be46a994272793' },
  });
  await clock.advance(0);
  const receive = async (name: string) =>
    callOperation(sqs, 'ReceiveMessage', {
      QueueUrl: `http://127.0.0.1:4566/000000000000/${name}`,
      AttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
  expect(await receive('told')).toMatchObject({
    Messages: [
      {
        Body: expect.stringContaining('"condition":"RetriesExhausted"'),
        Attributes: {
          AWSTraceHeader: expect.stringMatching(
            /^Root=1-5759e988-bd862e3fe1be46a994272793;Parent=[0-9a-f]{16}/,
          ),
        },
      },
    ],
  });
  expect(await receive('dead')).toMatchObject({
    Messages: [
      {
        Body: '{"n":1}',
        MessageAttributes: {
          RequestID: { DataType: 'String', StringValue: requestId },
          ErrorCode: { DataType: 'Number', StringValue: '200' },
          ErrorMessage: { DataType: 'String', StringValue: 'no' },
        },
      },
    ],
  });
});
