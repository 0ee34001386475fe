/** A pipe that follows a table: an event source mapping whose function is the pipe. */
import type { EmulatorContext, Following, FollowRequest } from '../../../src/model/emulator.ts';
import type { TableStreamTrigger } from '../../../src/model/project.ts';
import { parseStreamArn } from '../streams/stream.ts';
import type { Streams } from '../streams/streams.ts';
import { makeMappings } from './mappings.ts';

/** Undefined for an ARN that is no table's stream. */
export function followTable(
  streams: Streams,
  context: EmulatorContext,
  request: FollowRequest,
): Following | undefined {
  if (!parseStreamArn(request.sourceArn)) return undefined;
  const mappings = makeMappings(streams, { ...context, deliver: request.consume, send: request.send });
  mappings.apply([triggerOf(request)]);
  return {
    abandon() {
      mappings.reload();
      void mappings.close(0);
    },
    close: (graceMs) => mappings.close(graceMs),
  };
}

function triggerOf(request: FollowRequest): TableStreamTrigger {
  const { maximumRetryAttempts, maximumRecordAgeMs, onFailureArn, filterPatterns } = request;
  return {
    kind: 'table-stream',
    functionId: request.name,
    mappingId: request.id,
    streamArn: request.sourceArn,
    batchSize: request.batchSize,
    batchWindowMs: request.batchWindowMs,
    startingPosition: request.startingPosition === 'TRIM_HORIZON' ? 'TRIM_HORIZON' : 'LATEST',
    parallelizationFactor: request.parallelizationFactor ?? 1,
    bisectBatchOnFunctionError: request.bisects ?? false,
    reportBatchItemFailures: true,
    enabled: true,
    ...(maximumRetryAttempts !== undefined && { maximumRetryAttempts }),
    ...(maximumRecordAgeMs !== undefined && { maximumRecordAgeMs }),
    ...(onFailureArn !== undefined && { onFailureArn }),
    ...(filterPatterns && { filterPatterns }),
  };
}
