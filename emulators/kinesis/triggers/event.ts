/** A record as functions and filters see it. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import type { StreamRecord } from '../record.ts';

export interface Told {
  readonly record: StreamRecord;
  readonly sequenceNumber: string;
  readonly shardId: string;
  readonly streamArn: string;
  readonly region: string;
  readonly roleArn: string;
}

/** Source: Lambda Developer Guide, "Using Lambda to process records from Amazon Kinesis Data Streams". */
export function recordInEvent(told: Told): JsonObject {
  return {
    kinesis: { ...metadata(told), data: told.record.data.toString('base64') },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${told.shardId}:${told.sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: told.roleArn,
    awsRegion: told.region,
    eventSourceARN: told.streamArn,
  };
}

/** Patterns are about `data`, decoded: as JSON where it is JSON, else as text. */
export function recordInFilter(told: Told): JsonObject {
  return { ...metadata(told), data: decoded(told.record.data) };
}

function metadata({ record, sequenceNumber }: Told): JsonObject {
  return {
    kinesisSchemaVersion: '1.0',
    partitionKey: record.partitionKey,
    sequenceNumber,
    approximateArrivalTimestamp: record.at / 1000,
  };
}

function decoded(data: Buffer): JsonValue {
  const text = data.toString();
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
