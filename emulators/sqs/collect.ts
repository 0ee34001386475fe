/** Fills one batch for a trigger: waits for a first message, then until the batch is full or its window is over. */
import type { Clock } from '../../src/model/platform.ts';
import type { QueueTrigger } from '../../src/model/project.ts';
import type { MessageTest } from './filter.ts';
import type { Message, Received } from './message.ts';
import type { Queue, Queues } from './queues.ts';

/** A function's payload limit. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;
/** What a record adds to its body at most: ids, times, handle, names. */
const RECORD_BYTES = 1024;

/**
 * Empty when `signal` was aborted first, or no message passed the filter; what was already taken is answered all the same.
 * Messages that do not pass are deleted, as the service does.
 */
export async function collectBatch(
  queues: Queues,
  clock: Clock,
  queue: Queue,
  trigger: QueueTrigger,
  signal: AbortSignal,
  accepts?: MessageTest,
): Promise<readonly Received[]> {
  /** By number: with a window longer than the visibility timeout the same message may come again, under a newer handle. */
  const batch = new Map<number, Received>();
  let full = false;
  const filled = new AbortController();
  const fits = makeFits(() => {
    full = true;
    // Later: the receive that asked may already hold messages, which must not be given up.
    queueMicrotask(() => filled.abort());
  });
  const over = AbortSignal.any([signal, filled.signal]);
  const { reloads } = queues;

  const collect = async (waitMs: number) => {
    const max = trigger.batchSize - batch.size;
    const received = await queues.receive(queue, { max, waitMs, signal: over, fits });
    for (const one of accepts ? filtered(queues, queue, received, accepts) : received)
      batch.set(one.seq, one);
    full ||= received.length === 0 || batch.size >= trigger.batchSize;
  };

  await collect(Number.POSITIVE_INFINITY);
  if (batch.size === 0) return [];
  const until = clock.now() + trigger.batchWindowMs;
  while (!full && !signal.aborted && clock.now() < until) await collect(until - clock.now());
  const all = [...batch.values()];
  // What was taken before a snapshot was restored is no message of the state there is now.
  return queues.reloads === reloads ? all : all.filter((received) => queues.holds(queue, received));
}

/** Accepts messages as long as their event stays within the limit; calls `onFull` with the first that does not fit. */
function makeFits(onFull: () => void): (message: Message) => boolean {
  let sizeBytes = 0;
  return (message) => {
    const added = Buffer.byteLength(JSON.stringify(message.body)) + RECORD_BYTES;
    if (sizeBytes + added > MAX_EVENT_BYTES) {
      onFull();
      return false;
    }
    sizeBytes += added;
    return true;
  };
}

function filtered(
  queues: Queues,
  queue: Queue,
  received: readonly Received[],
  accepts: MessageTest,
): readonly Received[] {
  const passed = received.filter((one) => accepts(queue, one));
  if (passed.length === received.length) return received;
  queues.store.write(() => {
    for (const one of received) if (!passed.includes(one)) queues.deleteReceived(queue, one);
  });
  // In a FIFO queue the messages behind them may be next.
  queues.wake(queue);
  return passed;
}
