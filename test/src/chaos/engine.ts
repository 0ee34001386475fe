/** Our own engine in memory under faults: queues, topics, a table's stream and asynchronous events, with handlers in this process. */

import { startDynamodb } from '../../../emulators/dynamodb/index.ts';
import { sns } from '../../../emulators/sns/index.ts';
import { sqs } from '../../../emulators/sqs/index.ts';
import { FAULT_KINDS, type FaultKind } from '../../../src/chaos/fault-kinds.ts';
import { makeFaultyRun } from '../../../src/chaos/faults.ts';
import { roll, rollBetween } from '../../../src/chaos/seed.ts';
import type { Trial, TrialResult } from '../../../src/chaos/simulate.ts';
import type { Violation } from '../../../src/chaos/violation.ts';
import { openAsyncQueue } from '../../../src/invoke/async.ts';
import type {
  DeliverRequest,
  EmulatorContext,
  JsonApi,
  JsonObject,
  RunningEmulator,
  ServiceMessage,
} from '../../../src/model/emulator.ts';
import type { Outcome, TraceContext } from '../../../src/model/invocation.ts';
import type { Resource, Trigger } from '../../../src/model/project.ts';
import type { Faults } from '../../../src/model/simulator.ts';
import { type FakeClock, makeFakeClock } from '../../../src/std/clock.ts';
import { makeSeededIds } from '../../../src/std/ids.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store.ts';
import {
  makeTrigger as makeStreamTrigger,
  makeTable,
  STREAM_ARN,
} from '../../emulators/dynamodb/triggers/following.ts';
import { makeSubscriptionResource, makeTopicResource, TOPICS } from '../../emulators/sns/running-sns.ts';
import { ARN, makeQueueResource, makeTrigger } from '../../emulators/sqs/running-queue.ts';
import { callOperation, makeFunction, makeInvoked } from '../../emulators/world.ts';

/** What a handler under test may do. */
export interface Handling {
  /** Bodies of messages and events, `key:version` of changed items. */
  readonly bodies: readonly string[];
  readonly request: DeliverRequest;
  readonly clock: FakeClock;
  /** Calls a service, and may die of it. */
  call(service: string, operation: string, work: () => Promise<void>): Promise<void>;
  /** Its lasting effect. */
  effect(body: string): void;
}

export type Handler = (handling: Handling) => Promise<void>;

export interface EngineOptions {
  readonly kinds?: readonly FaultKind[];
  /** Absent = takes a while, calls a service for each body, and fails where something is wrong. */
  readonly handler?: Handler;
  /** Checks the effects when all is over. */
  readonly check?: (effects: readonly string[], bodies: readonly string[]) => string | undefined;
  /** Only events of these sources. */
  readonly sources?: readonly Source[];
  /** Breaks the engine on purpose. */
  readonly sabotage?: (context: EmulatorContext, faults: Faults) => EmulatorContext;
}

export type Source = 'queue' | 'fifo' | 'topic' | 'table' | 'async';
const SOURCES: readonly Source[] = ['queue', 'fifo', 'topic', 'table', 'async'];
const ITEMS = 3;
const GROUPS = 3;
const HORIZON_MS = 3 * 3_600_000;

export interface Engine {
  run(trial: Trial, options?: EngineOptions): Promise<TrialResult>;
  close(): Promise<void>;
}

/** One store for all runs, emptied between them. */
export function openEngine(): Engine {
  const store = openTemporaryStore();
  return {
    run: async (trial, options = {}) => {
      store.write(() => {
        for (const name of store.names()) store.map(name).clear();
      });
      return runOnce(store, trial, options);
    },
    close: () => store.close(),
  };
}

async function runOnce(store: FileStore, trial: Trial, options: EngineOptions): Promise<TrialResult> {
  const { seed } = trial;
  const clock = makeFakeClock();
  const project = projectOf(seed, options.sources ?? SOURCES);
  const run = makeFaultyRun({
    ...{ seed, only: trial.only, kinds: options.kinds ?? FAULT_KINDS },
    triggers: () => project.triggers,
  });
  const dying = new Map<string, () => void>();
  const faults = run.faults({
    clock,
    endInstanceOf: async (spanId) => dying.get(spanId)?.(),
  });
  const effects: string[] = [];
  const handled: string[] = [];
  const handler = options.handler ?? carefulHandler(seed);

  const deliver = faults.deliver(async (request) => {
    const bodies = bodiesOf(request);
    const spanId = request.spanId ?? '';
    const died = new Promise<Outcome>((resolve) => {
      dying.set(spanId, () =>
        resolve({ status: 'crash', phase: 'invoke', exitCode: null, signal: 'SIGKILL' }),
      );
    });
    let isDead = false;
    const work = handler({
      bodies,
      request,
      clock,
      async call(service, operation, act) {
        const fault = faults.call({ service, operation, callerSpanId: spanId });
        if (fault instanceof Promise) {
          await fault;
          isDead = true;
          return new Promise<never>(() => {});
        }
        if (fault === undefined || fault.isDone) await act();
        if (fault) throw new Error(fault.code);
      },
      effect(body) {
        if (!isDead) effects.push(body);
      },
    }).then(
      (): Outcome => ({ status: 'ok', payload: 'null' }),
      (failure: Error): Outcome => ({
        status: 'error',
        phase: 'invoke',
        error: { errorType: 'Error', errorMessage: failure.message },
      }),
    );
    const outcome = await Promise.race([work, died]);
    dying.delete(spanId);
    if (outcome.status === 'ok') handled.push(...bodies);
    return makeInvoked(outcome, request.requestId);
  });

  const running: RunningEmulator[] = [];
  const send = (message: ServiceMessage) => running.some((one) => one.accept?.(message) ?? false);
  const ids = makeSeededIds(rollBetween(seed, 'ids', 0, 0xffffffff));
  const later = openAsyncQueue({
    ...{ store, clock, ids, deliver, send, faults, notice: () => {} },
    functions: () => project.functions,
  });
  const plain: EmulatorContext = {
    ...{ clock, ids, store, deliver, send, faults, enqueue: later.enqueue },
    ...{ region: 'eu-west-1', accountId: '000000000000', folder: '/nowhere' },
    functions: () => project.functions,
    notice: () => {},
  };
  const context = options.sabotage?.(plain, faults) ?? plain;
  const queues = await sqs.start(context);
  const topics = await sns.start(context);
  running.push(queues, topics);
  const table = project.hasTable ? await startDynamodb(context) : undefined;
  if (table) running.push(table);
  for (const one of running) await one.apply(project.resources, project.triggers);
  later.start();

  const bodies: string[] = [];
  const call = (
    emulator: RunningEmulator | undefined,
    operation: string,
    input: JsonObject,
    event?: number,
  ) =>
    callOperation(emulator?.api as JsonApi, operation, input, {
      ...(event !== undefined && { origin: { traceId: run.names.traceOf(event) } as TraceContext }),
    });
  for (const number of trial.events) {
    if (roll(seed, `together ${number}`) > 0.5)
      await clock.advance(rollBetween(seed, `gap ${number}`, 0, 4000));
    const source = project.sources[rollBetween(seed, `source ${number}`, 0, project.sources.length - 1)];
    const body = `event-${number}`;
    bodies.push(source === 'table' ? `item-${number % ITEMS}:${number}` : body);
    if (source === 'queue')
      await call(queues, 'SendMessage', { QueueUrl: url('work'), MessageBody: body }, number);
    if (source === 'fifo')
      await call(
        queues,
        'SendMessage',
        {
          ...{ QueueUrl: url('steps.fifo'), MessageBody: body },
          ...{ MessageGroupId: `group-${number % GROUPS}`, MessageDeduplicationId: body },
        },
        number,
      );
    if (source === 'topic')
      await call(topics, 'Publish', { TopicArn: `${TOPICS}news`, Message: body }, number);
    if (source === 'table')
      await call(
        table,
        'PutItem',
        {
          TableName: 'orders',
          Item: { id: { S: `item-${number % ITEMS}` }, version: { N: String(number) } },
        },
        number,
      );
    if (source === 'async')
      later.enqueue({
        functionId: 'job',
        event: JSON.stringify({ body }),
        cause: { kind: 'api', type: 'Event' },
        origin: { traceId: run.names.traceOf(number) },
      });
  }
  for (let passedMs = 0, stepMs = 1000; passedMs < HORIZON_MS; passedMs += stepMs, stepMs *= 2) {
    await clock.advance(stepMs);
    if (passedMs > 4000 && run.pending().length === 0) break;
  }
  const waiting = run.pending();
  await run.finish(async (queue) => {
    const { Attributes: found } = await call(queues, 'GetQueueAttributes', {
      QueueUrl: url(queue),
      AttributeNames: ['All'],
    });
    const count = (name: string) => Number((found as JsonObject)[`ApproximateNumberOfMessages${name}`]);
    return count('') + count('NotVisible') + count('Delayed');
  });
  const independent: Violation[] = [];
  // By what can be seen from outside, besides the accounts of the simulator.
  const stored = contentsOf(store);
  for (const body of bodies)
    if (!handled.includes(body) && !stored.includes(isChange(body) ? 'DDBStreamBatchInfo' : body))
      independent.push({ invariant: 'nothing-lost', message: `${body} is nowhere` });
  const broken = options.check?.(effects, bodies);
  if (broken !== undefined) independent.push({ invariant: 'check', message: broken });
  for (const one of running) await one.close();
  await later.close();
  return {
    violations: [...run.violations, ...independent],
    struck: run.struck,
    deliveries: run.deliveries,
    deadLettered: run.deadLettered,
    waiting,
  };
}

const url = (queue: string) => `http://127.0.0.1:4566/000000000000/${queue}`;

/** The record of changes that were given up has their places in the stream alone. */
const isChange = (body: string) => body.startsWith('item-');

/** All that any queue or any event under way holds, as one text. */
function contentsOf(store: FileStore): string {
  const texts: string[] = [];
  for (const name of ['sqs:messages', 'async:jobs'])
    for (const { value } of store.map(name).range()) texts.push(JSON.stringify(value));
  return texts.join('\n');
}

function bodiesOf({ event, cause }: DeliverRequest): readonly string[] {
  const parsed = JSON.parse(event) as { body?: string; Records?: JsonObject[] };
  if (cause.kind === 'queue') return (parsed.Records ?? []).map(({ body }) => String(body));
  if (cause.kind === 'table-stream')
    return (parsed.Records ?? []).map(({ dynamodb }) => {
      const { NewImage } = dynamodb as { NewImage: { id: { S: string }; version: { N: string } } };
      return `${NewImage.id.S}:${NewImage.version.N}`;
    });
  return [String(parsed.body)];
}

/** Takes up to five seconds; one body in twelve never succeeds. */
function carefulHandler(seed: string): Handler {
  return async ({ bodies, clock, call, effect, request }) => {
    for (const body of bodies) {
      await clock.sleep(rollBetween(seed, `takes ${body} ${request.functionId}`, 0, 5000));
      if (roll(seed, `poison ${body}`) < 0.08) throw new Error(`${body} is poison`);
      await call('dynamodb', 'PutItem', async () => effect(body));
    }
  };
}

interface EngineProject {
  readonly resources: readonly Resource[];
  readonly triggers: readonly Trigger[];
  readonly functions: ReturnType<typeof makeFunction>[];
  readonly sources: readonly Source[];
  readonly hasTable: boolean;
}

/** Settings the seed chooses, so that many seeds meet many combinations. */
function projectOf(seed: string, wanted: readonly Source[]): EngineProject {
  const pick = <T>(name: string, ...values: readonly T[]): T =>
    values[rollBetween(seed, name, 0, values.length - 1)] as T;
  // A table is a third of the work of a run.
  const hasTable = wanted.includes('table') && (wanted.length === 1 || roll(seed, 'table') < 0.3);
  const redrive = (queueArn: string) => ({
    deadLetter: { queueArn, maxReceiveCount: pick(`receives ${queueArn}`, 1, 2, 3, 5) },
  });
  const queue = (name: string, more = {}) =>
    makeQueueResource({
      name,
      visibilityTimeoutMs: pick(`visibility ${name}`, 2000, 10_000, 30_000),
      contentBasedDeduplication: name.endsWith('.fifo'),
      ...more,
    });
  const mapping = (name: string) =>
    makeTrigger({
      functionId: `on-${name}`,
      queueArn: ARN + name,
      batchSize: pick(`batch ${name}`, 1, 2, 5, 10),
      batchWindowMs: pick(`window ${name}`, 0, 0, 1000, 5000),
      ...(roll(seed, `concurrency ${name}`) < 0.3 && { maximumConcurrency: 2 }),
    });
  const follows = makeStreamTrigger({
    functionId: 'follower',
    streamArn: STREAM_ARN,
    startingPosition: 'TRIM_HORIZON',
    batchSize: pick('batch table', 1, 3, 100),
    batchWindowMs: pick('window table', 0, 1000),
    parallelizationFactor: pick('factor', 1, 2, 4),
    bisectBatchOnFunctionError: pick('bisect', true, false),
    maximumRetryAttempts: pick('retries', 1, 3, 6),
    onFailureArn: `${ARN}given-up`,
  });
  const names = ['work', 'steps.fifo', 'inbox'];
  return {
    hasTable,
    sources: wanted.filter((source) => source !== 'table' || hasTable),
    resources: [
      ...['work-dead', 'inbox-dead', 'given-up'].map((name) => queue(name)),
      queue('steps-dead.fifo'),
      queue('work', redrive(`${ARN}work-dead`)),
      queue('steps.fifo', { fifo: true, ...redrive(`${ARN}steps-dead.fifo`) }),
      queue('inbox', redrive(`${ARN}inbox-dead`)),
      makeTopicResource({ name: 'news' }),
      makeSubscriptionResource({
        topicArn: `${TOPICS}news`,
        endpoint: `${ARN}inbox`,
        attributes: { RawMessageDelivery: 'true' },
      }),
      ...(hasTable ? [makeTable()] : []),
    ],
    triggers: [...names.map(mapping), ...(hasTable ? [follows] : [])],
    functions: [
      ...names.map((name) => makeFunction({ id: `on-${name}`, name: `on-${name}`, timeoutMs: 1000 })),
      makeFunction({ id: 'follower', name: 'follower' }),
      makeFunction({ id: 'job', name: 'job', asyncEvents: { onFailureArn: `${ARN}given-up` } }),
    ],
  };
}
