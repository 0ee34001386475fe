/** What the ways to write a stream trigger have in common: its limits, and which of its settings are emulated. */

import { isBucketArn } from '../model/failure-object.ts';

/** Source: Lambda API reference, CreateEventSourceMapping. `-1` stands for no limit. */
export const streamLimits = {
  batchSize: { min: 1, max: 10_000 },
  batchWindowSeconds: { min: 0, max: 300 },
  parallelizationFactor: { min: 1, max: 10 },
  retryAttempts: { min: -1, max: 10_000 },
  recordAgeSeconds: { min: -1, max: 604_800 },
  tumblingWindowSeconds: { min: 0, max: 900 },
} as const;

/** The table a stream's ARN names; undefined for anything else. */
export function tableOfStream(arn: string): string | undefined {
  return /^arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/([^/]+)\/stream\/[^/]+$/.exec(arn)?.[1];
}

/** The Kinesis stream an ARN names, its own or that of a consumer; undefined for anything else. */
export function streamOfArn(arn: string): string | undefined {
  return /^arn:[^:]+:kinesis:[^:]*:[^:]*:stream\/([^/]+)(?:\/consumer\/.+)?$/.exec(arn)?.[1];
}

/** Epoch ms of what is written as epoch seconds. */
export function startingTimestamp(seconds: number | undefined): { readonly startingTimestampMs?: number } {
  return seconds === undefined ? {} : { startingTimestampMs: Math.round(seconds * 1000) };
}

/** A limit as it is written, where -1 and nothing mean that there is none. */
export function limited(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}

/** The cloud takes no age below a minute. */
export function isRecordAge(seconds: number): boolean {
  return seconds === -1 || seconds >= 60;
}

/** Why this destination is told nothing; undefined for one that is. */
export function destinationFlaw(arn: string): string | undefined {
  if (isBucketArn(arn)) return undefined;
  const service = /^arn:[^:]+:(sqs|sns):/.exec(arn)?.[1];
  if (service === undefined)
    return 'only queues, topics and buckets are told of records that were given up; this destination is not emulated';
  return arn.endsWith('.fifo')
    ? `the cloud takes no FIFO ${service === 'sqs' ? 'queue' : 'topic'} for records that were given up`
    : undefined;
}
