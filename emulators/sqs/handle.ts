/** From a receipt handle back to the message it was given out for. */
import { invalidValue, receiptHandleIsInvalid } from './errors.ts';
import type { Queue, Queues } from './queues.ts';
import { decodeReceipt } from './receipt.ts';
import type { StoredMessage } from './store.ts';

export interface Handled {
  /** Absent when the message is deleted or moved. */
  readonly stored: StoredMessage | undefined;
  /** The handle is of the message's newest receive. */
  readonly newest: boolean;
  /** The message is still invisible from that receive. */
  readonly inFlight: boolean;
}

/** Throws when it is no handle of this queue. */
export function readHandle(queues: Queues, queue: Queue, handle: string): Handled {
  const receipt = decodeReceipt(handle);
  if (!receipt || receipt.queueId !== queue.record.id) throw receiptHandleIsInvalid(handle);
  const stored = queues.store.get(queue.record, receipt.seq);
  const flight = stored?.flight;
  const newest = flight?.receipt === receipt.nonce;
  return { stored, newest, inFlight: newest && (flight?.visibleAt ?? 0) > queues.now() };
}

/** As the service: an older handle deletes nothing and is no error; a FIFO queue refuses one whose time is over. */
export function deleteByHandle(queues: Queues, queue: Queue, handle: string): void {
  const { stored, newest, inFlight } = readHandle(queues, queue, handle);
  if (!stored) return;
  if (queue.settings.fifo && !inFlight)
    throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  if (newest) queues.delete(queue, stored.seq);
}
