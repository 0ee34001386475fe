/** The engine from its start to its end, which may be sudden: what runs in it then never goes on, and what is stored stays. */
import { type RunningDynamodb, startDynamodb } from '../../../emulators/dynamodb/index.ts';
import { eventbridge } from '../../../emulators/eventbridge/index.ts';
import { kinesis } from '../../../emulators/kinesis/index.ts';
import { pipes } from '../../../emulators/pipes/index.ts';
import { sns } from '../../../emulators/sns/index.ts';
import { sqs } from '../../../emulators/sqs/index.ts';
import type { FaultyRun } from '../../../src/chaos/faults.ts';
import { type AsyncQueue, openAsyncQueue } from '../../../src/invoke/async.ts';
import type {
  EmulatorContext,
  FollowRequest,
  RunningEmulator,
  ServiceMessage,
} from '../../../src/model/emulator.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import type { CallOutside } from '../../../src/model/outward.ts';
import type { Clock, Ids, Store, Timer } from '../../../src/model/platform.ts';
import type { Faults } from '../../../src/model/simulator.ts';
import { makeSleep } from '../../../src/std/clock.ts';
import { makeInvoked } from '../../emulators/world.ts';
import { batchOf, type Endpoint, type Handler, handledOf } from './engine-handler.ts';
import type { EngineProject } from './engine-project.ts';

export interface Life {
  readonly queues: RunningEmulator;
  readonly topics: RunningEmulator;
  readonly table: RunningDynamodb | undefined;
  readonly streams: RunningEmulator | undefined;
  readonly bus: RunningEmulator | undefined;
  readonly later: AsyncQueue;
  kill(): void;
  close(): Promise<void>;
}

export interface LifeOptions {
  readonly run: FaultyRun;
  readonly project: EngineProject;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly handler: Handler;
  /** What API destinations are. */
  readonly endpoint: Endpoint;
  readonly sabotage: ((context: EmulatorContext, faults: Faults) => EmulatorContext) | undefined;
  readonly onEffect: (body: string) => void;
  readonly onHandled: (bodies: readonly string[]) => void;
}

export async function startLife(options: LifeOptions): Promise<Life> {
  const { run, project, store, ids, sabotage } = options;
  const { clock, end } = makeMortalClock(options.clock);
  const dying = new Map<string, () => void>();
  const faults = run.faults({ clock, endInstanceOf: async (spanId) => dying.get(spanId)?.() });
  const deliver = makeInProcess(options, clock, faults, dying);
  const running: RunningEmulator[] = [];
  // Log groups take everything.
  const send = (message: ServiceMessage) =>
    message.arn.includes(':logs:') || running.some((one) => one.accept?.(message) ?? false);
  const callOutside: CallOutside = async ({ body }) => {
    const status = await options.endpoint(body, clock);
    return status === undefined ? { status: 'timeout', reason: 'it is slow' } : { status, body: '' };
  };
  const functions = () => project.functions;
  const notice = () => {};
  const later = openAsyncQueue({ store, clock, ids, deliver, send, faults, functions, notice });
  const follow = (request: FollowRequest) => streams?.follow?.(faults.follow(request));
  const plain: EmulatorContext = {
    ...{
      clock,
      ids,
      store,
      deliver,
      send,
      faults,
      functions,
      notice,
      follow,
      callOutside,
      enqueue: later.enqueue,
    },
    ...{ region: 'eu-west-1', accountId: '000000000000', folder: '/nowhere' },
  };
  const context = sabotage?.(plain, faults) ?? plain;
  const queues = await sqs.start(context);
  const topics = await sns.start(context);
  running.push(queues, topics);
  const streams = project.hasStreams ? await kinesis.start(context) : undefined;
  if (streams) running.push(streams, await pipes.start(context));
  const bus = project.hasBus ? await eventbridge.start(context) : undefined;
  if (bus) running.push(bus);
  const table = project.hasTable ? await startDynamodb(context) : undefined;
  if (table) running.push(table);
  for (const one of running) await one.apply(project.resources, project.triggers);
  later.start();
  return {
    ...{ queues, topics, table, streams, bus, later },
    kill() {
      end();
      run.killed();
    },
    async close() {
      for (const one of running) await one.close();
      await later.close();
    },
  };
}

/** Functions that run in this process, and die when the simulator says so. */
function makeInProcess(
  { handler, onEffect, onHandled }: LifeOptions,
  clock: Clock,
  faults: Faults,
  dying: Map<string, () => void>,
) {
  return faults.deliver(async (request) => {
    const { bodies, ids } = batchOf(request);
    const spanId = request.spanId ?? '';
    const died = new Promise<Outcome>((resolve) => {
      dying.set(spanId, () =>
        resolve({ status: 'crash', phase: 'invoke', exitCode: null, signal: 'SIGKILL' }),
      );
    });
    const call = async (service: string, operation: string, act: () => Promise<void>) => {
      const fault = faults.call({ service, operation, callerSpanId: spanId });
      if (fault instanceof Promise) {
        await fault;
        return new Promise<never>(() => {});
      }
      if (fault === undefined || fault.isDone) await act();
      if (fault) throw new Error(fault.code);
    };
    const work = handler({ bodies, ids, request, clock, call, effect: onEffect }).then(
      (result): Outcome => ({ status: 'ok', payload: JSON.stringify(result ?? null) }),
      (failure: Error): Outcome => ({
        status: 'error',
        phase: 'invoke',
        error: { errorType: 'Error', errorMessage: failure.message },
      }),
    );
    const outcome = await Promise.race([work, died]);
    dying.delete(spanId);
    if (outcome.status === 'ok') onHandled(handledOf(outcome.payload, request, bodies, ids));
    return makeInvoked(outcome, request.requestId);
  });
}

/** After its end no timer of it fires. */
function makeMortalClock(base: Clock): { readonly clock: Clock; end(): void } {
  const timers = new Set<Timer>();
  let isOver = false;
  const after = (delayMs: number, fire: () => void): Timer => {
    if (isOver) return { cancel() {} };
    const timer = base.after(delayMs, () => {
      timers.delete(timer);
      fire();
    });
    timers.add(timer);
    return {
      cancel() {
        timers.delete(timer);
        timer.cancel();
      },
    };
  };
  return {
    clock: { now: base.now, after, sleep: makeSleep(after) },
    end() {
      isOver = true;
      for (const timer of timers) timer.cancel();
    },
  };
}
