/** How many events at once a target or enrichment takes. */
import { ServiceError } from '../_wire/service-error.ts';
import { isDestination } from './api-destinations.ts';
import type { PipeSettings } from './settings.ts';

/** Source: EventBridge guide, "Pipes batching and concurrency". Lambda and Step Functions take what comes. */
const MOST: Readonly<Record<string, number>> = {
  events: 10,
  firehose: 500,
  kinesis: 500,
  logs: 10_000,
  sns: 10,
  sqs: 10,
};

function mostFor(arn: string): number | undefined {
  if (isDestination(arn)) return 1;
  return MOST[arn.split(':')[2] ?? ''];
}

/** Of API destinations and REST APIs each event is a call of its own. */
export function batchSizeOf({ source, enrichment, target }: PipeSettings): number {
  const isSingle = [target.arn, enrichment?.arn ?? ''].some((arn) => mostFor(arn) === 1);
  return isSingle ? 1 : source.batchSize;
}

/** Throws where an enrichment made more events than the target takes at once; where each is a call of its own, too. */
export function checkFits({ enrichment, target }: PipeSettings, events: number): void {
  const most = enrichment && mostFor(target.arn);
  if (most !== undefined && events > most)
    throw new ServiceError(
      'InvalidEnrichment',
      `the enrichment ${enrichment?.arn} answered ${events} events, and ${target.arn} takes ${most} at most`,
    );
}

/** What the cloud would refuse of the batch size the pipe asks for; undefined where it would not. */
export function batchFlaw({ source, enrichment, target }: PipeSettings): string | undefined {
  if (!source.asksForBatchSize) return undefined;
  for (const arn of [target.arn, ...(enrichment ? [enrichment.arn] : [])]) {
    const most = mostFor(arn);
    if (most !== undefined && source.batchSize > most)
      return `BatchSize is ${source.batchSize}, and ${arn} takes ${most === 1 ? 'one event' : `${most} events`} at most: the cloud refuses this pipe`;
  }
  return undefined;
}
