/** How long an init phase may take. */
import { type FunctionSpec, initializationTypeOf } from '../model/project.ts';

/** What the platform grants; where instances are started ahead of any event, there is more time. */
export function grantedInitMs(fn: FunctionSpec): number {
  return initializationTypeOf(fn) === 'on-demand' ? 10_000 : Math.max(130_000, fn.timeoutMs);
}
