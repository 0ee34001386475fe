/** One lane of an event source mapping: batches of a strand's records to a function, one after the other, each until it is done. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { Invoked } from '../../src/model/invocation.ts';
import type { StreamDelivery } from '../../src/model/project.ts';
import { makeBell } from '../../src/std/bell.ts';
import { messageOf } from '../../src/std/errors.ts';
import type { EventTest } from '../../src/std/event-pattern.ts';
import type { Reached } from './checkpoints.ts';
import { type Batch, collectBatch } from './collect.ts';
import { giveUp } from './give-up.ts';
import { invokeWith } from './invoke.ts';
import { backOffMs, type Part, settle, unseen } from './settle.ts';
import type { Entry, Feed, Place, Source, Upcoming } from './source.ts';
import { isTooLarge, newWindow, nextState, type WindowState } from './window.ts';

export interface Lane {
  /** There may be more records. */
  wake(): void;
  /** Tries a batch that waits after a failure again at once. */
  retryNow(): void;
  /** Takes no further batch and tries none again. What runs is still settled. */
  stop(): void;
  /** Settles when nothing is under way any more; true when the strand was read to its end. */
  readonly ended: Promise<boolean>;
  /** What still runs no longer counts. */
  abandon(): void;
}

export interface LaneOptions<P extends Place> {
  readonly context: EmulatorContext;
  readonly trigger: StreamDelivery;
  readonly source: Source<P>;
  readonly strandId: string;
  readonly feed: Feed<P>;
  readonly isMine: (record: Upcoming<P>) => boolean;
  readonly accepts: EventTest | undefined;
  /** The window that was open when an earlier session ended. */
  readonly window: WindowState | undefined;
  /** Everything up to there is done, and need not be read again after a kill. */
  readonly save: (reached: Reached<P>) => void;
}

export function startLane<P extends Place>(options: LaneOptions<P>): Lane {
  const { context, trigger, source, feed, save } = options;
  const { clock, notice } = context;
  const lengthMs = trigger.tumblingWindowMs;
  const stopped = new AbortController();
  const { signal } = stopped;
  const arrived = makeBell(clock);
  const retry = makeBell(clock);
  let abandoned = false;
  let window = lengthMs === undefined ? undefined : options.window;
  /** Where the window's records are; told to the function when it is over. */
  let origin: Pick<Batch<P>, 'shardId' | 'streamArn'> | undefined;

  const reached = (position: P) => {
    if (!abandoned) save(window ? { ...position, window } : position);
  };

  const follow = async (): Promise<boolean> => {
    const { isMine, accepts } = options;
    const openWindow = () => window?.startsAt;
    const filtered = tellFiltered(options);
    const collecting = {
      trigger,
      clock,
      bell: arrived,
      isMine,
      accepts,
      filtered,
      passed: reached,
      openWindow,
    };
    while (!signal.aborted) {
      const collected = await collectBatch(feed, collecting, signal);
      switch (collected.kind) {
        case 'batch':
          await work(collected.batch);
          break;
        case 'window-over':
          await closeWindow(false);
          break;
        case 'ended':
          if (window) await closeWindow(false);
          return !signal.aborted;
        case 'stopped':
          return false;
      }
    }
    return false;
  };

  const windowPart = (isFinal: boolean, isEarly: boolean) =>
    window && lengthMs !== undefined && origin
      ? { ...origin, window, lengthMs, isFinal, isEarly }
      : undefined;

  const work = async (batch: Batch<P>) => {
    origin = batch;
    const [first] = batch.entries;
    if (lengthMs !== undefined && first) window ??= newWindow(first.at, lengthMs);
    let parts: readonly Part<P>[] = [{ entries: batch.entries, failures: 0, invocations: 0 }];
    let last: Invoked | undefined;
    let tries = 0;
    while (!signal.aborted) {
      const [part, ...others] = withoutExpired(parts, batch, last);
      if (!part) break;
      last = await invokeWith(options, part, windowPart(false, false));
      if (abandoned) return;
      const settlement = last ? settle(last.outcome, part, trigger) : unseen(part);
      const { done, next, givenUp, misunderstood } = settlement;
      if (givenUp)
        giveUp({ context, source, trigger, batch, part: givenUp, condition: 'RetryAttemptsExhausted', last });
      if (misunderstood !== undefined)
        notice(
          `${trigger.functionId} got a batch of ${source.name} and ${misunderstood}; the whole batch counts as failed`,
        );
      if (window && last?.outcome.status === 'ok' && done > 0)
        window = { ...window, state: nextState(last.outcome.payload) };
      const behind = part.entries[givenUp ? part.entries.length - 1 : done - 1];
      if (behind) reached(behind.position);
      parts = [...next, ...others];
      tries = settlement.backOff && next.length > 0 ? tries + 1 : 0;
      if (tries > 0) await retry.wait(signal, backOffMs(tries));
    }
    if (signal.aborted && parts.length > 0) return;
    reached(batch.end);
    if (window && isTooLarge(window)) await closeWindow(true);
  };

  /** The last word on a window has no records; it is tried as often as a batch. */
  const closeWindow = async (isEarly: boolean) => {
    let part: Part<P> = { entries: [], failures: 0, invocations: 0 };
    origin ??= source.originOf(feed.position, options.strandId);
    for (let tries = 1; !signal.aborted; tries++) {
      const last = await invokeWith(options, part, windowPart(true, isEarly));
      if (abandoned) return;
      const { status } = last?.outcome ?? { status: 'unavailable' };
      if (status === 'ok') break;
      if (status !== 'throttled' && status !== 'unavailable') {
        part = { ...part, failures: part.failures + 1, invocations: part.invocations + 1 };
        if (trigger.maximumRetryAttempts !== undefined && part.failures > trigger.maximumRetryAttempts) {
          notice(
            `${trigger.functionId} failed at the end of a window of ${source.name}: its state is dropped`,
          );
          break;
        }
      }
      await retry.wait(signal, backOffMs(tries));
    }
    if (signal.aborted) return;
    window = undefined;
    reached(feed.position);
  };

  /** Gives up what has become too old of the part whose turn it is; the others' turn comes. */
  const withoutExpired = (
    parts: readonly Part<P>[],
    batch: Batch<P>,
    last: Invoked | undefined,
  ): readonly Part<P>[] => {
    const [part, ...others] = parts;
    if (!part) return parts;
    const now = clock.now();
    const { maximumRecordAgeMs: most } = trigger;
    const oldest = Math.max(source.expiredAt(now), most === undefined ? 0 : now - most);
    const young = part.entries.findIndex(({ at }: Entry<P>) => at > oldest);
    if (young === 0) return parts;
    const expired = young < 0 ? part.entries : part.entries.slice(0, young);
    const old = { ...part, entries: expired };
    giveUp({ context, source, trigger, batch, part: old, condition: 'MaximumRecordAgeExceeded', last });
    const behind = expired.at(-1);
    if (behind) reached(behind.position);
    if (young < 0) return withoutExpired(others, batch, last);
    return [{ ...part, entries: part.entries.slice(young) }, ...others];
  };

  const ended = follow().catch((failure: unknown) => {
    stopped.abort();
    if (!abandoned)
      notice(`the trigger of ${trigger.functionId} on ${source.name} stopped: ${messageOf(failure)}`);
    return false;
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

/** Undefined where no simulator wants to know. */
function tellFiltered<P extends Place>({ context, source, trigger }: LaneOptions<P>) {
  const streams = context.faults?.streams;
  if (!streams) return undefined;
  const { kind, name } = source;
  return ({ sequenceNumber, shardId }: Upcoming<P>) =>
    streams.filtered({
      ...{ of: { kind, name }, follower: trigger.functionId },
      ...{ sequenceNumbers: [sequenceNumber], shardId },
    });
}
