import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Outcome } from '../../../../src/model/invocation.ts';
import { failed, ok } from '../../world.ts';
import { type Following, follow, idsOf, makeTable, makeTrigger, recordsOf, STREAM_ARN } from './following.ts';

let world: Following;
beforeEach(async () => {
  world = await follow();
});
afterEach(async () => {
  await world.running.close();
  await world.store.close();
});

/** Another session on the same data, the old one gone as after a kill: nobody waited for it. */
async function killed(): Promise<Following> {
  return follow(world.store, world.clock);
}

test('LATEST begins with what is written after the function was first seen, TRIM_HORIZON with all there is', async () => {
  await world.running.apply([makeTable()], []);
  await world.put('before');
  await world.start({}, { functionId: 'other', startingPosition: 'TRIM_HORIZON' });
  await world.put('after');
  await world.rest();
  const seen = (id: string) => world.delivered.filter(({ functionId }) => functionId === id).flatMap(idsOf);
  expect(seen('worker')).toEqual(['after']);
  expect(seen('other')).toEqual(['before', 'after']);
});

test('a session goes on where the last one was, with what was written in between', async () => {
  await world.start();
  await world.put('a');
  await world.rest();
  await world.running.close();
  const second = await follow(world.store, world.clock);
  await second.put('b');
  await second.start();
  await second.rest();
  expect(second.batches()).toEqual([['b']]);
  await second.running.close();
});

test('after a kill a batch that was not done comes again, one that was does not', async () => {
  world.answer = (request) => (idsOf(request).includes('a') ? ok() : new Promise(() => {}));
  await world.start();
  await world.put('a');
  await world.rest();
  await world.put('b');
  await world.rest();
  expect(world.batches()).toEqual([['a'], ['b']]);
  const second = await killed();
  await second.start();
  await second.rest();
  expect(second.batches()).toEqual([['b']]);
  await second.running.close();
});

test('after a kill right after the first look, LATEST is still that moment', async () => {
  await world.start();
  const second = await killed();
  await second.put('a');
  await second.start();
  await second.rest();
  expect(second.batches()).toEqual([['a']]);
  await second.running.close();
});

test('after a kill the done part of a partial response does not come again', async () => {
  world.answer = (request) => {
    const [, second] = recordsOf(request);
    return world.delivered.length > 1
      ? new Promise(() => {})
      : ok({ batchItemFailures: [{ itemIdentifier: second?.dynamodb.SequenceNumber }] });
  };
  await world.start({ reportBatchItemFailures: true });
  await world.putAll('a', 'b');
  await world.rest();
  const second = await killed();
  await second.start();
  await second.rest();
  expect(second.batches()).toEqual([['b']]);
  await second.running.close();
});

test('records the filter passes over are not looked at again by the next session', async () => {
  await world.start({ filterPatterns: ['{"eventName":["REMOVE"]}'] });
  await world.put('a');
  await world.rest();
  const second = await killed();
  await second.start();
  await second.rest();
  expect(second.batches()).toEqual([]);
  await second.running.close();
});

test('a changed trigger takes over when the running batch is done, without losing or repeating a record', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  world.answer = () => new Promise((resolve) => ends.push(resolve));
  await world.start({ batchSize: 1 });
  await world.putAll('a', 'b', 'c');
  await world.rest();
  await world.start({ batchSize: 10 });
  await world.rest();
  expect(world.batches()).toEqual([['a']]);
  ends[0]?.(ok());
  await world.rest();
  expect(world.batches()).toEqual([['a'], ['b', 'c']]);
  ends[1]?.(ok());
});

test('a trigger that only moved in its file goes on undisturbed', async () => {
  world.answer = () => failed;
  await world.start({ place: { file: 'a.yml', line: 1 } });
  await world.put('a');
  await world.rest();
  await world.start({ place: { file: 'a.yml', line: 2 } });
  await world.rest();
  expect(world.delivered).toHaveLength(1);
});

test('a change of the trigger ends the wait after a failure', async () => {
  world.answer = () => failed;
  await world.start();
  await world.put('a');
  await world.clock.advance(100_000);
  const { length } = world.delivered;
  await world.start({ batchSize: 2 });
  await world.rest();
  expect(world.delivered).toHaveLength(length + 1);
});

test('a trigger that was disabled or taken out goes on where it was', async () => {
  await world.start();
  await world.put('a');
  await world.rest();
  await world.start({ enabled: false });
  await world.put('b');
  await world.rest();
  expect(world.batches()).toEqual([['a']]);
  await world.start();
  await world.rest();
  expect(world.batches()).toEqual([['a'], ['b']]);
  await world.running.apply([makeTable()], []);
  await world.put('c');
  await world.rest();
  await world.start();
  await world.rest();
  expect(world.batches()).toEqual([['a'], ['b'], ['c']]);
});

test('a mapping made through the API goes on in the next session, and one made anew begins anew', async () => {
  await world.start({ mappingId: 'first' });
  await world.put('a');
  await world.rest();
  await world.running.close();
  world = await follow(world.store, world.clock);
  await world.put('b');
  await world.start({ mappingId: 'first' });
  await world.rest();
  expect(world.batches()).toEqual([['b']]);
  await world.running.apply([makeTable()], []);
  await world.put('c');
  await world.rest();
  await world.start({ mappingId: 'second' });
  await world.put('d');
  await world.rest();
  expect(world.batches()).toEqual([['b'], ['d']]);
});

test('others can ask whether a stream is there', async () => {
  expect(world.running.has?.(STREAM_ARN)).toBe(false);
  await world.running.apply([makeTable()], []);
  expect(world.running.has?.(STREAM_ARN)).toBe(true);
});

test('with another number of parallel batches no record is left out', async () => {
  await world.start({ parallelizationFactor: 3 });
  await world.putAll('a', 'b', 'c', 'd');
  await world.rest();
  expect(world.batches().flat().sort()).toEqual(['a', 'b', 'c', 'd']);
  await world.start({ enabled: false });
  await world.putAll('e', 'f', 'g');
  await world.start({ parallelizationFactor: 2 });
  await world.rest();
  expect(world.batches().flat()).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd', 'e', 'f', 'g']));
});

test('a table that gets another stream is followed on, first to the end of the old one', async () => {
  const update = (StreamSpecification: { StreamEnabled: boolean; StreamViewType?: string }) =>
    world.call('UpdateTable', { TableName: 'orders', StreamSpecification });
  await world.start();
  const first = world.running.streams.streamOf('orders');
  await world.start({ enabled: false });
  await world.put('a');
  await world.clock.advance(5);
  await update({ StreamEnabled: false });
  await world.put('unrecorded');
  await update({ StreamEnabled: true, StreamViewType: 'KEYS_ONLY' });
  await world.put('b');
  await world.start();
  await world.rest();
  await world.put('c');
  await world.rest();
  expect(world.batches()).toEqual([['a'], ['b'], ['c']]);
  const second = world.running.streams.streamOf('orders');
  expect(second).not.toBe(first);
  const arns = world.delivered.map((request) => recordsOf(request)[0]?.eventSourceARN);
  expect(arns).toEqual([first, second, second]);
});

test('a table that is made anew is followed from its first record', async () => {
  await world.start();
  await world.put('a');
  await world.rest();
  await world.call('DeleteTable', { TableName: 'orders' });
  await world.clock.advance(1);
  await world.start();
  await world.put('b');
  await world.rest();
  expect(world.batches()).toEqual([['a'], ['b']]);
});

test('a table that is made later is followed from its first record, whatever the label in the ARN', async () => {
  await world.running.apply([], [makeTrigger({ streamArn: STREAM_ARN.replace('2026', '2019') })]);
  await world.rest();
  await world.running.apply([makeTable()], [makeTrigger({ streamArn: STREAM_ARN.replace('2026', '2019') })]);
  await world.put('a');
  await world.rest();
  expect(world.batches()).toEqual([['a']]);
});

test('two functions that follow one table do not hold each other up', async () => {
  world.answer = ({ functionId }) => (functionId === 'stuck' ? new Promise(() => {}) : ok());
  await world.start({ functionId: 'stuck' }, { functionId: 'free' });
  await world.put('a');
  await world.rest();
  await world.put('b');
  await world.rest();
  expect(world.delivered.map((request) => [request.functionId, ...idsOf(request)])).toEqual([
    ['stuck', 'a'],
    ['free', 'a'],
    ['free', 'b'],
  ]);
});

test('a second trigger for the same function and table, and one for no stream, are told and do not run', async () => {
  await world.start(
    {},
    { batchSize: 1 },
    { streamArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders' },
  );
  expect(world.notices).toEqual([
    'worker follows orders twice: the cloud refuses that, and only the first trigger runs',
    "the trigger of worker names 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders', which is no ARN of a table's stream; it does not run",
  ]);
  await world.put('a');
  await world.rest();
  expect(world.batches()).toEqual([['a']]);
});

test('a restored state is followed from where the function was in it, and what ran then no longer counts', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  world.answer = () => new Promise((resolve) => ends.push(resolve));
  await world.start();
  await world.put('a');
  await world.rest();
  world.running.reload?.();
  await world.start();
  await world.rest();
  expect(world.batches()).toEqual([['a'], ['a']]);
  ends[0]?.(ok());
  await world.rest();
  const second = await killed();
  await second.start();
  await second.rest();
  expect(second.batches()).toEqual([['a']]);
  await second.running.close();
  ends[1]?.(ok());
});

test('what fails after a restore is neither given up nor told', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  world.answer = () => new Promise((resolve) => ends.push(resolve));
  await world.start({ maximumRetryAttempts: 0 });
  await world.put('a');
  await world.rest();
  world.running.reload?.();
  ends[0]?.(failed);
  await world.rest();
  expect(world.notices).toEqual([]);
});

test('a session that closes gives up waiting for a function that does not end, and its records come again', async () => {
  const ends: ((outcome: Outcome) => void)[] = [];
  world.answer = () => new Promise((resolve) => ends.push(resolve));
  await world.start();
  await world.put('a');
  await world.rest();
  await world.running.close();
  ends[0]?.(ok());
  await world.rest();
  const second = await follow(world.store, world.clock);
  await second.start();
  await second.rest();
  expect(second.batches()).toEqual([['a']]);
  await second.running.close();
});

test('closing ends a wait after a failure at once', async () => {
  world.answer = () => failed;
  await world.start();
  await world.put('a');
  await world.rest();
  const begun = performance.now();
  await world.running.close();
  expect(performance.now() - begun).toBeLessThan(500);
  expect(world.clock.waiting).toBe(0);
});
