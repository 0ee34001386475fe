/** How long an init phase may take. */
import type { FunctionSpec } from '../model/project.ts';

/** What the platform grants; where instances are started ahead of any event, there is more time. */
export function grantedInitMs({ initializationType, timeoutMs }: FunctionSpec): number {
  return initializationType === undefined ? 10_000 : Math.max(130_000, timeoutMs);
}
