/** Event source mappings made or changed through the API as triggers of the session. */
import type { TriggerOverride } from '../../../src/model/emulator.ts';
import type { Project, Trigger } from '../../../src/model/project.ts';
import { isMapping, type MappingTrigger, mappingIdOf, sourceArn } from '../mappings/mapping-trigger.ts';
import type { MappingRecord, Records } from './records.ts';
import { qualifiedId } from './spec.ts';

/**
 * Those whose function, version or alias is gone do not run, nor does one made in place of a trigger of the project (`own`) that
 * had been deleted for a session.
 */
export function mappingTriggers(
  { functions }: Project,
  own: readonly Trigger[],
  records: Records,
): MappingTrigger[] {
  const taken = new Set(own.filter(isMapping).map(targetOf));
  const current = new Map(
    functions.filter(({ version }) => version === undefined).map((fn) => [fn.name, fn]),
  );
  return [...records.mappings.range()].flatMap(({ value }) => {
    const fn = current.get(value.functionName);
    const functionId = fn && qualifiedId(records, fn, value.qualifier);
    if (functionId === undefined) return [];
    const trigger = triggerOf(value, functionId);
    return taken.has(targetOf(trigger)) ? [] : [trigger];
  });
}

/** The project's triggers as they were changed in this session; changes of what the project now says otherwise are removed. */
export function withOverrides(
  triggers: readonly Trigger[],
  overrides: Map<string, TriggerOverride>,
): readonly Trigger[] {
  if (overrides.size === 0) return triggers;
  return triggers.flatMap((trigger) => {
    if (!isMapping(trigger)) return [trigger];
    const id = mappingIdOf(trigger);
    const override = overrides.get(id);
    if (!override) return [trigger];
    if (sameTrigger(override.base, trigger)) return override.changed ? [override.changed] : [];
    overrides.delete(id);
    return [trigger];
  });
}

function targetOf(trigger: MappingTrigger): string {
  return `${trigger.functionId} ${sourceArn(trigger)}`;
}

function triggerOf({ source, id }: MappingRecord, functionId: string): MappingTrigger {
  return { ...source, functionId, mappingId: id };
}

function sameTrigger({ place: _, ...one }: Trigger, { place: __, ...other }: Trigger): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
