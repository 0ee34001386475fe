/** The event a function gets for a batch of a table's changes. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { TraceContext } from '../../../src/model/invocation.ts';
import { sequenceNumber } from '../streams/sequence-number.ts';
import type { StreamRecord } from '../streams/stream-log.ts';

/** One record on its way to a function. */
export interface Entry {
  readonly sequence: number;
  /** The service's own number, by which a function names the record. */
  readonly sequenceNumber: string;
  /** Epoch ms of the change. */
  readonly at: number;
  /** The record in the event, as JSON text: made once, whatever becomes of its batch. */
  readonly text: string;
  /** The span whose call made the change. */
  readonly origin?: TraceContext;
}

/** As functions and filters see it: with the stream's ARN, and the names in `userIdentity` in lower case. */
export function recordInEvent({ record }: StreamRecord, streamArn: string): JsonObject {
  const { userIdentity, ...others } = record;
  return {
    ...others,
    ...(userIdentity !== undefined && { userIdentity: lowerNames(userIdentity as JsonObject) }),
    eventSourceARN: streamArn,
  };
}

export function makeEntry(record: StreamRecord, inEvent: JsonObject): Entry {
  const { sequence, at, origin } = record;
  return {
    sequence,
    sequenceNumber: sequenceNumber(sequence),
    at,
    text: JSON.stringify(inEvent),
    ...(origin && { origin }),
  };
}

/** JSON text. */
export function makeStreamEvent(entries: readonly Entry[]): string {
  return `{"Records":[${entries.map(({ text }) => text).join(',')}]}`;
}

/** API: `{ PrincipalId, Type }`; event: `{ principalId, type }`. */
function lowerNames(identity: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(identity).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}
