/** The memory peak that is told of an event. */
import type { Outcome } from './invocation.ts';

/** Who ran out of memory has used all of it, whatever was measured last before the end. */
export function toldPeakBytes(outcome: Outcome, measuredBytes: number | undefined): number | undefined {
  if (outcome.status !== 'out-of-memory') return measuredBytes;
  return Math.max(measuredBytes ?? 0, outcome.memoryMb * 2 ** 20);
}
