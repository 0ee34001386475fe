/** Snapshots: what was restored is all that counts. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTemporaryStore } from '../../../src/std/store/store.ts';
import { saveState } from '../saved-state.ts';
import { makeWorld } from '../world.ts';
import { EVENTS, QUEUES, type RunningEvents, startEvents } from './running-events.ts';

let events: RunningEvents;
let store: ReturnType<typeof openTemporaryStore>;
beforeEach(async () => {
  store = openTemporaryStore();
  events = await startEvents(makeWorld(store));
  events.peers.add(`${QUEUES}work`);
});
afterEach(async () => {
  await events.emulator.close();
  await store.close();
});

test('buses, rules, schedules and archives are those of the snapshot', async () => {
  await events.rule('a', { source: ['shop'] }, { Arn: `${QUEUES}work` });
  await events.call('PutRule', { Name: 'tick', ScheduleExpression: 'rate(1 minute)' });
  await events.call('PutTargets', { Rule: 'tick', Targets: [{ Id: '1', Arn: `${QUEUES}work` }] });
  await events.call('CreateArchive', { ArchiveName: 'all', EventSourceArn: `${EVENTS}event-bus/default` });
  const restore = await saveState(store);

  await events.call('DisableRule', { Name: 'tick' });
  await events.call('PutRule', { Name: 'a', EventPattern: '{"source":["x"]}' });
  await events.call('CreateEventBus', { Name: 'later' });
  await events.call('DeleteArchive', { ArchiveName: 'all' });
  await restore(events.emulator);

  await events.put({});
  expect(events.sent).toHaveLength(1);
  expect(await events.call('DescribeArchive', { ArchiveName: 'all' })).toMatchObject({ EventCount: 1 });
  expect(await events.call('ListEventBuses')).toMatchObject({ EventBuses: [{ Name: 'default' }] });
  await events.clock.advance(60_000);
  expect(events.sent).toHaveLength(2);
});
