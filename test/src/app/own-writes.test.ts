import { expect, test } from 'vitest';
import { tellOwnWrites } from '../../../src/app/own-writes.ts';
import type { StaleListener } from '../../../src/build/build-service.ts';
import type { DevEvent } from '../../../src/model/events.ts';

function listen() {
  let now = 1_000_000;
  let [stale, hear]: [StaleListener, (event: DevEvent) => void] = [() => {}, () => {}];
  const notices: string[] = [];
  const take =
    <L>(set: (listener: L) => void) =>
    (listener: L) => {
      set(listener);
      return () => {};
    };
  tellOwnWrites({
    root: '/shop',
    builds: { onStale: take((listener) => (stale = listener)) },
    clock: { now: () => now },
    onEvent: take((listener) => (hear = listener)),
    notice: (message) => notices.push(message),
  });
  const tell = (status: 'started' | 'ended') =>
    hear({ type: 'invocation', status, record: { functionId: 'orders' } } as DevEvent);
  return {
    notices,
    pass: (ms: number) => {
      now += ms;
    },
    write: (path = '/shop/src/cache.json') => stale('orders', 'files', path),
    event(during: () => void, after = () => {}) {
      tell('started');
      during();
      tell('ended');
      after();
      now += 1000;
    },
  };
}

test('a file that changes with every event is told of, once', () => {
  const { event, notices, write } = listen();
  event(write);
  event(write);
  expect(notices).toEqual([]);
  for (let i = 0; i < 5; i++) event(write);
  expect(notices).toEqual([expect.stringMatching(/^orders: src\/cache\.json changed with every event\./)]);
});

test('also when the change is heard a little after the end', () => {
  const { event, notices, pass, write } = listen();
  for (let i = 0; i < 3; i++)
    event(
      () => {},
      () => {
        pass(50);
        write();
      },
    );
  expect(notices).toHaveLength(1);
});

test('edits between events, and of several files, are not', () => {
  const { event, notices, pass, write } = listen();
  for (let i = 0; i < 9; i++) {
    if (i % 3 < 2) event(write);
    else {
      pass(500);
      write();
    }
    event(() => write(`/shop/src/${i}.ts`));
  }
  expect(notices).toEqual([]);
});
