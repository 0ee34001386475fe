/** What the engine needs of a stream: its strands, their records one by one, and how they are told of. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { StreamName } from '../../src/model/faults.ts';
import type { Cause, TraceContext } from '../../src/model/invocation.ts';

/** What lies between two records; plain data that is stored. `P` is the source's own. */
export type Place = object;

/** One record as it comes out of a strand. */
export interface Upcoming<P extends Place> {
  /** Behind the record. */
  readonly position: P;
  /** The service's number, by which a function names it. */
  readonly sequenceNumber: string;
  /** Epoch ms it came. */
  readonly at: number;
  /** The shard it is in, as the service names it. */
  readonly shardId: string;
  readonly streamArn: string;
  /** Records of one key stay in order. */
  key(): string;
  /** As the function sees it. */
  inEvent(): JsonObject;
  /** As filters see it. */
  inFilter(): JsonObject;
  /** The span whose call made it. */
  readonly origin?: TraceContext;
}

export interface Feed<P extends Place> {
  /** Behind what was taken. */
  readonly position: P;
  /** The next record; undefined when there is none yet. */
  peek(): Upcoming<P> | undefined;
  /** Goes on behind what `peek` showed. */
  take(): void;
  /** All was taken and nothing will come any more. */
  ended(): boolean;
}

/** Records that stand in one order: a shard, or all there ever was of a table. */
export interface Strand {
  /** Names it among all strands of all sources of the service; stored. */
  readonly id: string;
  /** Those that come before it. */
  readonly after: readonly string[];
}

export interface Source<P extends Place> {
  readonly kind: StreamName['kind'];
  /** Of the table or the stream. */
  readonly name: string;
  /** The member of a failure record: `DDBStreamBatchInfo`. */
  readonly batchInfo: string;
  /** Epoch ms; what came at this time or before is gone. */
  expiredAt(now: number): number;
  strands(): readonly Strand[];
  /** Where a function begins; `isNew`: it has not followed the stream before, so that its starting position counts. */
  first(strandId: string, isNew: boolean): P;
  open(strandId: string, from: P): Feed<P>;
  earlier(a: P, b: P): P;
  isSame(a: P, b: P): boolean;
  cause(records: number, from: string): Cause;
  /** The shard a place is in, as the service names it. */
  originOf(position: P, strandId: string): { readonly shardId: string; readonly streamArn: string };
}

/** One record on its way to a function. */
export interface Entry<P extends Place = Place> {
  readonly position: P;
  readonly sequenceNumber: string;
  /** Epoch ms. */
  readonly at: number;
  /** The record in the event, as JSON text: made once, whatever becomes of its batch. */
  readonly text: string;
  readonly origin?: TraceContext;
}

export function makeEntry<P extends Place>(record: Upcoming<P>): Entry<P> {
  const { position, sequenceNumber, at, origin } = record;
  return { position, sequenceNumber, at, text: JSON.stringify(record.inEvent()), ...(origin && { origin }) };
}
