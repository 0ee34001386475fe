/** Who follows queues and streams, functions and pipes alike, and what was said of their failures. */
import type { FollowRequest } from '../model/emulator.ts';
import type { Trigger } from '../model/project.ts';

export interface Follower {
  /** Of the function, or what the pipe is called. */
  readonly id: string;
  readonly source: {
    readonly kind: 'queue' | 'table-stream' | 'stream';
    /** Of the queue, table or stream. */
    readonly name: string;
  };
  readonly reportsItems: boolean;
  /** Of streams, like everything below; absent = until the records expire. */
  readonly maximumRetryAttempts?: number | undefined;
  readonly maximumRecordAgeMs?: number | undefined;
  readonly onFailureArn?: string | undefined;
  /** A failed batch is tried again in halves, which counts as no try. */
  readonly bisects: boolean;
  /** Batches of a shard at once. */
  readonly lanes: number;
  /** It gets all that is stored from now on. */
  readonly isPresent: boolean;
}

/** Empty for what follows nothing. */
export function followersOf(triggers: readonly Trigger[]): readonly Follower[] {
  return triggers.flatMap((trigger) => followerOf(trigger) ?? []);
}

function followerOf(trigger: Trigger): Follower | undefined {
  if (trigger.kind !== 'queue' && trigger.kind !== 'table-stream' && trigger.kind !== 'stream')
    return undefined;
  const source = sourceOf(trigger.kind === 'queue' ? trigger.queueArn : trigger.streamArn);
  if (!source || !trigger.enabled) return undefined;
  const shared = { id: trigger.functionId, source, reportsItems: trigger.reportBatchItemFailures };
  if (trigger.kind === 'queue') return { ...shared, bisects: false, lanes: 1, isPresent: true };
  return {
    ...shared,
    ...{ maximumRetryAttempts: trigger.maximumRetryAttempts, onFailureArn: trigger.onFailureArn },
    ...{ maximumRecordAgeMs: trigger.maximumRecordAgeMs, lanes: trigger.parallelizationFactor },
    bisects: trigger.bisectBatchOnFunctionError,
    isPresent: trigger.startingPosition !== 'AT_TIMESTAMP',
  };
}

/** Of a pipe. Undefined for a source nobody has an account of. */
export function pipeFollower(request: FollowRequest): Follower | undefined {
  const source = sourceOf(request.sourceArn);
  if (!source) return undefined;
  return {
    ...{ id: request.name, source, reportsItems: true, bisects: request.bisects ?? false },
    ...{ maximumRetryAttempts: request.maximumRetryAttempts, onFailureArn: request.onFailureArn },
    ...{ maximumRecordAgeMs: request.maximumRecordAgeMs, lanes: request.parallelizationFactor ?? 1 },
    isPresent: request.startingPosition !== 'AT_TIMESTAMP',
  };
}

function sourceOf(arn: string): Follower['source'] | undefined {
  const queue = /:sqs:[^:]*:[^:]*:([^:]+)$/.exec(arn)?.[1];
  if (queue !== undefined) return { kind: 'queue', name: queue };
  const table = /:table\/([^/]+)\//.exec(arn)?.[1];
  if (table !== undefined) return { kind: 'table-stream', name: table };
  const stream = /:stream\/([^/]+)/.exec(arn)?.[1];
  return stream === undefined ? undefined : { kind: 'stream', name: stream };
}
