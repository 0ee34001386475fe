/** ListEventSourceMappings: the queue and table triggers of the project. */
import type { EmulatorContext, JsonObject, RestRoute } from '../../../src/model/emulator.ts';
import type { QueueTrigger, TableStreamTrigger, Trigger } from '../../../src/model/project.ts';
import { findFunction, parseFunctionName } from '../function-name.ts';
import { stableUuid } from '../stable-uuid.ts';

export type MappingTrigger = QueueTrigger | TableStreamTrigger;

export function isMapping(trigger: Trigger): trigger is MappingTrigger {
  return trigger.kind === 'queue' || trigger.kind === 'table-stream';
}

export function makeListEventSourceMappings(
  context: EmulatorContext,
  triggers: () => readonly MappingTrigger[],
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
          (!fn || trigger.functionId === fn.id) && (source === null || sourceArn(trigger) === source),
      );
      const mappings = found.map((trigger) => describeMapping(context, trigger));
      return { status: 200, body: JSON.stringify({ EventSourceMappings: mappings }) };
    },
  };
}

function sourceArn(trigger: MappingTrigger): string {
  return trigger.kind === 'queue' ? trigger.queueArn : trigger.streamArn;
}

function describeMapping(context: EmulatorContext, trigger: MappingTrigger): JsonObject {
  const fn = context.functions().find((one) => one.id === trigger.functionId);
  const { filterPatterns } = trigger;
  return {
    UUID: stableUuid(`${trigger.functionId} ${sourceArn(trigger)}`),
    BatchSize: trigger.batchSize,
    MaximumBatchingWindowInSeconds: trigger.batchWindowMs / 1000,
    EventSourceArn: sourceArn(trigger),
    FunctionArn: fn?.arn ?? trigger.functionId,
    State: trigger.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    FunctionResponseTypes: trigger.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(filterPatterns && {
      FilterCriteria: { Filters: filterPatterns.map((pattern) => ({ Pattern: pattern })) },
    }),
    ...(trigger.kind === 'queue' ? describeQueueSource(trigger) : describeStreamSource(trigger)),
  };
}

function describeQueueSource({ maximumConcurrency }: QueueTrigger): JsonObject {
  return maximumConcurrency === undefined
    ? {}
    : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } };
}

/** The service says -1 where there is no limit. */
function describeStreamSource(trigger: TableStreamTrigger): JsonObject {
  const { maximumRecordAgeMs, onFailureArn } = trigger;
  return {
    StartingPosition: trigger.startingPosition,
    ParallelizationFactor: trigger.parallelizationFactor,
    MaximumRecordAgeInSeconds: maximumRecordAgeMs === undefined ? -1 : maximumRecordAgeMs / 1000,
    MaximumRetryAttempts: trigger.maximumRetryAttempts ?? -1,
    BisectBatchOnFunctionError: trigger.bisectBatchOnFunctionError,
    TumblingWindowInSeconds: 0,
    DestinationConfig: { OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn } },
  };
}
