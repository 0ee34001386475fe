/** How the Lambda API describes an event source mapping. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type {
  FunctionSpec,
  QueueTrigger,
  StreamTrigger,
  TableStreamTrigger,
} from '../../../src/model/project.ts';
import type { MappingRecord } from '../deployed/records.ts';
import { type MappingTrigger, mappingIdOf, sourceArn } from './mapping-trigger.ts';

export interface MappingPlace {
  readonly region: string;
  readonly accountId: string;
  readonly functions: () => readonly FunctionSpec[];
}

/** `record`: of a mapping that was made through the API. */
export function describeMapping(
  place: MappingPlace,
  trigger: MappingTrigger,
  record?: MappingRecord,
): JsonObject {
  const { filterPatterns } = trigger;
  const id = mappingIdOf(trigger);
  return {
    UUID: id,
    BatchSize: trigger.batchSize,
    MaximumBatchingWindowInSeconds: trigger.batchWindowMs / 1000,
    EventSourceArn: sourceArn(trigger),
    FunctionArn: functionArn(place, trigger, record),
    ...(record && {
      LastModified: record.modifiedAt / 1000,
      EventSourceMappingArn: `arn:aws:lambda:${place.region}:${place.accountId}:event-source-mapping:${id}`,
    }),
    State: trigger.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    FunctionResponseTypes: trigger.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(filterPatterns && {
      FilterCriteria: { Filters: filterPatterns.map((pattern) => ({ Pattern: pattern })) },
    }),
    ...(trigger.kind === 'queue' ? describeQueueSource(trigger) : describeStreamSource(trigger)),
  };
}

/** With the version or alias it was made for. */
function functionArn(
  { functions }: MappingPlace,
  { functionId }: MappingTrigger,
  record: MappingRecord | undefined,
): string {
  const fn = functions().find(({ id }) => id === functionId);
  if (!fn) return functionId;
  const { version, arn } = fn;
  if (record?.qualifier === undefined) return arn;
  return `${version === undefined ? arn : arn.slice(0, -version.length - 1)}:${record.qualifier}`;
}

function describeQueueSource({ maximumConcurrency }: QueueTrigger): JsonObject {
  return maximumConcurrency === undefined
    ? {}
    : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } };
}

/** The service says -1 where there is no limit. */
function describeStreamSource(trigger: TableStreamTrigger | StreamTrigger): JsonObject {
  const { maximumRecordAgeMs, onFailureArn, tumblingWindowMs = 0 } = trigger;
  const timestampMs = trigger.kind === 'stream' ? trigger.startingTimestampMs : undefined;
  return {
    StartingPosition: trigger.startingPosition,
    ParallelizationFactor: trigger.parallelizationFactor,
    MaximumRecordAgeInSeconds: maximumRecordAgeMs === undefined ? -1 : maximumRecordAgeMs / 1000,
    MaximumRetryAttempts: trigger.maximumRetryAttempts ?? -1,
    BisectBatchOnFunctionError: trigger.bisectBatchOnFunctionError,
    ...(timestampMs !== undefined && { StartingPositionTimestamp: timestampMs / 1000 }),
    TumblingWindowInSeconds: tumblingWindowMs / 1000,
    DestinationConfig: { OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn } },
  };
}
