/** Lowers what a `sls-local.config` says of a function's asynchronous events. */
import type { AsyncEventSettings } from '../../model/project.ts';
import { asyncEventsOf } from '../async-events.ts';
import type { AsyncDestinationConfig, AsyncEventsConfig } from './config.ts';
import { ms } from './resources.ts';

export interface AsyncNames {
  /** ARN of a declared queue, named at that key; reports and gives undefined where there is none. */
  queueArn(key: string, at: readonly string[]): string | undefined;
  topicArn(key: string, at: readonly string[]): string | undefined;
  functionArn(key: string, at: readonly string[]): string | undefined;
  /** Name of a declared bucket. */
  bucketName(key: string, at: readonly string[]): string | undefined;
}

export function lowerAsyncEvents(
  config: AsyncEventsConfig | undefined,
  names: AsyncNames,
): AsyncEventSettings | undefined {
  if (!config) return undefined;
  const { onSuccess, onFailure, deadLetterQueue } = config;
  return asyncEventsOf({
    maximumRetryAttempts: config.maximumRetryAttempts,
    maximumEventAgeMs: ms(config.maximumEventAgeMs, config.maximumEventAge),
    onSuccessArn: onSuccess && destinationArn(onSuccess, 'onSuccess', names),
    onFailureArn: onFailure && destinationArn(onFailure, 'onFailure', names),
    deadLetterArn: deadLetterQueue && names.queueArn(deadLetterQueue, ['async', 'deadLetterQueue']),
  });
}

function destinationArn(
  destination: AsyncDestinationConfig | { readonly bucket: string },
  key: string,
  names: AsyncNames,
): string | undefined {
  const at = ['async', key];
  if (typeof destination === 'string') return names.queueArn(destination, at);
  if ('queue' in destination) return names.queueArn(destination.queue, [...at, 'queue']);
  if ('bucket' in destination) return bucketArn(names.bucketName(destination.bucket, [...at, 'bucket']));
  return 'topic' in destination
    ? names.topicArn(destination.topic, [...at, 'topic'])
    : names.functionArn(destination.function, [...at, 'function']);
}

export function bucketArn(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `arn:aws:s3:::${name}`;
}
