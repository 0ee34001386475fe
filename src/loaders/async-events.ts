/** What the ways to write a function's settings for asynchronous events have in common. */
import { isBucketArn } from '../model/failure-object.ts';
import type { AsyncEventSettings } from '../model/project.ts';

/** Source: Lambda API reference, PutFunctionEventInvokeConfig. */
export const asyncLimits = {
  retryAttempts: { min: 0, max: 2 },
  eventAgeSeconds: { min: 60, max: 21_600 },
} as const;

/** Why this destination is told nothing; undefined for one that is. */
export function destinationFlaw(arn: string, of: 'success' | 'failure'): string | undefined {
  if (isBucketArn(arn))
    return of === 'failure' ? undefined : 'the cloud tells buckets of failures alone, not of successes';
  if (/^arn:[^:]+:(lambda:[^:]*:[^:]*:function:|events:[^:]*:[^:]*:event-bus\/)/.test(arn)) return undefined;
  return arnFlaw(
    arn,
    'queues, topics, buckets, functions and event buses are told of asynchronous events; this destination is not emulated',
  );
}

/** Why this place gets no dead letters; undefined for one that does. */
export function deadLetterFlaw(arn: string): string | undefined {
  return arnFlaw(
    arn,
    'only queues and topics get events that were given up; this dead-letter target is not emulated',
  );
}

function arnFlaw(arn: string, other: string): string | undefined {
  const service = /^arn:[^:]+:(sqs|sns):/.exec(arn)?.[1];
  if (service === undefined) return other;
  return arn.endsWith('.fifo')
    ? `the cloud takes no FIFO ${service === 'sqs' ? 'queue' : 'topic'} here`
    : undefined;
}

/** Without what is not set; undefined when nothing is. */
export function asyncEventsOf(
  settings: { readonly [K in keyof AsyncEventSettings]: AsyncEventSettings[K] | undefined },
): AsyncEventSettings | undefined {
  const set = Object.entries(settings).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : (Object.fromEntries(set) as AsyncEventSettings);
}
