/** Storage of queues and messages. With `order-standard`, `order-fifo` and `deduplication` the only file that touches the store. */
import type { Store, StoreKey } from '../../src/model/platform.ts';
import { type Attributes, isFifo } from './attributes.ts';
import { type Deduplication, openDeduplication } from './deduplication.ts';
import type { Flight, Message } from './message.ts';
import type { Order } from './order.ts';
import { openFifoOrder } from './order-fifo.ts';
import { openStandardOrder } from './order-standard.ts';

export interface QueueRecord {
  /** Never used again, also when a queue of the same name is made later. */
  readonly id: number;
  readonly name: string;
  readonly attributes: Attributes;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** What the project file last said of it, as JSON; absent for queues made through the API. */
  readonly declared?: string;
}

export interface StoredMessage {
  readonly seq: number;
  readonly message: Message;
  readonly flight: Flight | undefined;
}

export interface Counts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface QueueStore {
  all(): QueueRecord[];
  save(record: QueueRecord): void;
  forget(record: QueueRecord): void;
  nextQueueId(): number;
  /** A number greater than all before it. `now` is epoch ms. */
  nextSeq(now: number): number;
  append(record: QueueRecord, stored: StoredMessage): void;
  get(record: QueueRecord, seq: number): StoredMessage | undefined;
  setFlight(record: QueueRecord, stored: StoredMessage, flight: Flight): void;
  remove(record: QueueRecord, stored: StoredMessage): void;
  /** Up to `limit` messages visible at `now`, in the order they are to be handed out. */
  visible(record: QueueRecord, now: number, limit: number): StoredMessage[];
  /** When the next message that is not visible at `now` becomes so, epoch ms. */
  nextDueAt(record: QueueRecord, now: number): number | undefined;
  oldest(record: QueueRecord): StoredMessage | undefined;
  /** Messages that were received at least once; those in flight are among them. */
  everReceived(record: QueueRecord): number;
  counts(record: QueueRecord, now: number): Counts;
  /** Of all its messages, ascending; read lazily. */
  numbers(record: QueueRecord): Iterable<number>;
  /** Deletes every message numbered up to `lastSeq`, letting others run in between. */
  clear(record: QueueRecord, lastSeq: number): Promise<void>;
  /** The store holds other queues than before. */
  reload(): void;
  readonly deduplication: Deduplication;
  /** Runs `work` as one transaction. */
  write<T>(work: () => T): T;
}

/** Messages deleted in one transaction before others get their turn. */
const CLEAR_STEP = 2000;

export const visibleAtOf = ({ message, flight }: StoredMessage) => flight?.visibleAt ?? message.availableAt;

export function openQueueStore(store: Store): QueueStore {
  const records = store.map<QueueRecord>('sqs:queues');
  const messages = store.map<Message>('sqs:messages');
  const flights = store.map<Flight>('sqs:flights');
  /** Messages sent with a delay and not received yet, by when it ends. */
  const delays = store.map<true>('sqs:delays');
  const ids = store.map<number>('sqs:ids');
  const standard = openStandardOrder(store);
  const fifo = openFifoOrder(store, (queueId, seq) => {
    const message = messages.get([queueId, seq]);
    return message && (flights.get([queueId, seq])?.visibleAt ?? message.availableAt);
  });
  const totals = new Map<number, number>();
  const flown = new Map<number, number>();
  let lastSeq = 0;
  let reloads = 0;
  let writing = false;

  /** Within another it just runs: a nested transaction costs as much as what is written in it. */
  const write = <T>(work: () => T): T => {
    if (writing) return work();
    writing = true;
    try {
      return store.write(work);
    } finally {
      writing = false;
    }
  };

  const orderOf = (record: QueueRecord): Order => (isFifo(record.attributes) ? fifo : standard);
  const all = () => [...records.range()].map((entry) => entry.value);

  /** Never backwards: numbers given out before a reload stay known to those who hold a handle. */
  const readLastSeq = () => {
    for (const record of all())
      for (const key of messages.keys({ ...within(record), reverse: true, limit: 1 }))
        lastSeq = Math.max(lastSeq, lastNumber(key));
  };
  readLastSeq();

  /** Counted once, then kept: a backlog may be long. */
  const counted = (kept: Map<number, number>, record: QueueRecord, map: { keys: typeof messages.keys }) => {
    let known = kept.get(record.id);
    if (known === undefined) {
      known = size(map.keys(within(record)));
      kept.set(record.id, known);
    }
    return known;
  };
  const total = (record: QueueRecord) => counted(totals, record, messages);
  const add = (kept: Map<number, number>, record: QueueRecord, by: number) => {
    const known = kept.get(record.id);
    if (known !== undefined) kept.set(record.id, known + by);
  };

  const get = (record: QueueRecord, seq: number): StoredMessage | undefined => {
    const message = messages.get([record.id, seq]);
    return message && { seq, message, flight: flights.get([record.id, seq]) };
  };

  const endDelay = (record: QueueRecord, { seq, message, flight }: StoredMessage) => {
    if (!flight && message.availableAt > message.sentAt) delays.remove([record.id, message.availableAt, seq]);
  };

  const remove = (record: QueueRecord, stored: StoredMessage) => {
    write(() => {
      messages.remove([record.id, stored.seq]);
      if (stored.flight) flights.remove([record.id, stored.seq]);
      endDelay(record, stored);
      orderOf(record).remove(record.id, stored.seq, stored.message, visibleAtOf(stored));
    });
    add(totals, record, -1);
    if (stored.flight) add(flown, record, -1);
  };

  return {
    all,
    get,
    remove,
    deduplication: openDeduplication(store, write),
    write,
    save: (record) => records.put(record.name, record),
    forget: (record) => records.remove(record.name),

    nextQueueId: () =>
      write(() => {
        const id = (ids.get('queue') ?? 0) + 1;
        ids.put('queue', id);
        return id;
      }),

    // Microseconds of the clock: greater than all before after a restart too, when the queue was empty.
    nextSeq(now) {
      lastSeq = Math.max(lastSeq + 1, now * 1000);
      return lastSeq;
    },

    append(record, stored) {
      const { seq, message, flight } = stored;
      write(() => {
        messages.put([record.id, seq], message);
        if (flight) flights.put([record.id, seq], flight);
        else if (message.availableAt > message.sentAt)
          delays.put([record.id, message.availableAt, seq], true);
        orderOf(record).add(record.id, seq, message, visibleAtOf(stored));
      });
      add(totals, record, 1);
      if (flight) add(flown, record, 1);
    },

    setFlight(record, stored, flight) {
      write(() => {
        flights.put([record.id, stored.seq], flight);
        endDelay(record, stored);
        orderOf(record).move(record.id, stored.seq, stored.message, visibleAtOf(stored), flight.visibleAt);
      });
      if (!stored.flight) add(flown, record, 1);
    },

    visible: (record, now, limit) =>
      orderOf(record)
        .visible(record.id, now, limit)
        .map((seq) => get(record, seq))
        .filter((stored) => stored !== undefined),

    nextDueAt: (record, now) => orderOf(record).nextDueAt(record.id, now),

    oldest(record) {
      for (const key of messages.keys({ ...within(record), limit: 1 })) return get(record, lastNumber(key));
      return undefined;
    },

    everReceived: (record) => counted(flown, record, flights),

    counts(record, now) {
      let inFlight = 0;
      for (const { value } of flights.range(within(record))) if (value.visibleAt > now) inFlight++;
      const delayed = size(delays.keys({ from: [record.id, now + 1], to: [record.id + 1] }));
      return { inFlight, delayed, visible: total(record) - inFlight - delayed };
    },

    *numbers(record) {
      for (const key of messages.keys(within(record))) yield lastNumber(key);
    },

    reload() {
      reloads++;
      totals.clear();
      flown.clear();
      readLastSeq();
    },

    async clear(record, upTo) {
      const range = { from: [record.id], to: [record.id, upTo + 1], limit: CLEAR_STEP };
      // Messages of a state restored meanwhile are not those that were to go.
      for (const before = reloads; before === reloads; ) {
        const seqs = [...messages.keys(range)].map(lastNumber);
        if (seqs.length === 0) return;
        write(() => {
          for (const seq of seqs) {
            const stored = get(record, seq);
            if (stored) remove(record, stored);
          }
        });
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    },
  };
}

const within = (record: QueueRecord) => ({ from: [record.id], to: [record.id + 1] });

/** The message number a key ends in. */
function lastNumber(key: StoreKey): number {
  return Array.isArray(key) ? Number(key.at(-1)) : Number.NaN;
}

function size(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count++;
  return count;
}
