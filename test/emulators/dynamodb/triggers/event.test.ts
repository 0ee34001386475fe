import type { DynamoDBStreamEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { makeStreamEvent } from '../../../../emulators/_streams/invoke.ts';
import type { StreamRecord } from '../../../../emulators/dynamodb/streams/stream-log.ts';
import { recordInEvent } from '../../../../emulators/dynamodb/triggers/event.ts';

const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-11-20T10:00:00.000';

const eventOf = (...records: StreamRecord[]) =>
  makeStreamEvent(records.map((record) => ({ text: JSON.stringify(recordInEvent(record, arn)) })));

test('an event has every member the service gives it, spelled as there', () => {
  const modified: StreamRecord = {
    sequence: 12,
    at: 1_795_168_800_123,
    record: {
      eventID: '7de3041dd709b024af6f29e4fa13d34c',
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: 1_795_168_800,
        Keys: { id: { S: 'a' } },
        NewImage: { id: { S: 'a' }, n: { N: '2' }, raw: { B: 'AQI=' }, tags: { SS: ['x'] } },
        OldImage: { id: { S: 'a' }, n: { N: '1' } },
        SequenceNumber: '100000000000000012000',
        SizeBytes: 21,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    },
  };
  const expired: StreamRecord = {
    sequence: 13,
    at: 1_795_168_801_000,
    record: {
      eventID: '9d1c2dc0d4f7c7a3f4a5b1a6ac6b3a0e',
      eventName: 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: 1_795_168_801,
        Keys: { id: { S: 'b' } },
        SequenceNumber: '100000000000000013000',
        SizeBytes: 3,
        StreamViewType: 'KEYS_ONLY',
      },
      userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
    },
  };
  // The type is that of the functions' own authors: what they compile against is what they get.
  const golden: DynamoDBStreamEvent = {
    Records: [
      {
        eventID: '7de3041dd709b024af6f29e4fa13d34c',
        eventName: 'MODIFY',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'us-east-1',
        dynamodb: {
          ApproximateCreationDateTime: 1_795_168_800,
          Keys: { id: { S: 'a' } },
          NewImage: { id: { S: 'a' }, n: { N: '2' }, raw: { B: 'AQI=' }, tags: { SS: ['x'] } },
          OldImage: { id: { S: 'a' }, n: { N: '1' } },
          SequenceNumber: '100000000000000012000',
          SizeBytes: 21,
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
        eventSourceARN: arn,
      },
      {
        eventID: '9d1c2dc0d4f7c7a3f4a5b1a6ac6b3a0e',
        eventName: 'REMOVE',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'us-east-1',
        dynamodb: {
          ApproximateCreationDateTime: 1_795_168_801,
          Keys: { id: { S: 'b' } },
          SequenceNumber: '100000000000000013000',
          SizeBytes: 3,
          StreamViewType: 'KEYS_ONLY',
        },
        userIdentity: { principalId: 'dynamodb.amazonaws.com', type: 'Service' },
        eventSourceARN: arn,
      },
    ],
  };
  expect(eventOf(modified, expired)).toBe(JSON.stringify(golden));
});
