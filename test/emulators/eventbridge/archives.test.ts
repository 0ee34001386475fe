/** Archives and replays. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld } from '../world.ts';
import { EVENTS, QUEUES, type RunningEvents, startEvents } from './running-events.ts';

let events: RunningEvents;
beforeEach(async () => {
  events = await startEvents();
  events.peers.add(`${QUEUES}work`).add(`${QUEUES}other`);
});
afterEach(async () => {
  await events.emulator.close();
  await events.store.close();
});

const BUS = `${EVENTS}event-bus/default`;
const ARCHIVE = `${EVENTS}archive/all`;
const DAY_MS = 24 * 60 * 60_000;

const archive = (more = {}) =>
  events.call('CreateArchive', { ArchiveName: 'all', EventSourceArn: BUS, ...more });

const replay = (more = {}) =>
  events.call('StartReplay', {
    ...{ ReplayName: 'again', EventSourceArn: ARCHIVE, Destination: { Arn: BUS } },
    ...{
      EventStartTime: events.clock.now() / 1000 - 60,
      EventEndTime: events.clock.now() / 1000 + 60,
      ...more,
    },
  });

/** Replays go on between other work, not on the clock. */
async function ended(name = 'again') {
  for (;;) {
    const found = await events.call('DescribeReplay', { ReplayName: name });
    if (['COMPLETED', 'CANCELLED', 'FAILED'].includes(String(found.State))) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('an archive keeps what its pattern wants and says how much', async () => {
  await archive({
    EventPattern: '{"detail":{"n":[{"numeric":[">",1]}]}}',
    Description: 'd',
    RetentionDays: 1,
  });
  for (const n of [1, 2, 3]) await events.put({ n });
  expect(await events.call('DescribeArchive', { ArchiveName: 'all' })).toMatchObject({
    ...{ ArchiveArn: ARCHIVE, ArchiveName: 'all', EventSourceArn: BUS, State: 'ENABLED' },
    ...{ EventCount: 2, RetentionDays: 1, Description: 'd', SizeBytes: expect.any(Number) },
  });
  await events.clock.advance(DAY_MS + 60_000);
  await events.put({ n: 4 });
  expect(await events.call('DescribeArchive', { ArchiveName: 'all' })).toMatchObject({ EventCount: 1 });
  expect(await events.call('ListArchives', { EventSourceArn: BUS })).toMatchObject({
    Archives: [{ ArchiveName: 'all' }],
  });
});

test('a replay brings the events of its time again, to the rules it names, and archives nothing anew', async () => {
  await archive();
  await events.rule('a', { source: ['shop'] }, { Arn: `${QUEUES}work` });
  await events.rule('b', { source: ['shop'] }, { Arn: `${QUEUES}other` });
  const ids = [];
  for (let n = 0; n < 120; n++) ids.push(await events.put({ n }));
  await events.put({ n: 'before' }, { Time: events.clock.now() / 1000 - 3600 });
  events.sent.length = 0;
  expect(await replay({ Destination: { Arn: BUS, FilterArns: [`${EVENTS}rule/a`] } })).toMatchObject({
    ReplayArn: `${EVENTS}replay/again`,
    State: 'STARTING',
  });
  expect(await ended()).toMatchObject({
    ...{ State: 'COMPLETED', EventSourceArn: ARCHIVE, ReplayEndTime: expect.any(Number) },
    Destination: { Arn: BUS, FilterArns: [`${EVENTS}rule/a`] },
  });
  expect(events.sent.map(({ arn }) => arn)).toEqual(Array(120).fill(`${QUEUES}work`));
  const again = events.sent.map(({ body }) => JSON.parse(body));
  expect(again.map(({ id }) => id)).toEqual(ids);
  expect(again[0]).toMatchObject({ 'replay-name': 'again', detail: { n: 0 } });
  expect(await events.call('DescribeArchive', { ArchiveName: 'all' })).toMatchObject({ EventCount: 121 });
});

test('a replay goes on in the next session', async () => {
  await archive();
  await events.rule('a', { source: ['shop'] }, { Arn: `${QUEUES}work` });
  await events.put({});
  await replay();
  await events.emulator.close();
  events = await startEvents(makeWorld(events.store, events.clock));
  events.peers.add(`${QUEUES}work`);
  await ended();
  expect(events.sent.map(({ body }) => JSON.parse(body)['replay-name'])).toEqual(['again']);
});

test('a replay can be cancelled while it runs, and only then', async () => {
  await archive();
  await events.put({});
  await replay();
  expect(await events.call('CancelReplay', { ReplayName: 'again' })).toMatchObject({ State: 'CANCELLING' });
  expect(await ended()).toMatchObject({ State: 'CANCELLED' });
  await expect(events.call('CancelReplay', { ReplayName: 'again' })).rejects.toMatchObject({
    code: 'IllegalStatusException',
  });
  expect(await events.call('ListReplays', { State: 'CANCELLED' })).toMatchObject({
    Replays: [{ ReplayName: 'again' }],
  });
});

test('what cannot be is refused', async () => {
  await archive();
  await expect(archive()).rejects.toMatchObject({
    code: 'ResourceAlreadyExistsException',
    message: 'Archive all already exists.',
  });
  await expect(
    archive({ ArchiveName: 'x', EventSourceArn: `${EVENTS}event-bus/nope` }),
  ).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'Event bus nope does not exist.',
  });
  await events.call('CreateEventBus', { Name: 'other' });
  await expect(replay({ Destination: { Arn: `${EVENTS}event-bus/other` } })).rejects.toThrow(
    'Cross event bus replay is not permitted',
  );
  await expect(replay({ EventEndTime: 1 })).rejects.toThrow('EventStartTime must be before EventEndTime');
  await events.call('DeleteArchive', { ArchiveName: 'all' });
  await expect(replay()).rejects.toThrow(
    'Parameter EventSourceArn is not valid. Reason: Archive all does not exist.',
  );
  await expect(replay({ Destination: { Arn: `${EVENTS}event-bus/nope` } })).rejects.toThrow(
    'Event bus nope does not exist.',
  );
  await expect(
    events.call('ListArchives', { EventSourceArn: `${EVENTS}event-bus/nope` }),
  ).rejects.toMatchObject({ code: 'ResourceNotFoundException', message: 'Event bus nope does not exist.' });
});
