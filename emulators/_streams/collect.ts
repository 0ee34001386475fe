/** Fills one batch for a function: waits for a first record, then until the batch is full, its time is over, or the strand ends. */
import type { Clock } from '../../src/model/platform.ts';
import type { StreamDelivery } from '../../src/model/project.ts';
import type { Bell } from '../../src/std/bell.ts';
import type { EventTest } from '../../src/std/event-pattern.ts';
import { type Entry, type Feed, makeEntry, type Place, type Upcoming } from './source.ts';
import { windowStart } from './window.ts';

export interface Batch<P extends Place> {
  readonly shardId: string;
  readonly streamArn: string;
  readonly entries: readonly Entry<P>[];
  /** Where the function is once the batch is done: behind the records that were passed over too. */
  readonly end: P;
}

export type Collected<P extends Place> =
  | { readonly kind: 'batch'; readonly batch: Batch<P> }
  /** The open window has had its last record. */
  | { readonly kind: 'window-over' }
  /** The strand has had its last record. */
  | { readonly kind: 'ended' }
  /** What was collected is read again by the next one. */
  | { readonly kind: 'stopped' };

export interface CollectOptions<P extends Place> {
  readonly trigger: Pick<StreamDelivery, 'batchSize' | 'batchWindowMs' | 'tumblingWindowMs'>;
  readonly clock: Clock;
  /** Rings when there are more records. */
  readonly bell: Bell;
  /** Whether a record is for this lane. */
  readonly isMine: (record: Upcoming<P>) => boolean;
  /** The trigger's filter, asked with the record as filters see it. */
  readonly accepts: EventTest | undefined;
  /** Told of each record the filter turns away. */
  readonly filtered?: ((record: Upcoming<P>) => void) | undefined;
  /** Nothing up to here is for the function. */
  readonly passed: (position: P) => void;
  /** Epoch ms at which the window that is open began. */
  readonly openWindow: () => number | undefined;
}

/** A function's payload limit. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;
const FRAME_BYTES = '{"Records":[]}'.length;
/** Records looked at without the event loop turning. */
const RECORDS_PER_TURN = 1000;

type Origin = Pick<Batch<Place>, 'shardId' | 'streamArn'>;

export async function collectBatch<P extends Place>(
  feed: Feed<P>,
  options: CollectOptions<P>,
  signal: AbortSignal,
): Promise<Collected<P>> {
  const { trigger, clock, bell, isMine, accepts, passed } = options;
  const { tumblingWindowMs: windowMs } = trigger;
  const entries: Entry<P>[] = [];
  let of: Origin | undefined;
  /** Start of the window all entries are in. */
  let window = options.openWindow();
  let sizeBytes = FRAME_BYTES;
  let until: number | undefined;
  let looked = 0;

  /** `full`: the batch cannot grow any more. `later`: what comes next is of a later window. */
  const takeAll = (): 'full' | 'later' | 'more' => {
    for (let next = feed.peek(); next; next = feed.peek()) {
      if (of && (of.shardId !== next.shardId || of.streamArn !== next.streamArn)) return 'full';
      const mine = isMine(next);
      const isWanted = mine && (accepts?.(next.inFilter()) ?? true);
      if (mine && !isWanted) options.filtered?.(next);
      if (isWanted) {
        if (windowMs !== undefined) {
          const start = windowStart(next.at, windowMs);
          if (window !== undefined && start > window) return entries.length > 0 ? 'full' : 'later';
          window ??= start;
        }
        const entry = makeEntry(next);
        const addedBytes = Buffer.byteLength(entry.text) + 1;
        if (entries.length > 0 && sizeBytes + addedBytes > MAX_EVENT_BYTES) return 'full';
        sizeBytes += addedBytes;
        of = { shardId: next.shardId, streamArn: next.streamArn };
        entries.push(entry);
      }
      feed.take();
      if (entries.length >= trigger.batchSize) return 'full';
      if (++looked % RECORDS_PER_TURN === 0) return 'more';
    }
    return 'more';
  };

  const batch = (origin: Origin): Collected<P> => ({
    kind: 'batch',
    batch: { shardId: origin.shardId, streamArn: origin.streamArn, entries, end: feed.position },
  });

  while (!signal.aborted) {
    const taken = takeAll();
    if (taken === 'later') return { kind: 'window-over' };
    if (of && taken === 'full') return batch(of);
    if (feed.peek()) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      continue;
    }
    if (feed.ended()) {
      if (of) return batch(of);
      passed(feed.position);
      return { kind: 'ended' };
    }
    const windowEnd = window !== undefined && windowMs !== undefined ? window + windowMs : undefined;
    if (!of) {
      passed(feed.position);
      if (windowEnd !== undefined && windowEnd <= clock.now()) return { kind: 'window-over' };
      await bell.wait(signal, windowEnd === undefined ? undefined : windowEnd - clock.now());
      continue;
    }
    until ??= Math.min(clock.now() + trigger.batchWindowMs, windowEnd ?? Number.POSITIVE_INFINITY);
    const leftMs = until - clock.now();
    if (leftMs <= 0) return batch(of);
    await bell.wait(signal, leftMs);
  }
  return { kind: 'stopped' };
}
