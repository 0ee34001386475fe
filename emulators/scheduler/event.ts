/** The event a scheduled function gets. */
import type { ScheduleTrigger } from '../../src/model/project.ts';

export interface EventPlace {
  readonly id: string;
  /** When it was due, epoch ms. */
  readonly at: number;
  readonly region: string;
  readonly accountId: string;
}

/** JSON text: the trigger's own input, or EventBridge's "Scheduled Event". */
export function makeScheduledEvent(
  trigger: ScheduleTrigger,
  { id, at, region, accountId }: EventPlace,
): string {
  if (trigger.input !== undefined) return trigger.input;
  return JSON.stringify({
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: `${new Date(at).toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:events:${region}:${accountId}:rule/${trigger.name}`],
    detail: {},
  });
}
