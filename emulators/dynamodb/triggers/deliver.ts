/** One lane of an event source mapping: batches of a table's changes to a function, one after the other, each until it is done. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { Invoked, TraceContext } from '../../../src/model/invocation.ts';
import type { TableStreamTrigger } from '../../../src/model/project.ts';
import { makeBell } from '../../../src/std/bell.ts';
import { messageOf } from '../../../src/std/errors.ts';
import type { EventTest } from '../../../src/std/event-pattern.ts';
import type { StreamRecord } from '../streams/stream-log.ts';
import { RETENTION_MS } from '../streams/trimming.ts';
import { type Batch, collectBatch } from './collect.ts';
import { type Entry, makeStreamEvent } from './event.ts';
import type { Feed } from './feed.ts';
import { giveUp } from './give-up.ts';
import type { Position } from './position.ts';
import { backOffMs, type Part, settle, unseen } from './settle.ts';

export interface Lane {
  /** There may be more records. */
  wake(): void;
  /** Tries a batch that waits after a failure again at once. */
  retryNow(): void;
  /** Takes no further batch and tries none again. What runs is still settled. */
  stop(): void;
  /** Settles when nothing is under way any more. */
  readonly ended: Promise<void>;
  /** What still runs no longer counts. */
  abandon(): void;
}

export interface LaneOptions {
  readonly context: EmulatorContext;
  readonly trigger: TableStreamTrigger;
  readonly tableName: string;
  readonly feed: Feed;
  readonly isMine: (record: StreamRecord) => boolean;
  readonly accepts: EventTest;
  /** Everything up to there is done, and need not be read again after a kill. */
  readonly save: (position: Position) => void;
}

export function startLane(options: LaneOptions): Lane {
  const { context, trigger, feed, save } = options;
  const { clock, notice } = context;
  const stopped = new AbortController();
  const { signal } = stopped;
  const arrived = makeBell(clock);
  const retry = makeBell(clock);
  let abandoned = false;

  const follow = async () => {
    const { isMine, accepts } = options;
    const collecting = { trigger, clock, bell: arrived, isMine, accepts, passed: saveIfCounts };
    while (!signal.aborted) {
      const batch = await collectBatch(feed, collecting, signal);
      if (batch) await work(batch);
    }
  };

  const saveIfCounts = (position: Position) => {
    if (!abandoned) save(position);
  };

  const reached = (batch: Batch, { sequence }: Entry) =>
    saveIfCounts({ label: batch.stream.label, sequence });

  const work = async (batch: Batch) => {
    let parts: readonly Part[] = [{ entries: batch.entries, failures: 0, invocations: 0 }];
    let last: Invoked | undefined;
    let tries = 0;
    while (!signal.aborted) {
      const [part, ...others] = withoutExpired(parts, batch, last);
      if (!part) return saveIfCounts(batch.end);
      last = await invoke(options, batch, part);
      if (abandoned) return;
      const settlement = last ? settle(last.outcome, part, trigger) : unseen(part);
      const { done, next, givenUp, misunderstood } = settlement;
      if (givenUp)
        giveUp({ context, trigger, batch, part: givenUp, condition: 'RetryAttemptsExhausted', last });
      if (misunderstood !== undefined) notice(misunderstoodText(options, misunderstood));
      const behind = part.entries[givenUp ? part.entries.length - 1 : done - 1];
      if (behind) reached(batch, behind);
      parts = [...next, ...others];
      tries = settlement.backOff && next.length > 0 ? tries + 1 : 0;
      if (tries > 0) await retry.wait(signal, backOffMs(tries));
    }
  };

  /** Gives up what has become too old of the part whose turn it is; the others' turn comes. */
  const withoutExpired = (
    parts: readonly Part[],
    batch: Batch,
    last: Invoked | undefined,
  ): readonly Part[] => {
    const [part, ...others] = parts;
    if (!part) return parts;
    const oldest = clock.now() - Math.min(trigger.maximumRecordAgeMs ?? RETENTION_MS, RETENTION_MS);
    const young = part.entries.findIndex(({ at }) => at > oldest);
    if (young === 0) return parts;
    const expired = young < 0 ? part.entries : part.entries.slice(0, young);
    const old = { ...part, entries: expired };
    giveUp({ context, trigger, batch, part: old, condition: 'MaximumRecordAgeExceeded', last });
    const behind = expired.at(-1);
    if (behind) reached(batch, behind);
    if (young < 0) return withoutExpired(others, batch, last);
    return [{ ...part, entries: part.entries.slice(young) }, ...others];
  };

  const ended = follow().catch((failure: unknown) => {
    stopped.abort();
    if (!abandoned)
      notice(`the trigger of ${trigger.functionId} on ${options.tableName} stopped: ${messageOf(failure)}`);
  });

  return {
    ended,
    wake: arrived.ring,
    retryNow: retry.ring,
    stop: () => stopped.abort(),
    abandon() {
      abandoned = true;
      stopped.abort();
    },
  };
}

/** Undefined when the door itself failed; the batch is then tried again. */
async function invoke(
  { context, trigger, tableName }: LaneOptions,
  batch: Batch,
  { entries, invocations }: Part,
): Promise<Invoked | undefined> {
  const first = entries[0]?.origin;
  const links = linksOf(
    entries.map(({ origin }) => origin),
    first,
  );
  try {
    return await context.deliver({
      functionId: trigger.functionId,
      event: makeStreamEvent(entries),
      cause: {
        kind: 'table-stream',
        table: tableName,
        records: entries.length,
        from: entries[0]?.sequenceNumber ?? '',
      },
      attempt: invocations + 1,
      ...(first && { origin: first }),
      ...(links.length > 0 && { links }),
    });
  } catch (failure) {
    context.notice(
      `a batch of ${batch.stream.tableName} could not be handed to ${trigger.functionId}: ${messageOf(failure)}`,
    );
    return undefined;
  }
}

/** One span of each further trace: a batch may hold thousands of records of one call. */
function linksOf(
  origins: readonly (TraceContext | undefined)[],
  first: TraceContext | undefined,
): readonly TraceContext[] {
  const links = new Map<string, TraceContext>();
  for (const origin of origins)
    if (origin && origin.traceId !== first?.traceId && !links.has(origin.traceId))
      links.set(origin.traceId, origin);
  return [...links.values()];
}

function misunderstoodText({ trigger, tableName }: LaneOptions, what: string): string {
  return `${trigger.functionId} got a batch of ${tableName} and ${what}; the whole batch counts as failed`;
}
