/** Our own engine in memory under faults: queues, topics, streams, a pipe, an event bus and asynchronous events, with handlers in this process. */
import { FAULT_KINDS, type FaultKind } from '../../../src/chaos/fault-kinds.ts';
import { makeFaultyRun } from '../../../src/chaos/faults.ts';
import { roll, rollBetween } from '../../../src/chaos/seed.ts';
import type { Trial, TrialResult } from '../../../src/chaos/simulate.ts';
import type { Violation } from '../../../src/chaos/violation.ts';
import type { EmulatorContext, JsonObject, RunningEmulator } from '../../../src/model/emulator.ts';
import type { TraceContext } from '../../../src/model/invocation.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import type { Faults } from '../../../src/model/simulator.ts';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { makeSeededIds } from '../../../src/std/ids.ts';
import { type FileStore, openTemporaryStore } from '../../../src/std/store/store.ts';
import { TOPICS } from '../../emulators/sns/running-sns.ts';
import { callOperation } from '../../emulators/world.ts';
import { carefulEndpoint, carefulHandler, type Handler } from './engine-handler.ts';
import { type Life, startLife } from './engine-life.ts';
import { projectOf, SOURCES, type Source } from './engine-project.ts';

export type { Handler } from './engine-handler.ts';

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

const ITEMS = 3;
const GROUPS = 3;
const HORIZON_MS = 3 * 3_600_000;
/** Of the events before which the engine is killed and started anew. */
const KILLS = 0.04;

export interface Engine {
  run(trial: Trial, options?: EngineOptions): Promise<TrialResult>;
  close(): Promise<void>;
}

/** One store for all runs, emptied between them. A run waits for the one before: also for that of a test that ran out of time. */
export function openEngine(): Engine {
  const store = openTemporaryStore();
  let before: Promise<unknown> = Promise.resolve();
  return {
    run: (trial, options = {}) => {
      const result = before.then(() => {
        store.write(() => {
          for (const name of store.names()) store.map(name).clear();
        });
        return runOnce(store, trial, options);
      });
      before = result.catch(() => undefined);
      return result;
    },
    close: () => store.close(),
  };
}

async function runOnce(store: FileStore, trial: Trial, options: EngineOptions): Promise<TrialResult> {
  const { seed, only, events } = trial;
  const clock = makeFakeClock();
  const project = projectOf(seed, options.sources ?? SOURCES);
  const { kinds = FAULT_KINDS, handler = carefulHandler(seed), sabotage } = options;
  const run = makeFaultyRun({
    seed,
    only,
    kinds,
    triggers: () => project.triggers,
    resources: () => project.resources,
  });
  const effects: string[] = [];
  const handled: string[] = [];
  const ids = makeSeededIds(rollBetween(seed, 'ids', 0, 0xffffffff));
  const endpoint = carefulEndpoint(seed);
  const start = () =>
    startLife({
      ...{ run, project, store, clock, ids, handler, endpoint, sabotage },
      onEffect: (body) => void effects.push(body),
      onHandled: (bodies) => void handled.push(...bodies),
    });
  let life = await start();
  const bodies: string[] = [];
  for (const number of events) {
    if (roll(seed, `together ${number}`) > 0.5)
      await clock.advance(rollBetween(seed, `gap ${number}`, 0, 4000));
    if (roll(seed, `kill ${number}`) < KILLS) {
      // What is under way gets as far as it can before it has to wait.
      await clock.advance(0);
      life.kill();
      life = await start();
    }
    const source = project.sources[rollBetween(seed, `source ${number}`, 0, project.sources.length - 1)];
    if (source) bodies.push(await putIn(life, source, number, run.names.traceOf(number)));
  }
  for (let passedMs = 0, stepMs = 1000; passedMs < HORIZON_MS; passedMs += stepMs, stepMs *= 2) {
    await clock.advance(stepMs);
    if (passedMs > 4000 && run.pending().length === 0) break;
  }
  const waiting = run.pending();
  await run.finish((queue) => countOf(life, queue));
  const missing = notFound(store, bodies, handled);
  const broken = options.check?.(effects, bodies);
  await life.close();
  return {
    violations: [
      ...run.violations,
      ...missing,
      ...(broken === undefined ? [] : [{ invariant: 'check' as const, message: broken }]),
    ],
    ...{ struck: run.struck, deliveries: run.deliveries, deadLettered: run.deadLettered, waiting },
  };
}

const url = (queue: string) => `http://127.0.0.1:4566/000000000000/${queue}`;

/** Answers what handlers will know the event by. */
async function putIn(life: Life, source: Source, number: number, traceId: string): Promise<string> {
  const origin: TraceContext = { traceId };
  const call = (emulator: RunningEmulator | undefined, operation: string, input: JsonObject) =>
    callOperation(emulator?.api as JsonApi, operation, input, { origin });
  const body = `event-${number}`;
  const item = `item-${number % ITEMS}`;
  switch (source) {
    case 'queue':
      await call(life.queues, 'SendMessage', { QueueUrl: url('work'), MessageBody: body });
      return body;
    case 'fifo':
      await call(life.queues, 'SendMessage', {
        ...{ QueueUrl: url('steps.fifo'), MessageBody: body },
        ...{ MessageGroupId: `group-${number % GROUPS}`, MessageDeduplicationId: body },
      });
      return body;
    case 'topic':
      await call(life.topics, 'Publish', { TopicArn: `${TOPICS}news`, Message: body });
      return body;
    case 'table':
      await call(life.table, 'PutItem', {
        TableName: 'orders',
        Item: { id: { S: item }, version: { N: String(number) } },
      });
      return `${item}:${number}`;
    case 'stream':
    case 'pipe': {
      const record = `record-${number}`;
      await call(life.streams, 'PutRecord', {
        StreamName: source === 'pipe' ? 'views' : 'clicks',
        Data: Buffer.from(record).toString('base64'),
        PartitionKey: `group-${number % GROUPS}`,
      });
      return record;
    }
    case 'bus':
      await call(life.bus, 'PutEvents', {
        Entries: [{ Source: 'shop', DetailType: 'placed', Detail: JSON.stringify({ body }) }],
      });
      // A part of an event is told as JSON.
      return JSON.stringify(body);
    case 'async':
      life.later.enqueue({
        ...{ functionId: 'job', event: JSON.stringify({ body }), origin },
        cause: { kind: 'api', type: 'Event' },
      });
      return body;
  }
}

async function countOf({ queues }: Life, queue: string): Promise<number> {
  const { Attributes: found } = await callOperation(queues.api as JsonApi, 'GetQueueAttributes', {
    QueueUrl: url(queue),
    AttributeNames: ['All'],
  });
  const count = (name: string) => Number((found as JsonObject)[`ApproximateNumberOfMessages${name}`]);
  return count('') + count('NotVisible') + count('Delayed');
}

/** By what can be seen from outside, besides the accounts of the simulator. */
function notFound(store: FileStore, bodies: readonly string[], handled: readonly string[]): Violation[] {
  const stored = contentsOf(store);
  return bodies
    .filter((body) => !handled.includes(body) && !stored.includes(traceLeftBy(body)))
    .map((body) => ({ invariant: 'nothing-lost', message: `${body} is nowhere` }));
}

/** What is told of records that were given up has their places in the stream alone. */
const traceLeftBy = (body: string) =>
  body.startsWith('item-')
    ? 'DDBStreamBatchInfo'
    : body.startsWith('record-')
      ? 'KinesisBatchInfo'
      : body.replaceAll('"', '');

/** All that any queue or any event under way holds, as one text. */
function contentsOf(store: FileStore): string {
  const texts: string[] = [];
  for (const name of ['sqs:messages', 'async:jobs'])
    for (const { value } of store.map(name).range()) texts.push(JSON.stringify(value));
  return texts.join('\n');
}
