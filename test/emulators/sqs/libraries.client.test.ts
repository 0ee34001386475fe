/** Libraries that make a job queue of SQS run unmodified against the endpoint. */
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqs } from '../../../emulators/sqs/index.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeWorld, type World } from '../world.ts';

interface Message {
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue: string }>>;
}

interface Given {
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly handle: (message: Message) => Promise<Message>;
  readonly onDone: () => void;
}

interface Consumer {
  startWorker(given: Given & { readonly onError: (failure: unknown) => void }): { stop(): Promise<void> };
}

interface Jobs {
  startJobs(given: Given): Promise<{
    send(messages: readonly Readonly<Record<string, unknown>>[]): Promise<unknown>;
    stop(): Promise<void>;
  }>;
}

/** `all` resolves when `one` was called so often. */
function countTo(most: number) {
  let left = most;
  let resolve = () => {};
  const all = new Promise<void>((done) => {
    resolve = done;
  });
  const one = () => {
    if (--left === 0) resolve();
  };
  return { one, all };
}

await describeWithTool('libraries', 'libraries that work through queues', (folder) => {
  let world: World;
  let running: RunningEndpoint;
  let emulator: Awaited<ReturnType<typeof sqs.start>>;
  let client: SQSClient;
  beforeAll(async () => {
    world = makeWorld();
    emulator = await sqs.start({ ...world.context, clock: makeSystemClock() });
    running = await startTestEndpoint(() => (emulator.api ? [emulator.api] : []));
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new SQSClient({ endpoint: running.url, region: 'eu-west-1', credentials });
  });
  afterAll(async () => {
    expect(running.bugs).toEqual([]);
    client.destroy();
    await running.endpoint.close();
    await emulator.close();
    await world.store.close();
  });

  const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
    (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  const leftIn = async (QueueUrl: string) => {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  };

  test('sqs-consumer: jobs are done, one that fails comes again and then goes to the dead letters', async () => {
    const { startWorker } = (await import(join(folder, 'consumer.mjs'))) as Consumer;
    const dead = await create('work-dead');
    const redrive = {
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:work-dead',
      maxReceiveCount: 2,
    };
    const queueUrl = await create('work', { RedrivePolicy: JSON.stringify(redrive) });
    const done: string[] = [];
    const failedAt: (string | undefined)[] = [];
    const errors: unknown[] = [];
    const processed = countTo(9);
    const worker = startWorker({
      ...{ endpoint: running.url, queueUrl },
      async handle(message) {
        const { Body: body, Attributes: attributes } = message;
        if (body === 'job 3') {
          failedAt.push(attributes?.ApproximateReceiveCount);
          throw new Error('no');
        }
        done.push(`${body} ${message.MessageAttributes?.kind?.StringValue}`);
        return message;
      },
      onDone: processed.one,
      onError: (failure) => void errors.push(failure),
    });
    const numbers = [...Array(10).keys()];
    const kind = { DataType: 'String', StringValue: 'mail' };
    const Entries = numbers.map((n) => ({
      ...{ Id: `${n}`, MessageBody: `job ${n}`, MessageAttributes: { kind } },
    }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    const given = new ReceiveMessageCommand({ QueueUrl: dead, WaitTimeSeconds: 20 });
    const { Messages: messages } = await client.send(given);
    await processed.all;
    await worker.stop();
    expect(messages).toMatchObject([{ Body: 'job 3' }]);
    expect(failedAt).toEqual(['1', '2']);
    expect(done.sort()).toEqual(numbers.filter((n) => n !== 3).map((n) => `job ${n} mail`));
    expect(errors).toEqual([]);
    expect(await leftIn(queueUrl)).toBe(0);
  });

  test('@ssut/nestjs-sqs with sqs-producer: jobs of a group stay in order, twice the same is done once', async () => {
    const { startJobs } = (await import(join(folder, 'jobs.mjs'))) as Jobs;
    const queueUrl = await create('jobs.fifo', { FifoQueue: 'true' });
    const ran: string[] = [];
    const processed = countTo(5);
    const jobs = await startJobs({
      ...{ endpoint: running.url, queueUrl },
      async handle(message) {
        const { job } = JSON.parse(message.Body) as { job: string };
        ran.push(job);
        if (job === 'a1' && ran.filter((one) => one === 'a1').length === 1) throw new Error('no');
        return message;
      },
      onDone: processed.one,
    });
    const job = (id: string) => ({ id, body: { job: id }, groupId: id.charAt(0), deduplicationId: id });
    await jobs.send(['a1', 'a2', 'b1', 'a3', 'b2'].map(job));
    await jobs.send([job('a2')]);
    await processed.all;
    await jobs.stop();
    expect(ran.filter((one) => one.startsWith('a'))).toEqual(['a1', 'a1', 'a2', 'a3']);
    expect(ran.filter((one) => one.startsWith('b'))).toEqual(['b1', 'b2']);
  });
});
