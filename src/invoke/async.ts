/** Asynchronous invocation: events are stored before they are acknowledged, then run with the service's retries. */
import type { Deliver, DeliverRequest, EmulatorContext } from '../model/emulator.ts';
import type { AsyncFaults } from '../model/faults.ts';
import type { Outcome, TraceContext } from '../model/invocation.ts';
import type { Clock, Ids, Store, Timer } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import { messageOf } from '../std/errors.ts';
import { settledWithin } from '../std/grace.ts';
import { makeSpanId, makeTraceId } from '../std/ids.ts';
import { handOn } from './async-destinations.ts';
import { type AsyncJob, type DueJob, openAsyncJobs } from './async-jobs.ts';
import { type Decision, decideAfter, policyOf, postpone } from './async-retries.ts';
import { withEventSettings } from './async-settings.ts';
import { lineageAfter } from './recursion.ts';

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
  /** The project's functions as of now: their settings for asynchronous events count when an attempt has ended. */
  readonly functions: () => readonly FunctionSpec[];
  /** Stores a message at a queue before it returns; false when there is no such queue. */
  readonly send: NonNullable<EmulatorContext['send']>;
  /** Told of each event that is dropped. */
  readonly notice: (message: string) => void;
  /** Events of one function that run at once; default 10. Further ones wait their turn. */
  readonly perFunction?: number;
  /** Of a simulator. */
  readonly faults?: AsyncFaults | undefined;
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

/** One attempt that has ended. */
interface Ended {
  readonly fn: FunctionSpec | undefined;
  /** Undefined when the door itself failed. */
  readonly outcome: Outcome | undefined;
  readonly span: TraceContext;
}

export function openAsyncQueue(options: AsyncQueueOptions): AsyncQueue {
  const { store, clock, ids, deliver, functions, send, notice, perFunction = PER_FUNCTION } = options;
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
    // Events of sessions before this version may have no trace yet.
    const origin = job.request.origin ?? { traceId: makeTraceId(clock, ids) };
    const spanId = makeSpanId(ids);
    const ended = await deliver({ ...job.request, origin, spanId, attempt: job.attempt }).then(
      ({ outcome }) => ({ outcome, reason: undefined }),
      (failure: unknown) => ({ outcome: undefined, reason: messageOf(failure) }),
    );
    // The store may be gone; the event is still in it.
    if (state === 'closed' || isVoid(due.functionId, lane)) return;
    const found = functions().find(({ id }) => id === due.functionId);
    const fn = found && withEventSettings(found, job.request.invokedArn);
    const decision = ended.outcome
      ? decideAfter(ended.outcome, job, now(), policyOf(fn))
      : postpone(ended.reason, job, now(), policyOf(fn));
    apply(due, decision, {
      ...{ fn, outcome: ended.outcome },
      span: {
        traceId: origin.traceId,
        parentId: spanId,
        ...(fn && { lineage: lineageAfter(origin.lineage, fn) }),
      },
    });
  };

  const apply = (due: DueJob, decision: Decision, ended: Ended) => {
    if (decision.next === 'retry')
      return jobs.move(due, now() + decision.afterMs, progressed(due.job, decision.counts));
    const { requestId } = due.job.request;
    // In one transaction: a kill in between neither loses the record nor makes it twice.
    const told = store.write(() => {
      jobs.remove(due);
      return conclude(due, decision, ended);
    });
    if (decision.next === 'done') return;
    const { functionId } = due;
    options.faults?.givenUp({ functionId, requestId, reason: decision.reason, told });
    const end =
      told.length === 0
        ? `was dropped: ${decision.reason}`
        : `was given up: ${decision.reason}; told ${told.join(' and ')}`;
    notice(`an asynchronous event of ${due.functionId} ${end} (request ${requestId})`);
  };

  /** Names of those who were told. */
  const conclude = (
    { job }: DueJob,
    decision: Exclude<Decision, { next: 'retry' }>,
    { fn, outcome, span }: Ended,
  ): string[] => {
    if (!fn?.asyncEvents) return [];
    const ran = outcome !== undefined && outcome.status !== 'throttled' && outcome.status !== 'unavailable';
    return handOn(
      {
        ...{ fn, request: job.request, outcome, span },
        condition: decision.next === 'done' ? 'Success' : decision.condition,
        invokeCount: ran ? job.attempt : job.attempt - 1,
        at: now(),
      },
      { functions, send, notice, enqueue, uuid: () => ids.uuid() },
    );
  };

  const enqueue = (request: DeliverRequest) => {
    const requestId = request.requestId ?? ids.uuid();
    const at = now();
    options.faults?.enqueued(request.functionId, requestId, request.origin);
    jobs.add(request.functionId, at, {
      // All attempts are of one trace.
      request: { ...request, requestId, origin: request.origin ?? { traceId: makeTraceId(clock, ids) } },
      attempt: request.attempt ?? 1,
      postponed: 0,
      postponedNow: false,
      enqueuedAt: at,
    });
    plan(request.functionId);
    return { requestId };
  };

  return {
    enqueue,

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
