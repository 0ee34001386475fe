/** Deliveries to HTTP(S) endpoints: stored until they have gone well or are given up, and tried again as the policy says. */
import type { Clock, Store, Timer } from '../../../src/model/platform.ts';
import { settledWithin } from '../../../src/std/grace.ts';
import { retryDelayMs } from './delivery-policy.ts';
import { type Posted, post } from './http-post.ts';
import type { HttpRequest } from './http-request.ts';

export interface HttpDeliveries {
  /** Stored when this returns. */
  add(request: HttpRequest): void;
  /** Begins to deliver, what earlier sessions left included. */
  start(): void;
  reload(): void;
  close(graceMs: number): Promise<void>;
}

export interface HttpDeliveriesOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Told of each delivery that is given up. */
  readonly onGivenUp: (request: HttpRequest, reason: string) => void;
}

interface Job {
  readonly request: HttpRequest;
  /** Failed attempts. */
  readonly failed: number;
}

/** [due, number]. */
type Key = readonly [dueAt: number, number: number];

/** Posts at once. */
const AT_ONCE = 16;

export function openHttpDeliveries({ store, clock, onGivenUp }: HttpDeliveriesOptions): HttpDeliveries {
  const jobs = store.map<Job>('sns:http');
  const counts = store.map<number>('sns:counts');
  let running = new Map<number, { readonly abort: AbortController; readonly done: Promise<void> }>();
  let timer: Timer | undefined;
  let state: 'waiting' | 'started' | 'closed' = 'waiting';
  const now = () => Math.floor(clock.now());

  const pump = () => {
    if (state !== 'started') return;
    timer?.cancel();
    for (const { key, value } of [...jobs.range({ limit: AT_ONCE + running.size + 1 })]) {
      const [dueAt, number] = key as Key;
      if (running.has(number)) continue;
      if (running.size >= AT_ONCE) return;
      if (dueAt > now()) {
        timer = clock.after(dueAt - clock.now(), pump);
        return;
      }
      begin([dueAt, number], value);
    }
  };

  const begin = (key: Key, job: Job) => {
    const abort = new AbortController();
    const mine = running;
    const done = post(job.request, clock, abort.signal).then((posted) => {
      mine.delete(key[1]);
      // The store may be gone, or hold another state; the delivery is still in the one it was of.
      if (state === 'closed' || mine !== running || abort.signal.aborted) return;
      settle(key, job, posted);
      pump();
    });
    running.set(key[1], { abort, done });
  };

  const settle = (key: Key, { request, failed }: Job, posted: Posted) => {
    const delayMs = posted.status === 'failed' ? retryDelayMs(request.retries, failed + 1) : undefined;
    store.write(() => {
      jobs.remove(key);
      if (delayMs !== undefined)
        jobs.put([now() + Math.round(delayMs), key[1]], { request, failed: failed + 1 });
      else if (posted.status !== 'ok')
        onGivenUp(request, `${posted.reason}${failed > 0 ? `, after ${failed + 1} attempts` : ''}`);
    });
  };

  return {
    add(request) {
      store.write(() => {
        const number = (counts.get('http') ?? 0) + 1;
        counts.put('http', number);
        jobs.put([now(), number], { request, failed: 0 });
      });
      queueMicrotask(pump);
    },
    start() {
      if (state !== 'waiting') return;
      state = 'started';
      pump();
    },
    reload() {
      running = new Map();
      pump();
    },
    async close(graceMs) {
      timer?.cancel();
      state = 'waiting';
      const under = [...running.values()];
      await settledWithin(
        graceMs,
        under.map(({ done }) => done),
      );
      state = 'closed';
      for (const { abort } of under) abort.abort();
    },
  };
}
