import { afterAll, afterEach, expect, test } from 'vitest';
import { type EventHub, makeEventHub } from '../../../src/app/event-hub.ts';
import { openProductTime, type ProductTime, spanText } from '../../../src/app/product-time.ts';
import type { DevEvent } from '../../../src/model/events.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { openTemporaryStore } from '../../../src/std/store/store.ts';

const store = openTemporaryStore();
let time: ProductTime;
afterEach(() => time.close());
afterAll(() => store.close());

function open(more: { scale?: number; hub?: EventHub } = {}) {
  const notices: string[] = [];
  const hub = more.hub ?? makeEventHub(() => {});
  time = openProductTime({
    base: makeSystemClock(),
    store,
    hub,
    notice: (message) => void notices.push(message),
    ...more,
  });
  return { notices, hub };
}

const MINUTE = 60_000;
/** Real time passes while it is looked at. */
const about = (ms: number) => (found: number) => Math.abs(found - ms) < 5000;

test('everything due happens in its order, at its moment, once each', async () => {
  open();
  const seen: number[] = [];
  const from = time.clock.now();
  const tick = () => {
    seen.push(Math.round((time.clock.now() - from) / MINUTE));
    if (seen.length < 20) time.clock.after(MINUTE, tick);
  };
  time.clock.after(MINUTE, tick);
  const { aheadMs } = await time.advance(10.5 * MINUTE);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(aheadMs).toSatisfy(about(10.5 * MINUTE));
  await time.reset();
});

test('a server elsewhere that is being called answers before more time passes', async () => {
  open();
  const order: string[] = [];
  time.clock.after(MINUTE, () => {
    order.push('called');
    const answer = new Promise<void>((resolve) => void setTimeout(resolve, 30));
    void time.waitFor(answer.then(() => void order.push('answered')));
  });
  time.clock.after(2 * MINUTE, () => void order.push('second'));
  await time.advance(3 * MINUTE);
  expect(order).toEqual(['called', 'answered', 'second']);
  await time.reset();
});

test('a function that was started ends before more time passes', async () => {
  const { hub } = open();
  const order: string[] = [];
  const emit = (status: 'started' | 'ended') =>
    hub.emit({ type: 'invocation', status, id: 'x' } as unknown as DevEvent);
  time.clock.after(MINUTE, () => {
    emit('started');
    order.push('first begins');
    setTimeout(() => {
      order.push('first ends');
      emit('ended');
    }, 30);
  });
  time.clock.after(2 * MINUTE, () => void order.push('second'));
  await time.advance(3 * MINUTE);
  expect(order).toEqual(['first begins', 'first ends', 'second']);
  await time.reset();
});

test('how much it is ahead outlives the session, which says so; a reset ends it', async () => {
  open();
  await time.advance(90 * MINUTE);
  time.close();
  const { notices } = open();
  expect(notices).toEqual([expect.stringContaining('1 h 30 min ahead of the machine')]);
  expect(time.status().aheadMs).toSatisfy(about(90 * MINUTE));
  expect(await time.reset()).toMatchObject({ aheadMs: 0, scale: 1 });
  time.close();
  expect(open().notices).toEqual([]);
  expect(time.status().aheadMs).toBe(0);
});

test('it runs faster from the start or from now on', async () => {
  open({ scale: 100 });
  const from = time.clock.now();
  const real = performance.now();
  await new Promise<void>((resolve) => void time.clock.after(2000, resolve));
  expect(time.clock.now() - from).toBeGreaterThanOrEqual(2000);
  expect(performance.now() - real).toBeLessThan(2000);
  expect(await time.setScale(1)).toMatchObject({ scale: 1 });
  await time.reset();
});

test('time that has passed and speeds that are none are refused', async () => {
  open();
  await expect(time.advance(-1)).rejects.toMatchObject({ code: 'bad-time' });
  await expect(time.advance(Number.NaN)).rejects.toMatchObject({ code: 'bad-time' });
  await expect(time.setScale(0)).rejects.toMatchObject({ code: 'bad-scale' });
});

test('spans are told by their two largest units', () => {
  expect([1500, 60_000, 5_400_000, 93_784_000, -600_000].map(spanText)).toEqual([
    '1.5 s',
    '1 min',
    '1 h 30 min',
    '1 d 2 h',
    '10 min',
  ]);
});
