/** ListEventSourceMappings: the queue triggers of the project. */
import { createHash } from 'node:crypto';
import type { EmulatorContext, JsonObject, RestRoute } from '../../../src/model/emulator.ts';
import type { QueueTrigger } from '../../../src/model/project.ts';
import { findFunction, parseFunctionName } from '../function-name.ts';

export function makeListEventSourceMappings(
  context: EmulatorContext,
  triggers: () => readonly QueueTrigger[],
): RestRoute {
  return {
    operation: 'ListEventSourceMappings',
    method: 'GET',
    path: '/2015-03-31/event-source-mappings',
    handle({ query }) {
      const name = query.get('FunctionName');
      const fn = name === null ? undefined : findFunction(context, parseFunctionName(name, null));
      const source = query.get('EventSourceArn');
      const found = triggers().filter(
        (trigger) =>
          (!fn || trigger.functionId === fn.id) && (source === null || trigger.queueArn === source),
      );
      const mappings = found.map((trigger) => describeMapping(context, trigger));
      return { status: 200, body: JSON.stringify({ EventSourceMappings: mappings }) };
    },
  };
}

function describeMapping(context: EmulatorContext, trigger: QueueTrigger): JsonObject {
  const fn = context.functions().find((one) => one.id === trigger.functionId);
  return {
    UUID: stableUuid(`${trigger.functionId} ${trigger.queueArn}`),
    BatchSize: trigger.batchSize,
    MaximumBatchingWindowInSeconds: trigger.batchWindowMs / 1000,
    EventSourceArn: trigger.queueArn,
    FunctionArn: fn?.arn ?? trigger.functionId,
    State: trigger.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    FunctionResponseTypes: trigger.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(trigger.maximumConcurrency !== undefined && {
      ScalingConfig: { MaximumConcurrency: trigger.maximumConcurrency },
    }),
  };
}

/** The same mapping has the same id in every session. */
function stableUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
