/** Lowers the `functions` section of a serverless.yml, one function at a time: a broken one does not stop the others. */
import type { FunctionSpec, Trigger } from '../../model/project.ts';
import type { Resource } from '../../model/resources.ts';
import { isMap } from '../cloudformation/template.ts';
import { describe, makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import { isUnresolved } from '../unresolved.ts';
import { lowerFunction } from './function.ts';
import type { FunctionEntry, Service } from './service.ts';

export interface LoweredFunctions {
  readonly functions: readonly FunctionSpec[];
  readonly triggers: readonly Trigger[];
  /** What the framework makes for events. */
  readonly resources: readonly Resource[];
}

export async function lowerFunctions(
  entries: readonly FunctionEntry[],
  service: Service,
  report: Report,
): Promise<LoweredFunctions> {
  const functions: FunctionSpec[] = [];
  const triggers: Trigger[] = [];
  const resources: Resource[] = [];
  for (const entry of entries) {
    const lowered = await lowerFunction(entry, service, report);
    if (!lowered) continue;
    functions.push(lowered.fn);
    triggers.push(...lowered.triggers);
    resources.push(...lowered.resources);
  }
  return { functions, triggers, resources };
}

/** The functions' keys and where they stand: `functions` is a map, or a list of maps. */
export async function findFunctions(
  { variables }: Pick<Service, 'variables'>,
  report: Report,
): Promise<FunctionEntry[]> {
  const whole = await variables.shallow(['functions'], report);
  if (whole === undefined || whole === null || isUnresolved(whole)) return [];
  const maps = Array.isArray(whole) ? whole.map((_, index) => ['functions', index]) : [['functions']];
  const entries: FunctionEntry[] = [];
  for (const path of maps) {
    const map = await variables.shallow(path, report);
    if (isMap(map)) for (const key of Object.keys(map)) entries.push({ key, path: [...path, key] });
    else if (!isUnresolved(map))
      makeFields({}, path, { place: variables.place, report }).error({
        code: 'invalid-value',
        message: `functions: expected a map of functions, found ${describe(map)}`,
      });
  }
  return entries;
}
