/** The queues that are there: made, changed, found, waited at. Everything the operations and the triggers do goes through here. */
import type { QueueFaults } from '../../src/model/faults.ts';
import type { Clock, Ids } from '../../src/model/platform.ts';
import { type Attributes, type Settings, settingsOf } from './attributes.ts';
import { overLimit, queueDoesNotExist } from './errors.ts';
import { MAX_IN_FLIGHT, makeInFlightLimit } from './in-flight.ts';
import { queuedMessage, type Received } from './message.ts';
import { queueArn } from './queue-names.ts';
import type { QueueRecord, QueueStore, StoredMessage } from './store.ts';
import { type DeadLetter, type TakeOptions, take } from './take.ts';
import { makeWaitingRoom, type WaitingRoom } from './waiting.ts';

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly record: QueueRecord;
  readonly settings: Settings;
}

export interface ReceiveOptions {
  readonly max: number;
  /** Absent = the queue's own. */
  readonly visibilityMs?: number;
  /** How long to wait for a first message; may be Infinity. */
  readonly waitMs: number;
  /** Ends the wait with nothing. */
  readonly signal?: AbortSignal;
  readonly fits?: TakeOptions['fits'];
}

export interface Queues {
  readonly store: QueueStore;
  readonly faults: QueueFaults | undefined;
  /** Throws the service's error when there is none. */
  get(name: string): Queue;
  find(name: string): Queue | undefined;
  all(): readonly Queue[];
  create(name: string, attributes: Attributes, tags: QueueRecord['tags'], declared?: string): Queue;
  change(queue: Queue, change: Partial<Pick<QueueRecord, 'attributes' | 'tags' | 'declared'>>): void;
  remove(queue: Queue): Promise<void>;
  /** Something was stored in the queue: serve those who wait. */
  wake(queue: Queue): void;
  /** Rejects with the service's error when the queue goes away meanwhile. */
  receive(queue: Queue, options: ReceiveOptions): Promise<readonly Received[]>;
  setVisibility(queue: Queue, stored: StoredMessage, visibilityMs: number): void;
  /** Deletes a message unless this receive of it is over: it was received anew, or its time in a FIFO queue ran out. */
  deleteReceived(queue: Queue, received: Received): void;
  /** Makes a receive not count; the message is visible again when its visibility timeout is over. */
  uncount(queue: Queue, received: Received): void;
  /** Whether this receive is still the message's newest, and the message is still there. */
  holds(queue: Queue, received: Received): boolean;
  /** How often the state was exchanged for another. */
  readonly reloads: number;
  delete(queue: Queue, seq: number): void;
  purge(queue: Queue): Promise<void>;
  /** Drops messages that are older than the queue keeps them. */
  expire(queue: Queue): void;
  /** Whole epoch ms. */
  now(): number;
  /** Called with each queue that is made later. */
  onCreated(listener: (name: string) => void): void;
  /**
   * The store holds other queues than before. Who waits at a queue goes on waiting at the one of the same name; where there is
   * none, nor one made in this turn of the event loop, the wait ends as if the queue had been deleted.
   */
  reload(): void;
  /** Ends all waiting. */
  close(): void;
}

export interface QueuesOptions {
  readonly store: QueueStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly region: string;
  readonly accountId: string;
  readonly faults?: QueueFaults;
  /** Of one queue; absent = as many as the service allows. */
  readonly maxInFlight?: number;
}

interface LiveQueue extends Queue {
  record: QueueRecord;
  settings: Settings;
  readonly room: WaitingRoom;
}

export function makeQueues(options: QueuesOptions): Queues {
  const { store, clock, ids, region, accountId, faults, maxInFlight = MAX_IN_FLIGHT } = options;
  const live = new Map<string, LiveQueue>();
  /** Not in the state that was just restored. */
  const orphans = new Map<string, LiveQueue>();
  let reloads = 0;
  const listeners: ((name: string) => void)[] = [];
  const inFlight = makeInFlightLimit(store, maxInFlight);
  const now = () => Math.floor(clock.now());

  const open = (record: QueueRecord): LiveQueue => {
    const orphan = orphans.get(record.name);
    if (orphan) return readopt(orphan, record);
    const queue: LiveQueue = {
      name: record.name,
      arn: queueArn(region, accountId, record.name),
      record,
      settings: settingsOf(record.attributes),
      room: makeWaitingRoom(clock, () => store.nextDueAt(queue.record, now())),
    };
    live.set(record.name, queue);
    return queue;
  };

  /** Those who wait keep their place. */
  const readopt = (queue: LiveQueue, record: QueueRecord): LiveQueue => {
    queue.record = record;
    queue.settings = settingsOf(record.attributes);
    orphans.delete(record.name);
    live.set(record.name, queue);
    return queue;
  };

  const endOrphans = () => {
    for (const queue of orphans.values()) queue.room.end(queueDoesNotExist());
    orphans.clear();
  };

  const liveOf = (queue: Queue): LiveQueue => {
    const found = live.get(queue.name);
    if (found?.record.id !== queue.record.id) throw queueDoesNotExist();
    return found;
  };

  const deadLetterOf = (queue: LiveQueue): DeadLetter | undefined => {
    const { redrive } = queue.settings;
    const target = redrive && live.get(redrive.queueName);
    return (
      target && { target: target.record, sourceArn: queue.arn, maxReceiveCount: redrive.maxReceiveCount }
    );
  };

  const attempt = (queue: LiveQueue, { max, visibilityMs, fits, waitMs }: ReceiveOptions) => {
    const room = inFlight.room(queue.record, now());
    if (room <= 0) {
      // Who waits gets nothing, as from a FIFO queue.
      if (waitMs > 0 || queue.settings.fifo) return [];
      throw overLimit(maxInFlight);
    }
    const { received, moved } = take(store, ids, queue.record, queue.settings, deadLetterOf(queue), {
      now: now(),
      max: Math.min(max, room),
      visibilityMs: visibilityMs ?? queue.settings.visibilityMs,
      ...(fits && { fits }),
      ...(faults && { faults }),
    });
    inFlight.received(queue.record, received.length);
    const target = moved ? queue.settings.redrive?.queueName : undefined;
    if (target !== undefined) queueMicrotask(() => live.get(target)?.room.wake());
    return received;
  };

  const stillHeld = (queue: Queue, { seq, flight }: Received): StoredMessage | undefined => {
    const stored = store.get(queue.record, seq);
    return stored?.flight?.receipt === flight.receipt ? stored : undefined;
  };

  /** A simulator is told of each message that goes with all others of its queue. */
  const tellCleared = (queue: Queue, upTo: number) => {
    if (!faults) return;
    for (const seq of [...store.numbers(queue.record)]) {
      const stored = seq <= upTo ? store.get(queue.record, seq) : undefined;
      if (stored) faults.removed(queuedMessage(queue.name, stored), 'deleted');
    }
  };

  for (const record of store.all()) open(record);

  return {
    store,
    faults,
    now,
    find: (name) => live.get(name),
    get(name) {
      const queue = live.get(name);
      if (!queue) throw queueDoesNotExist();
      return queue;
    },
    all: () => [...live.values()],

    create(name, attributes, tags, declared) {
      const at = now();
      const id = store.nextQueueId();
      const record: QueueRecord = {
        ...{ id, name, attributes, tags, createdAt: at, modifiedAt: at },
        ...(declared !== undefined && { declared }),
      };
      store.save(record);
      const queue = open(record);
      for (const listener of listeners) listener(name);
      return queue;
    },

    change(queue, change) {
      const target = liveOf(queue);
      target.record = { ...target.record, ...change, modifiedAt: now() };
      target.settings = settingsOf(target.record.attributes);
      store.save(target.record);
      target.room.wake();
    },

    async remove(queue) {
      const target = liveOf(queue);
      live.delete(queue.name);
      store.forget(target.record);
      target.room.end(queueDoesNotExist());
      tellCleared(target, Number.MAX_SAFE_INTEGER);
      await store.clear(target.record, Number.MAX_SAFE_INTEGER - 1);
    },

    wake: (queue) => live.get(queue.name)?.room.wake(),

    receive(queue, receiveOptions) {
      const target = liveOf(queue);
      const { waitMs, signal } = receiveOptions;
      return target.room.wait(() => attempt(target, receiveOptions), waitMs, signal);
    },

    setVisibility(queue, stored, visibilityMs) {
      if (!stored.flight) return;
      store.setFlight(queue.record, stored, { ...stored.flight, visibleAt: now() + visibilityMs });
      liveOf(queue).room.wake();
    },

    deleteReceived(queue, received) {
      const stored = stillHeld(queue, received);
      // A FIFO queue refuses a receipt handle whose time is over.
      if (queue.settings.fifo && (stored?.flight?.visibleAt ?? 0) <= now()) return;
      if (!stored) return;
      store.remove(queue.record, stored);
      faults?.removed(queuedMessage(queue.name, stored), 'handled');
    },

    uncount(queue, received) {
      const stored = stillHeld(queue, received);
      if (!stored?.flight) return;
      const receiveCount = Math.max(0, stored.flight.receiveCount - 1);
      store.setFlight(queue.record, stored, { ...stored.flight, receiveCount });
      faults?.uncounted(queuedMessage(queue.name, stored));
    },

    holds: (queue, received) => stillHeld(queue, received) !== undefined,
    get reloads() {
      return reloads;
    },

    delete(queue, seq) {
      const stored = store.get(queue.record, seq);
      if (!stored) return;
      const isFull = inFlight.isFull(queue.record);
      store.remove(queue.record, stored);
      faults?.removed(queuedMessage(queue.name, stored), 'deleted');
      // In a FIFO queue the message behind it may be next.
      if (queue.settings.fifo || isFull) live.get(queue.name)?.room.wake();
    },

    purge(queue) {
      const last = store.nextSeq(now());
      tellCleared(queue, last);
      // What was sent before is not a first use any more.
      store.write(() => store.deduplication.forgetAll(queue.record.id));
      return store.clear(queue.record, last);
    },

    expire(queue) {
      const before = now() - queue.settings.retentionMs;
      store.write(() => {
        for (let old = store.oldest(queue.record); old; old = store.oldest(queue.record)) {
          if (old.message.sentAt > before) return;
          store.remove(queue.record, old);
          faults?.removed(queuedMessage(queue.name, old), 'expired');
        }
      });
    },

    onCreated: (listener) => void listeners.push(listener),

    reload() {
      reloads++;
      store.reload();
      for (const [name, queue] of live) orphans.set(name, queue);
      live.clear();
      for (const record of store.all()) open(record);
      for (const queue of live.values()) queue.room.wake();
      setImmediate(endOrphans);
    },

    close() {
      for (const queue of live.values()) queue.room.end(new Error('the session is closing'));
    },
  };
}
