/** The records of a batch, as pipes hand them on. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import type { TraceContext } from '../../src/model/invocation.ts';
import { isObject } from '../../src/model/json.ts';
import { parseTraceHeader } from '../../src/std/trace-header.ts';

/** `event`: `{"Records":[…]}`, as a function gets it. A stream's record has its data at the top, unlike that of a function. */
export function recordsOf(event: string): readonly JsonObject[] {
  const { Records: records } = JSON.parse(event) as { Records?: JsonValue };
  if (!Array.isArray(records)) return [];
  return records.filter(isObject).map((record) => {
    const { kinesis, ...others } = record;
    return isObject(kinesis) ? { ...kinesis, ...others } : record;
  });
}

/** What names a record in a list of failures: a message's id, a stream record's sequence number. */
export function idOf(record: JsonObject): string {
  const { dynamodb, messageId, sequenceNumber } = record;
  const change = isObject(dynamodb) ? dynamodb.SequenceNumber : undefined;
  return [messageId, change, sequenceNumber].find((id) => typeof id === 'string') as string;
}

/** A message carries the trace it comes of. */
export function originOf(record: JsonObject): TraceContext | undefined {
  const { attributes } = record;
  const header = isObject(attributes) ? attributes.AWSTraceHeader : undefined;
  return typeof header === 'string' ? parseTraceHeader(header) : undefined;
}
