/** Where an event is lined up behind others. */
import type { Instance } from './instance.ts';

/** A busy instance of a function so quick that the event waits less behind others than for anything else. */
export function leastLoaded(
  instances: Iterable<Instance>,
  depth: number,
  fits: (instance: Instance) => boolean,
): Instance | undefined {
  if (depth <= 1) return undefined;
  let best: Instance | undefined;
  for (const instance of instances) {
    if (!fits(instance) || !instance.takesMore(depth)) continue;
    if (!best || instance.load < best.load) best = instance;
  }
  return best;
}
