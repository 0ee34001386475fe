/** Deliveries as a simulator wants them: so many tries fail, then the target is told. */
import type { Deliveries } from './deliver.ts';
import type { Failed, Job } from './retried-deliveries.ts';

/** As `RetriedDeliveriesOptions.attempt`. */
export async function lateAttempt(
  { delivery, body, failed, failures = 0 }: Job,
  hand: Deliveries['hand'],
): Promise<Failed | undefined> {
  if (failed < failures)
    return { code: 'ERROR_FROM_TARGET', message: 'The target could not be told (chaos).' };
  hand(delivery, body);
  return undefined;
}
