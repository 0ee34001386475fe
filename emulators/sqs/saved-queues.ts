/** The queues in a store that nobody writes, a snapshot's for one: for listing and comparing saved states. */
import type { Store } from '../../src/model/platform.ts';
import { openQueueStore } from './store.ts';

export interface SavedQueue {
  readonly name: string;
  /** Numbers of its messages, ascending; a message keeps its number as long as it is in the queue. */
  messages(): Iterable<number>;
}

/** Sorted by name. */
export function readSavedQueues(store: Store): SavedQueue[] {
  const queues = openQueueStore(store);
  return queues.all().map((record) => ({
    name: record.name,
    messages: () => queues.numbers(record),
  }));
}
