/** Records that are not tried again: their destination is told, or the user where there is none. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import { failureObjectKey, isBucketArn } from '../../src/model/failure-object.ts';
import type { Invoked } from '../../src/model/invocation.ts';
import type { StreamDelivery } from '../../src/model/project.ts';
import type { Batch } from './collect.ts';
import { failureRecord, type GivenUpCondition } from './failure-record.ts';
import { makeStreamEvent } from './invoke.ts';
import { mappingUuid } from './mapping-id.ts';
import type { Part } from './settle.ts';
import type { Place, Source } from './source.ts';

export interface GiveUpOptions<P extends Place> {
  readonly context: EmulatorContext;
  readonly source: Pick<Source<P>, 'kind' | 'name' | 'batchInfo'>;
  readonly trigger: StreamDelivery;
  readonly batch: Batch<P>;
  readonly part: Part<P>;
  readonly condition: GivenUpCondition;
  /** The last run; it had these records if they were ever handed over. */
  readonly last: Invoked | undefined;
}

export function giveUp<P extends Place>(options: GiveUpOptions<P>): void {
  const { context, source, trigger, part, batch, condition } = options;
  const { functionId, onFailureArn } = trigger;
  const told = onFailureArn === undefined ? undefined : tell(onFailureArn, options);
  context.faults?.streams.givenUp({
    ...{ of: { kind: source.kind, name: source.name }, follower: functionId, condition, told },
    ...{ sequenceNumbers: part.entries.map(({ sequenceNumber }) => sequenceNumber), shardId: batch.shardId },
  });
  if (told) return;
  const { length } = part.entries;
  const records = length === 1 ? 'a record' : `${length} records`;
  const why =
    condition === 'RetryAttemptsExhausted'
      ? `failed ${part.invocations === 1 ? 'once' : `${part.invocations} times`}`
      : 'did not handle them before they were too old';
  const untold = onFailureArn === undefined ? '' : `, and there is no ${onFailureArn} here to tell`;
  context.notice(`${functionId} ${why}: ${records} of ${source.name} given up${untold}`);
}

/** False when there is no such queue, topic or bucket. */
function tell<P extends Place>(
  arn: string,
  { context, source, trigger, batch, part, condition, last }: GiveUpOptions<P>,
): boolean {
  const { functionId } = trigger;
  const origin = part.entries[0]?.origin;
  const invoked = part.invocations > 0 ? last : undefined;
  const now = context.clock.now();
  const toBucket = isBucketArn(arn);
  const body = failureRecord({
    condition,
    part,
    batch,
    batchInfo: source.batchInfo,
    functionArn: context.functions().find(({ id }) => id === functionId)?.arn ?? functionId,
    requestId: invoked?.requestId ?? context.ids.uuid(),
    now,
    ...(invoked && { invoked }),
    ...(toBucket && { payload: makeStreamEvent(part.entries) }),
  });
  const place = `${mappingUuid(trigger, trigger.streamArn)}/${batch.shardId}`;
  const key = toBucket ? { key: failureObjectKey(place, now, context.ids.uuid()) } : {};
  return context.send?.({ arn, body, ...key, ...(origin && { origin }) }) ?? false;
}
