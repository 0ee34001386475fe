/** A pipe that follows a stream: an event source mapping whose function is the pipe. */
import type { EmulatorContext, Following, FollowRequest } from '../../src/model/emulator.ts';
import type { StreamDelivery } from '../../src/model/project.ts';
import type { Mappings } from './mappings.ts';

/** `make`: the mappings of the service the stream is of. */
export function followFor<T extends StreamDelivery>(
  make: (context: EmulatorContext) => Mappings<T>,
  context: EmulatorContext,
  { consume, send }: FollowRequest,
  trigger: T,
): Following {
  const mappings = make({ ...context, deliver: consume, send });
  mappings.apply([trigger]);
  return {
    abandon() {
      mappings.reload();
      void mappings.close(0);
    },
    close: (graceMs) => mappings.close(graceMs),
  };
}

/** What the pipe asks for, in a mapping's words. */
export function deliveryOf(request: FollowRequest): StreamDelivery {
  const { maximumRetryAttempts, maximumRecordAgeMs, onFailureArn, filterPatterns } = request;
  return {
    functionId: request.name,
    mappingId: request.id,
    streamArn: request.sourceArn,
    batchSize: request.batchSize,
    batchWindowMs: request.batchWindowMs,
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
