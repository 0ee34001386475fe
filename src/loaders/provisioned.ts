/** Provisioned concurrency as project files ask for it: instances that are kept ready. */
import type { FunctionSpec } from '../model/project.ts';
import { numberOf } from './cloudformation/template.ts';

/** What the cloud is asked for is more than a laptop should start; through the Lambda API as many can be had as it takes. */
const MOST_HERE = 4;

export function provisionedHere(
  written: unknown,
): Pick<FunctionSpec, 'initializationType' | 'provisionedConcurrency'> {
  const count = numberOf(written);
  if (count === undefined) return { initializationType: 'provisioned-concurrency' };
  if (count < 1) return {};
  return {
    initializationType: 'provisioned-concurrency',
    provisionedConcurrency: Math.min(Math.floor(count), MOST_HERE),
  };
}

/** What is said of a number that is not kept here; undefined where it is. */
export function provisionedWords(written: unknown): string | undefined {
  const count = numberOf(written);
  return count !== undefined && count > MOST_HERE
    ? `${MOST_HERE} of the ${count} provisioned instances are kept ready here`
    : undefined;
}
