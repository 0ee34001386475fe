/** One receive: takes visible messages into flight, drops expired ones, moves worn-out ones to the dead-letter queue. */
import type { QueueFaults } from '../../src/model/faults.ts';
import type { Ids } from '../../src/model/platform.ts';
import type { Settings } from './attributes.ts';
import { type Flight, type Message, queuedMessage, type Received } from './message.ts';
import { encodeReceipt } from './receipt.ts';
import type { QueueRecord, QueueStore, StoredMessage } from './store.ts';

export interface TakeOptions {
  /** Epoch ms, whole. */
  readonly now: number;
  readonly max: number;
  readonly visibilityMs: number;
  /** Asked before each message; false ends the receive before that message. */
  readonly fits?: (message: Message) => boolean;
  readonly faults?: QueueFaults;
}

export interface DeadLetter {
  readonly target: QueueRecord;
  /** ARN of the queue the messages come from. */
  readonly sourceArn: string;
  readonly maxReceiveCount: number;
}

export interface Taken {
  readonly received: readonly Received[];
  /** Some went to the dead-letter queue. */
  readonly moved: boolean;
}

export function take(
  store: QueueStore,
  ids: Ids,
  record: QueueRecord,
  settings: Settings,
  deadLetter: DeadLetter | undefined,
  options: TakeOptions,
): Taken {
  const { now, max, fits, faults } = options;
  const received: Received[] = [];
  let moved = false;

  /** True when it should look again, because dropped messages made room. */
  const takeSome = (): boolean => {
    let dropped = false;
    for (const stored of store.visible(record, now, max - received.length)) {
      if (stored.message.sentAt + settings.retentionMs <= now) {
        store.remove(record, stored);
        faults?.removed(queuedMessage(record.name, stored), 'expired');
        dropped = true;
      } else if (deadLetter && (stored.flight?.receiveCount ?? 0) >= deadLetter.maxReceiveCount) {
        moveToDeadLetter(store, record, stored, deadLetter, options);
        dropped = true;
        moved = true;
      } else if (fits && !fits(stored.message)) return false;
      else {
        const one = fly(store, ids, record, stored, options);
        received.push(one);
        faults?.received(queuedMessage(record.name, stored), one.receiptHandle, deadLetter?.maxReceiveCount);
      }
    }
    return dropped && received.length < max;
  };

  store.write(() => {
    while (takeSome());
  });
  return { received, moved };
}

function fly(
  store: QueueStore,
  ids: Ids,
  record: QueueRecord,
  stored: StoredMessage,
  { now, visibilityMs, faults }: TakeOptions,
): Received {
  const flight: Flight = {
    visibleAt: now + (faults?.visibilityMs(queuedMessage(record.name, stored)) ?? visibilityMs),
    receiveCount: (stored.flight?.receiveCount ?? 0) + 1,
    firstReceivedAt: stored.flight?.firstReceivedAt ?? now,
    receipt: ids.hex(12),
  };
  store.setFlight(record, stored, flight);
  const receiptHandle = encodeReceipt({ queueId: record.id, seq: stored.seq, nonce: flight.receipt });
  return { seq: stored.seq, message: stored.message, flight, receiptHandle };
}

/** The service keeps the message's id, send time and receive count when it moves it. */
function moveToDeadLetter(
  store: QueueStore,
  record: QueueRecord,
  stored: StoredMessage,
  { target, sourceArn }: DeadLetter,
  { now, faults }: TakeOptions,
): void {
  const moved = {
    seq: store.nextSeq(now),
    message: { ...stored.message, deadLetterSource: sourceArn },
    flight: {
      visibleAt: now,
      receiveCount: stored.flight?.receiveCount ?? 0,
      firstReceivedAt: stored.flight?.firstReceivedAt ?? now,
      receipt: '',
    },
  };
  store.append(target, moved);
  store.remove(record, stored);
  if (!faults) return;
  faults.removed(queuedMessage(record.name, stored), 'dead-letter');
  faults.stored(queuedMessage(target.name, moved));
}
