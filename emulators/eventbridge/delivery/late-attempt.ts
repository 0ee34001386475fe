/** Deliveries as a simulator wants them: so many tries fail, then the target is told. */
import type { Deliveries } from './deliver.ts';
import type { Failed, Job } from './retried-deliveries.ts';

/** A try that did not reach its target. */
export const STRUCK: Failed = {
  code: 'ERROR_FROM_TARGET',
  message: 'The target could not be told (chaos).',
};

/** As `RetriedDeliveriesOptions.attempt`. */
export async function lateAttempt(
  { delivery, body, failed, failures = 0 }: Job,
  hand: Deliveries['hand'],
): Promise<Failed | undefined> {
  if (failed < failures) return STRUCK;
  hand(delivery, body);
  return undefined;
}
