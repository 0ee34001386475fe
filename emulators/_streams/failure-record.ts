/** What an on-failure destination is told of records that were given up: where they are, and for buckets what is in them. */
import type { Invoked } from '../../src/model/invocation.ts';
import type { Batch } from './collect.ts';
import type { Part } from './settle.ts';
import type { Place } from './source.ts';
import { secondsText } from './window.ts';

export type GivenUpCondition = 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';

export interface GivenUp {
  readonly condition: GivenUpCondition;
  readonly part: Part;
  readonly batch: Pick<Batch<Place>, 'shardId' | 'streamArn'>;
  /** `DDBStreamBatchInfo`, `KinesisBatchInfo`. */
  readonly batchInfo: string;
  readonly functionArn: string;
  /** How the last run with these records ended; absent when there was none. */
  readonly invoked?: Invoked;
  readonly requestId: string;
  /** Epoch ms. */
  readonly now: number;
  /** The whole event, for buckets alone. */
  readonly payload?: string;
}

/** JSON text. Source: Lambda Developer Guide, "Retain discarded records" of DynamoDB and of Kinesis event sources. */
export function failureRecord({
  condition,
  part,
  batch,
  batchInfo,
  functionArn,
  invoked,
  requestId,
  now,
  payload,
}: GivenUp): string {
  const { entries, invocations } = part;
  const first = entries[0];
  const last = entries.at(-1);
  return JSON.stringify({
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: invocations },
    ...(invoked && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(invoked.outcome.status !== 'ok' && { functionError: 'Unhandled' }),
      },
    }),
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    [batchInfo]: {
      shardId: batch.shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: secondsText(first?.at ?? now),
      approximateArrivalOfLastRecord: secondsText(last?.at ?? now),
      batchSize: entries.length,
      streamArn: batch.streamArn,
    },
    ...(payload !== undefined && { payload }),
  });
}
