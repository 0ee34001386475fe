/** The schedules in a store that nobody writes, a snapshot's for one: for listing and comparing saved states. */
import type { Store } from '../../src/model/platform.ts';
import { openSchedulesStore } from './schedule-store.ts';
import { DEFAULT_GROUP } from './settings.ts';

export interface SavedSchedule {
  /** With its group, unless that is the default one: `nightly/cleanup`. */
  readonly name: string;
  /** What may differ. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Sorted by name. */
export function readSavedSchedules(store: Store): SavedSchedule[] {
  const schedules = openSchedulesStore(store);
  return schedules
    .all()
    .map(({ arn, group, name, expression, timezone, enabled, target, windowMinutes }) => {
      const waiting = schedules.executions(arn).length;
      return {
        name: group === DEFAULT_GROUP ? name : `${group}/${name}`,
        facts: {
          ...{
            expression,
            timezone,
            state: enabled ? 'enabled' : 'disabled',
            target: JSON.stringify(target),
          },
          ...(windowMinutes > 0 && { window: `${windowMinutes} min` }),
          ...(waiting > 0 && { 'runs waiting': String(waiting) }),
        },
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
