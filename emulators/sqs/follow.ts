/** A pipe that follows a queue: an event source mapping whose function is the pipe. */
import type { EmulatorContext, Following, FollowRequest } from '../../src/model/emulator.ts';
import { makeMappings } from './mappings.ts';
import { nameOfArn } from './queue-names.ts';
import type { Queues } from './queues.ts';

/** Undefined for an ARN that is no queue's. */
export function followQueue(
  queues: Queues,
  context: EmulatorContext,
  { sourceArn, name, batchSize, batchWindowMs, filterPatterns, consume }: FollowRequest,
): Following | undefined {
  if (nameOfArn(sourceArn) === undefined) return undefined;
  const mappings = makeMappings(queues, { ...context, deliver: consume });
  mappings.apply([
    {
      ...{ kind: 'queue', functionId: name, queueArn: sourceArn, batchSize, batchWindowMs },
      reportBatchItemFailures: true,
      enabled: true,
      ...(filterPatterns && { filterPatterns }),
    },
  ]);
  return {
    abandon: () => void mappings.close(0),
    close: (graceMs) => mappings.close(graceMs),
  };
}
