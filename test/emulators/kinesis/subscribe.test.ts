/** SubscribeToShard: what is pushed, when, and to whom. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { makeCall } from '../world.ts';
import { type RunningKinesis, runKinesis, shardId } from './running-kinesis.ts';

let kinesis: RunningKinesis;
let ConsumerARN: string;
beforeEach(async () => {
  kinesis = await runKinesis();
  await kinesis.call('CreateStream', { StreamName: 's', ShardCount: 1 });
  const StreamARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/s';
  const { Consumer } = await kinesis.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'c' });
  ConsumerARN = String((Consumer as JsonObject).ConsumerARN);
});
afterEach(async () => {
  await kinesis.emulator.close();
  await kinesis.world.store.close();
});

const rest = () => kinesis.world.clock.advance(0);

/** Events so far, each as the data of its records. */
async function subscribe(starting: JsonObject = { Type: 'TRIM_HORIZON' }, signal?: AbortSignal) {
  const operation = kinesis.api.eventStreams?.SubscribeToShard;
  if (!operation) throw new Error('Kinesis has SubscribeToShard');
  const call = makeCall('SubscribeToShard', signal ? { signal } : {});
  const write = await operation({ ConsumerARN, ShardId: shardId(0), StartingPosition: starting }, call);
  const events: JsonObject[] = [];
  let over = false;
  const ended = write((_, event) => void events.push(event)).then(() => {
    over = true;
  });
  await rest();
  return {
    ended,
    isOver: () => over,
    events,
    texts: () =>
      events.map(({ Records: records }) =>
        (records as JsonObject[]).map(({ Data: data }) => Buffer.from(String(data), 'base64').toString()),
      ),
  };
}

test('records come as they are put; in silence an empty event says that the connection is there', async () => {
  await kinesis.put('s', 'before');
  const { texts, events } = await subscribe();
  expect(texts()).toEqual([['before']]);
  await kinesis.put('s', 'after');
  await rest();
  expect(texts()).toEqual([['before'], ['after']]);
  await kinesis.world.clock.advance(5000);
  expect(texts()).toEqual([['before'], ['after'], []]);
  const next = {
    Type: 'AFTER_SEQUENCE_NUMBER',
    SequenceNumber: events.at(-1)?.ContinuationSequenceNumber ?? '',
  };
  await kinesis.put('s', 'last');
  await kinesis.world.clock.advance(5000);
  expect((await subscribe(next)).texts()[0]).toEqual(['last']);
});

test('it ends after five minutes, with the shard, and when the caller is gone', async () => {
  const first = await subscribe({ Type: 'LATEST' });
  await kinesis.world.clock.advance(299_999);
  expect(first.isOver()).toBe(false);
  await kinesis.world.clock.advance(1);
  await first.ended;
  const caller = new AbortController();
  const second = await subscribe({ Type: 'LATEST' }, caller.signal);
  caller.abort();
  await second.ended;
  const third = await subscribe({ Type: 'LATEST' });
  await kinesis.call('SplitShard', { StreamName: 's', ShardToSplit: shardId(0), NewStartingHashKey: '1000' });
  await rest();
  await third.ended;
  expect(third.events.at(-1)).toMatchObject({
    ChildShards: [{ ShardId: shardId(1) }, { ShardId: shardId(2) }],
  });
});

test('a second one is refused at first, and takes over later', async () => {
  const first = await subscribe();
  await expect(subscribe()).rejects.toMatchObject({ code: 'ResourceInUseException' });
  await kinesis.world.clock.advance(5000);
  const second = await subscribe();
  await first.ended;
  expect(second.isOver()).toBe(false);
});
