import { afterEach, beforeEach, expect, test } from 'vitest';
import { ServiceError } from '../../../emulators/_wire/service-error.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store/store.ts';
import { saveState } from '../saved-state.ts';
import { failed, makeFunction, makeWorld, ok } from '../world.ts';
import { makeQueueResource, makeTrigger, type RunningSqs, startSqs } from './running-queue.ts';

let store: FileStore;
let sqs: RunningSqs;
beforeEach(async () => {
  store = openTemporaryStore();
  sqs = await startSqs(makeWorld(store));
});
afterEach(async () => {
  await sqs.emulator.close();
  await store.close();
});

const rest = () => sqs.clock.advance(0);
const bodies = async (url: string, more = {}) => (await sqs.receive(url, more)).map(({ body }) => body);
const delivered = () =>
  sqs.delivered.map(({ event }) => JSON.parse(event).Records.map((record: { body: string }) => record.body));

test('messages and queues are those of the saved state, counts included', async () => {
  const url = await sqs.queue('kept');
  await sqs.send(url, '1');
  const restore = await saveState(store);
  await sqs.send(url, '2');
  await sqs.queue('made-later');
  expect(await sqs.counts(url)).toMatchObject({ visible: 2 });
  await restore(sqs.emulator);
  expect(await sqs.counts(url)).toMatchObject({ visible: 1 });
  expect(await bodies(url)).toEqual(['1']);
  const { QueueUrls: urls } = await sqs.call('ListQueues');
  expect(urls).toEqual([url]);
});

test('who waits at a queue gets what the saved state holds', async () => {
  const url = await sqs.queue('q');
  await sqs.send(url, 'saved');
  const restore = await saveState(store);
  await sqs.call('PurgeQueue', { QueueUrl: url });
  const waiting = bodies(url, { WaitTimeSeconds: 20 });
  await rest();
  await restore(sqs.emulator);
  expect(await waiting).toEqual(['saved']);
});

test('who waits at a queue gets what is sent to it after the restore', async () => {
  const url = await sqs.queue('q');
  const restore = await saveState(store);
  const waiting = bodies(url, { WaitTimeSeconds: 20 });
  await rest();
  await restore(sqs.emulator);
  await sqs.send(url, 'later');
  expect(await waiting).toEqual(['later']);
});

test('who waits at a queue the saved state does not have is told it does not exist', async () => {
  const restore = await saveState(store);
  const url = await sqs.queue('made-later');
  const waiting = bodies(url, { WaitTimeSeconds: 20 });
  await restore(sqs.emulator);
  await expect(Promise.all([waiting, rest()])).rejects.toBeInstanceOf(ServiceError);
});

test('who waits at a queue of the project that the saved state does not have goes on waiting at the new one', async () => {
  const restore = await saveState(store);
  const queue = makeQueueResource();
  await sqs.emulator.apply([queue], []);
  const url = 'http://127.0.0.1:4566/000000000000/orders';
  const waiting = bodies(url, { WaitTimeSeconds: 20 });
  await restore(sqs.emulator, [queue]);
  await rest();
  await sqs.send(url, 'hello');
  expect(await waiting).toEqual(['hello']);
});

test('a message that was in flight is so again, under the handle it was received with, and visible when its time is over', async () => {
  const url = await sqs.queue('q', { VisibilityTimeout: '30' });
  await sqs.send(url, 'x');
  const [taken] = await sqs.receive(url);
  const restore = await saveState(store);
  await sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: taken?.handle ?? '' });
  await restore(sqs.emulator);
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  const waiting = bodies(url, { WaitTimeSeconds: 20 });
  await sqs.clock.advance(15_000);
  await sqs.call('ChangeMessageVisibility', {
    QueueUrl: url,
    ReceiptHandle: taken?.handle ?? '',
    VisibilityTimeout: 3,
  });
  await sqs.clock.advance(3000);
  expect(await waiting).toEqual(['x']);
});

test('a handle of a receive that the saved state does not know deletes nothing', async () => {
  const url = await sqs.queue('q');
  await sqs.send(url, 'x');
  const restore = await saveState(store);
  const [taken] = await sqs.receive(url);
  await restore(sqs.emulator);
  await sqs.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: taken?.handle ?? '' });
  expect(await bodies(url)).toEqual(['x']);
});

test('a purge that is under way leaves the messages of the saved state', async () => {
  const url = await sqs.queue('q');
  const entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: 'x' }));
  for (let n = 0; n < 1200; n++) await sqs.call('SendMessageBatch', { QueueUrl: url, Entries: entries });
  const restore = await saveState(store);
  let ended = false;
  const purging = sqs.call('PurgeQueue', { QueueUrl: url }).then(() => {
    ended = true;
  });
  await restore(sqs.emulator);
  expect(ended).toBe(false);
  await purging;
  expect(await sqs.counts(url)).toMatchObject({ visible: 12_000 });
});

test('a trigger goes on with the messages of the saved state', async () => {
  const queue = makeQueueResource();
  sqs.functions = [makeFunction()];
  await sqs.emulator.apply([queue], []);
  const url = 'http://127.0.0.1:4566/000000000000/orders';
  await sqs.send(url, 'saved');
  const restore = await saveState(store);
  await sqs.emulator.apply([queue], [makeTrigger()]);
  await rest();
  expect(delivered()).toEqual([['saved']]);
  expect(await sqs.counts(url)).toMatchObject({ visible: 0 });
  await restore(sqs.emulator, [queue], [makeTrigger()]);
  await rest();
  expect(delivered()).toEqual([['saved'], ['saved']]);
  expect(await sqs.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a trigger whose queue the saved state does not have runs at the queue made anew', async () => {
  const restore = await saveState(store);
  const queue = makeQueueResource();
  await sqs.emulator.apply([queue], [makeTrigger()]);
  await restore(sqs.emulator, [queue], [makeTrigger()]);
  await rest();
  await sqs.send('http://127.0.0.1:4566/000000000000/orders', 'hello');
  await rest();
  expect(delivered()).toEqual([['hello']]);
});

test('a function that ends after the restore does nothing to the messages of the saved state', async () => {
  const queue = makeQueueResource({ visibilityTimeoutMs: 30_000 });
  await sqs.emulator.apply([queue], []);
  const url = 'http://127.0.0.1:4566/000000000000/orders';
  await sqs.send(url, 'saved');
  const restore = await saveState(store);
  const answers: ((outcome: Outcome) => void)[] = [];
  sqs.answer = () => new Promise((resolve) => answers.push(resolve));
  await sqs.emulator.apply([queue], [makeTrigger()]);
  await rest();
  await restore(sqs.emulator, [queue], [makeTrigger()]);
  await rest();
  expect(delivered()).toEqual([['saved'], ['saved']]);
  answers[0]?.(ok());
  await rest();
  expect(await sqs.counts(url)).toMatchObject({ inFlight: 1 });
  answers[1]?.(failed);
  await sqs.clock.advance(30_000);
  expect(delivered()).toHaveLength(3);
});

test('a batch being filled loses what was taken from the state before', async () => {
  const queue = makeQueueResource();
  const trigger = makeTrigger({ batchSize: 10, batchWindowMs: 5000 });
  await sqs.emulator.apply([queue], [trigger]);
  const url = 'http://127.0.0.1:4566/000000000000/orders';
  const restore = await saveState(store);
  await sqs.send(url, 'before');
  await sqs.clock.advance(1000);
  await restore(sqs.emulator, [queue], [trigger]);
  await sqs.send(url, 'after');
  await sqs.clock.advance(5000);
  expect(delivered()).toEqual([['after']]);
});

test('a delayed message of the saved state becomes visible by its own time', async () => {
  const url = await sqs.queue('q');
  await sqs.send(url, 'x', { DelaySeconds: 10 });
  const restore = await saveState(store);
  await sqs.clock.advance(4000);
  await restore(sqs.emulator);
  const waiting = bodies(url, { WaitTimeSeconds: 20 });
  await sqs.clock.advance(5999);
  expect(await sqs.counts(url)).toMatchObject({ delayed: 1 });
  await sqs.clock.advance(1);
  expect(await waiting).toEqual(['x']);
});
