/** Fills one batch for a function: waits for a first record, then until the batch is full or its window is over. */
import type { Clock } from '../../../src/model/platform.ts';
import type { TableStreamTrigger } from '../../../src/model/project.ts';
import type { Bell } from '../../../src/std/bell.ts';
import type { EventTest } from '../../../src/std/event-pattern.ts';
import type { Stream } from '../streams/stream.ts';
import type { StreamRecord } from '../streams/stream-log.ts';
import { type Entry, makeEntry, recordInEvent } from './event.ts';
import type { Feed } from './feed.ts';
import type { Position } from './position.ts';

export interface Batch {
  readonly stream: Stream;
  readonly streamArn: string;
  readonly entries: readonly Entry[];
  /** Where the function is once the batch is done: behind the records that were passed over too. */
  readonly end: Position;
}

export interface CollectOptions {
  readonly trigger: TableStreamTrigger;
  readonly clock: Clock;
  /** Rings when there are more records. */
  readonly bell: Bell;
  /** Whether a record is for this lane. */
  readonly isMine: (record: StreamRecord) => boolean;
  /** The trigger's filter, asked with the record as the function would see it. */
  readonly accepts: EventTest;
  /** Nothing up to here is for the function. */
  readonly passed: (position: Position) => void;
}

/** A function's payload limit. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;
const FRAME_BYTES = '{"Records":[]}'.length;
/** Records looked at without the event loop turning. */
const RECORDS_PER_TURN = 1000;

/** Undefined when `signal` was aborted first; what was collected then is read again by the next one. */
export async function collectBatch(
  feed: Feed,
  options: CollectOptions,
  signal: AbortSignal,
): Promise<Batch | undefined> {
  const { trigger, clock, bell, isMine, accepts, passed } = options;
  const entries: Entry[] = [];
  let of: Pick<Batch, 'stream' | 'streamArn'> | undefined;
  let sizeBytes = FRAME_BYTES;
  let until: number | undefined;
  let looked = 0;

  /** True when the batch cannot grow any more. */
  const takeAll = (): boolean => {
    for (let next = feed.peek(); next; next = feed.peek()) {
      const { stream, streamArn, record } = next;
      if (of && of.stream.label !== stream.label) return true;
      const seen = isMine(record) ? recordInEvent(record, streamArn) : undefined;
      if (seen && accepts(seen)) {
        const entry = makeEntry(record, seen);
        const addedBytes = Buffer.byteLength(entry.text) + 1;
        if (entries.length > 0 && sizeBytes + addedBytes > MAX_EVENT_BYTES) return true;
        sizeBytes += addedBytes;
        of = { stream, streamArn };
        entries.push(entry);
      }
      feed.take();
      if (entries.length >= trigger.batchSize) return true;
      if (++looked % RECORDS_PER_TURN === 0) return false;
    }
    return false;
  };

  while (!signal.aborted) {
    const full = takeAll();
    if (of && full) return { ...of, entries, end: feed.position };
    if (feed.peek()) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      continue;
    }
    if (!of) {
      passed(feed.position);
      await bell.wait(signal);
      continue;
    }
    until ??= clock.now() + trigger.batchWindowMs;
    const leftMs = until - clock.now();
    if (leftMs <= 0) return { ...of, entries, end: feed.position };
    await bell.wait(signal, leftMs);
  }
  return undefined;
}
