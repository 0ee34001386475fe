/** What an on-failure destination is told of records that were given up: where they are, never what is in them. */
import type { Invoked } from '../../../src/model/invocation.ts';
import { shardIdOf } from '../streams/stream.ts';
import type { Batch } from './collect.ts';
import type { Part } from './settle.ts';

export type GivenUpCondition = 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';

export interface GivenUp {
  readonly condition: GivenUpCondition;
  readonly part: Part;
  readonly batch: Pick<Batch, 'stream' | 'streamArn'>;
  readonly functionArn: string;
  /** How the last run with these records ended; absent when there was none. */
  readonly invoked?: Invoked;
  readonly requestId: string;
  /** Epoch ms. */
  readonly now: number;
}

/** JSON text. Source: Lambda Developer Guide, "Retain discarded records for a DynamoDB event source". */
export function failureRecord({
  condition,
  part,
  batch,
  functionArn,
  invoked,
  requestId,
  now,
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
    DDBStreamBatchInfo: {
      shardId: shardIdOf(batch.stream),
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: secondsText(first?.at ?? now),
      approximateArrivalOfLastRecord: secondsText(last?.at ?? now),
      batchSize: entries.length,
      streamArn: batch.streamArn,
    },
  });
}

/** `2019-11-14T00:38:04Z`. */
function secondsText(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
