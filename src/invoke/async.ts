/** Asynchronous invocation: events are stored before they are acknowledged, then run with the service's retries. */
import type { Deliver, DeliverRequest } from '../model/emulator.ts';
import type { Clock, Ids, Store, Timer } from '../model/platform.ts';
import { messageOf } from '../std/errors.ts';
import { settledWithin } from '../std/grace.ts';
import { type AsyncJob, type DueJob, openAsyncJobs } from './async-jobs.ts';
import { type Decision, decideAfter, postpone } from './async-retries.ts';

export interface AsyncQueue {
  /** The event is stored when this returns, and survives a kill of the process. */
  enqueue(request: DeliverRequest): { readonly requestId: string };
  /** Begins to run events, those of earlier sessions included. */
  start(): void;
  /** Runs at once what waits because its function could not take it, e.g. since its build had failed. */
  retryNow(functionId: string): void;
  /** The store holds other events than before: runs those. What runs of the old ones goes on, but no longer counts. */
  reload(): void;
  /** Starts nothing more and gives what runs a moment to end; what did not end runs again in the next session. */
  close(): Promise<void>;
}

export interface AsyncQueueOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly deliver: Deliver;
  /** Told of each event that is dropped. */
  readonly notice: (message: string) => void;
  /** Events of one function that run at once; default 10. Further ones wait their turn. */
  readonly perFunction?: number;
}

const PER_FUNCTION = 10;
const CLOSE_GRACE_MS = 1000;

interface Lane {
  /** By job number. */
  readonly running: Map<number, Promise<void>>;
  timer?: Timer | undefined;
  /** A pump is already planned. */
  planned: boolean;
}

export function openAsyncQueue(options: AsyncQueueOptions): AsyncQueue {
  const { store, clock, ids, deliver, notice, perFunction = PER_FUNCTION } = options;
  const jobs = openAsyncJobs(store);
  const lanes = new Map<string, Lane>();
  let state: 'waiting' | 'started' | 'closed' = 'waiting';
  const now = () => Math.floor(clock.now());

  const laneOf = (functionId: string): Lane => {
    const lane = lanes.get(functionId) ?? { running: new Map(), planned: false };
    lanes.set(functionId, lane);
    return lane;
  };

  /** After the caller has its answer. */
  const plan = (functionId: string) => {
    const lane = laneOf(functionId);
    if (lane.planned) return;
    lane.planned = true;
    queueMicrotask(() => {
      lane.planned = false;
      pump(functionId, lane);
    });
  };

  const pump = (functionId: string, lane: Lane) => {
    if (state !== 'started' || isVoid(functionId, lane)) return;
    lane.timer?.cancel();
    // The running ones are still stored, so that a kill loses none: look past them.
    const waiting = jobs.first(functionId, perFunction + 1).filter(({ seq }) => !lane.running.has(seq));
    for (const due of waiting) {
      if (lane.running.size >= perFunction) return;
      if (due.dueAt > now()) {
        lane.timer = clock.after(due.dueAt - clock.now(), () => pump(functionId, lane));
        return;
      }
      const run = attempt(due, lane).finally(() => {
        lane.running.delete(due.seq);
        pump(functionId, lane);
      });
      lane.running.set(due.seq, run);
    }
  };

  /** Its events were those of a state that is no longer there. */
  const isVoid = (functionId: string, lane: Lane) => lanes.get(functionId) !== lane;

  const attempt = async (due: DueJob, lane: Lane) => {
    const { job } = due;
    const decision = await deliver({ ...job.request, attempt: job.attempt }).then(
      ({ outcome }) => decideAfter(outcome, job, now()),
      (failure: unknown) => postpone(messageOf(failure), job, now()),
    );
    // The store may be gone; the event is still in it.
    if (state !== 'closed' && !isVoid(due.functionId, lane)) apply(due, decision);
  };

  const apply = (due: DueJob, decision: Decision) => {
    if (decision.next === 'retry')
      return jobs.move(due, now() + decision.afterMs, progressed(due.job, decision.counts));
    jobs.remove(due);
    if (decision.next === 'drop')
      notice(
        `an asynchronous event of ${due.functionId} was dropped: ${decision.reason} (request ${due.job.request.requestId})`,
      );
  };

  return {
    enqueue(request) {
      const requestId = request.requestId ?? ids.uuid();
      const at = now();
      jobs.add(request.functionId, at, {
        request: { ...request, requestId },
        attempt: request.attempt ?? 1,
        postponed: 0,
        postponedNow: false,
        enqueuedAt: at,
      });
      plan(request.functionId);
      return { requestId };
    },

    start() {
      state = 'started';
      for (const functionId of jobs.functionIds()) plan(functionId);
    },

    retryNow(functionId) {
      const { running } = laneOf(functionId);
      const postponed = [...jobs.all(functionId)].filter(
        ({ seq, job }) => job.postponedNow && !running.has(seq),
      );
      for (const due of postponed) jobs.move(due, now(), due.job);
      plan(functionId);
    },

    reload() {
      for (const lane of lanes.values()) lane.timer?.cancel();
      lanes.clear();
      if (state === 'started') for (const functionId of jobs.functionIds()) plan(functionId);
    },

    async close() {
      if (state === 'closed') return;
      const running = [...lanes.values()].flatMap((lane) => [...lane.running.values()]);
      for (const lane of lanes.values()) lane.timer?.cancel();
      state = 'waiting';
      await settledWithin(CLOSE_GRACE_MS, running);
      state = 'closed';
    },
  };
}

function progressed(job: AsyncJob, counts: boolean): AsyncJob {
  return counts
    ? { ...job, attempt: job.attempt + 1, postponed: 0, postponedNow: false }
    : { ...job, postponed: job.postponed + 1, postponedNow: true };
}
