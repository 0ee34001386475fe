/** What the streams of tables offer: the records of the last day in order, and a call when there are more. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { TraceContext } from '../../../src/model/invocation.ts';

/** One change of one item, as GetRecords and the event of a function show it. */
export interface StreamRecord {
  /** 1, 2, 3, … within the stream, never used twice; the service's SequenceNumber is made of it. */
  readonly sequence: number;
  /** Epoch ms by the product's clock. */
  readonly at: number;
  /**
   * The record in the API's form: eventID, eventName, eventVersion, eventSource, awsRegion, dynamodb, userIdentity.
   * The event of a function has eventSourceARN besides, and spells userIdentity `{ type, principalId }`, not `{ Type, PrincipalId }`.
   */
  readonly record: JsonObject;
  /** The span whose call made the change; absent when the service did (expiry). */
  readonly origin?: TraceContext;
}

export interface StreamLog {
  /** ARN of the stream a table has now; undefined when it has none, or there is no such table. */
  streamOf(tableName: string): string | undefined;
  /**
   * Up to `limit` records with a sequence above `after`, oldest first. Empty for a stream that is gone.
   * With `maxBytes` no more than their SizeBytes allow together, though always one.
   */
  read(streamArn: string, after: number, limit: number, maxBytes?: number): readonly StreamRecord[];
  /** Sequence of the newest record; 0 when there was none yet. */
  newest(streamArn: string): number;
  /** Called after records were committed. Returns the way to stop it. */
  onAppend(listener: (streamArn: string) => void): () => void;
}
