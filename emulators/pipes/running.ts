/** Keeps every pipe that is to run following its source. */
import type { EmulatorContext, Following } from '../../src/model/emulator.ts';
import { settledWithin } from '../../src/std/grace.ts';
import { batchFlaw, batchSizeOf } from './batch-limits.ts';
import { deadLetterText } from './dead-letter.ts';
import { runBatch } from './run.ts';
import { readPipe } from './settings.ts';
import type { PipeRecord, PipeStore } from './store.ts';

export interface RunningPipes {
  /** Starts what is to run, stops what is not, restarts what changed where it was. */
  follow(): void;
  /** Why a pipe that is to run does not; undefined for one that does. */
  flaw(record: PipeRecord): string | undefined;
  /** The store holds another state. */
  abandon(): void;
  close(graceMs: number): Promise<void>;
}

interface Running {
  readonly key: string;
  readonly following: Following | undefined;
}

export function makeRunningPipes(store: PipeStore, context: EmulatorContext): RunningPipes {
  const running = new Map<string, Running>();
  /** Stopped, with batches still under way; the next run of the same pipe waits for it. */
  const ending = new Map<string, Promise<void>>();

  let isClosed = false;

  const stop = (name: string, graceMs: number) => {
    const { following } = running.get(name) ?? {};
    running.delete(name);
    if (!following) return;
    const ended = following.close(graceMs).then(() => {
      if (ending.get(name) === ended) ending.delete(name);
    });
    ending.set(name, ended);
  };

  const start = (record: PipeRecord) => {
    const before = ending.get(record.name);
    // Else both would read the same records of a stream.
    if (before) return void before.then(follow);
    running.set(record.name, { key: keyOf(record), following: startPipe(record, context) });
  };

  const follow = () => {
    if (context.eventSources === false || isClosed) return;
    const wanted = new Map(
      store.all().flatMap((record) => (record.desired === 'RUNNING' ? [[record.name, record]] : [])),
    );
    for (const [name, { key }] of running) {
      const record = wanted.get(name);
      if (!record || keyOf(record) !== key) stop(name, STOP_GRACE_MS);
    }
    for (const record of wanted.values()) if (!running.has(record.name)) start(record);
  };

  return {
    follow,
    flaw(record) {
      const found = running.get(record.name);
      if (!found || found.following) return undefined;
      return `sls-local does not emulate the source ${readPipe(record.settings).source.arn}`;
    },
    abandon() {
      for (const { following } of running.values()) following?.abandon();
      running.clear();
    },
    async close(graceMs) {
      isClosed = true;
      for (const name of [...running.keys()]) stop(name, graceMs);
      await settledWithin(graceMs, [...ending.values()]);
    },
  };
}

/** Batches under way may end when a pipe is stopped or changed; in real time. */
const STOP_GRACE_MS = 10_000;

/** Tags and descriptions do not matter to what runs. */
function keyOf({ settings, follower }: PipeRecord): string {
  const { Description: _, ...others } = settings;
  return JSON.stringify([follower, others]);
}

/** Undefined where no service here has such a source. */
function startPipe(record: PipeRecord, context: EmulatorContext): Following | undefined {
  const settings = readPipe(record.settings);
  const { source } = settings;
  const { stream } = source;
  const flaw = batchFlaw(settings);
  if (flaw !== undefined) context.notice(`the pipe ${record.name}: ${flaw}`);
  const run = { context, name: record.name, arn: record.arn, settings };
  const following = context.follow?.({
    sourceArn: source.arn,
    id: record.follower,
    name: `the pipe ${record.name}`,
    ...{ batchSize: batchSizeOf(settings), batchWindowMs: source.batchWindowMs },
    ...(source.filterPatterns && { filterPatterns: source.filterPatterns }),
    ...stream,
    ...(stream?.deadLetterArn !== undefined && { onFailureArn: stream.deadLetterArn }),
    consume: (request) => runBatch(run, request),
    send: (message) =>
      context.send?.({ ...message, body: deadLetterText(record.arn, message.body) }) ?? false,
  });
  if (!following)
    context.notice(`the pipe ${record.name} does not run: its source ${source.arn} is not emulated`);
  return following;
}
