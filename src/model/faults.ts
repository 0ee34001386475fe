/** Where a simulator may interfere with a session, and what it is told. A session without one asks nothing and pays nothing. */
import type { TraceContext } from './invocation.ts';
import type { JsonObject } from './json.ts';

/** A message in a queue; two copies of one message have the same id and different numbers. */
export interface QueuedMessage {
  readonly queue: string;
  /** Unique in its queue; greater than that of all stored before. */
  readonly seq: number;
  readonly id: string;
  readonly groupId?: string | undefined;
  readonly origin?: TraceContext | undefined;
}

/** What is to happen to a message that is stored. */
export interface SendFault {
  /** So much later than it should be visible, in ms. */
  readonly delayMs?: number;
  /** A second copy becomes visible so much later, in ms. */
  readonly copyAfterMs?: number;
}

export interface QueueFaults {
  /** Asked before a message is stored. FIFO queues keep their order and deliver once: nothing is asked of theirs. */
  sending(queue: string, origin: TraceContext | undefined): SendFault | undefined;
  /** Asked when a message is received: ms after which it is visible again, in place of the visibility timeout. */
  visibilityMs(message: QueuedMessage): number | undefined;
  stored(message: QueuedMessage): void;
  /** `maxReceiveCount` of the queue's redrive policy, where it has one. */
  received(message: QueuedMessage, receiptHandle: string, maxReceiveCount: number | undefined): void;
  /** A receive does not count, because nobody saw the message. */
  uncounted(message: QueuedMessage): void;
  /**
   * `handled`: deleted after the function had it, or because a filter turned it away. `deleted`: by the API.
   * `dead-letter`: it is in the dead-letter queue instead. `expired`: it was older than the queue keeps messages.
   */
  removed(message: QueuedMessage, why: 'handled' | 'deleted' | 'dead-letter' | 'expired'): void;
}

/** A stream as its followers name it: of a table, or of Kinesis. */
export interface StreamName {
  readonly kind: 'table-stream' | 'stream';
  /** Of the table or the stream. */
  readonly name: string;
}

/** A record of a stream that is stored. */
export interface StreamedRecord {
  readonly of: StreamName;
  /** Unique in its shard, and greater than those of all stored before in it. */
  readonly sequenceNumber: string;
  /** Empty for tables, whose changes are in one order. */
  readonly shardId: string;
  /** Partition key; of a change, the item's key as JSON text. */
  readonly key: string;
  readonly origin?: TraceContext | undefined;
}

/** Records that are not for a follower, or not any more. */
export interface PassedRecords {
  readonly of: StreamName;
  /** Id of the function, or what a pipe is called. */
  readonly follower: string;
  readonly sequenceNumbers: readonly string[];
  readonly shardId: string;
}

export interface GivenUpRecords extends PassedRecords {
  readonly condition: 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';
  /** A destination has a record of it; false = it was not there, undefined = there is none. */
  readonly told: boolean | undefined;
}

export interface StreamFaults {
  stored(record: StreamedRecord): void;
  /** A filter turned a record away. */
  filtered(records: PassedRecords): void;
  /** They are not tried again. */
  givenUp(records: GivenUpRecords): void;
}

/** An event on its way from a rule of an event bus to one of its targets. */
export interface RoutedEvent {
  readonly bus: string;
  readonly rule: string;
  readonly targetId: string;
  readonly eventId: string;
  readonly origin?: TraceContext | undefined;
  /** The target is called over HTTP and answers: an API destination, a REST API. */
  readonly isCalled?: boolean;
}

/** What is to happen on that way. */
export interface RouteFault {
  readonly delayMs?: number;
  /** So many tries fail, and are repeated as the target's policy says. */
  readonly failures?: number;
  /** Of the tries after those, so many reach a target that is called, and its answer is lost. */
  readonly lost?: number;
  /** The target is told a second time, so much later. */
  readonly copyAfterMs?: number;
}

export interface BusFaults {
  /** An event is on a bus, and its rules are about to see it. */
  reached(bus: string, eventId: string, event: JsonObject, origin: TraceContext | undefined): void;
  /** Asked once for each target, before it is told. */
  routing(event: RoutedEvent): RouteFault | undefined;
  /** `lost`: it was, and will be told again, because its answer was lost. */
  delivered(event: RoutedEvent, answer?: 'lost'): void;
  /** `retries`: tries after the first one. `told`: as of streams. */
  givenUp(
    event: RoutedEvent,
    why: { readonly reason: string; readonly retries: number; readonly told: boolean | undefined },
  ): void;
}

/** A call a function makes to a service. */
export interface FaultyCall {
  readonly service: string;
  readonly operation: string;
  /** Span of the invocation that makes it; absent = somebody else. */
  readonly callerSpanId: string | undefined;
}

/** How a call goes wrong: the service's answer, and whether what was asked is done all the same. */
export interface CallFault {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly isDone: boolean;
}

/** An asynchronous event that came to its end without being handled. */
export interface GivenUpEvent {
  readonly functionId: string;
  readonly requestId: string;
  readonly reason: string;
  /** Who has a record of it; empty = it is lost. */
  readonly told: readonly string[];
}

/** What the emulated services ask and tell. */
export interface ServiceFaults {
  readonly queues: QueueFaults;
  readonly streams: StreamFaults;
  readonly buses: BusFaults;
}

/** What the queue of asynchronous events tells. */
export interface AsyncFaults {
  /** Told of each asynchronous event that is stored to be run. */
  enqueued(functionId: string, requestId: string, origin: TraceContext | undefined): void;
  /** Told of each asynchronous event that is not tried again. */
  givenUp(event: GivenUpEvent): void;
}
