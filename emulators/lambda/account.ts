/** The account's limits, which are the cloud's defaults. */
import type { FunctionSpec } from '../../src/model/project.ts';

export const ACCOUNT_CONCURRENCY = 1000;

/** What functions keep for themselves. */
export function reservedInAll(functions: readonly FunctionSpec[]): number {
  return functions
    .filter(({ version }) => version === undefined)
    .reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);
}
