/** The only file that touches storage: since when each schedule has been known. */
import type { Store } from '../../src/model/platform.ts';

export interface ScheduleStore {
  /** When a schedule of this name and expression was first seen, epoch ms; `now` where it is new or was changed. */
  since(name: string, expression: string, now: number): number;
}

interface Known {
  readonly expression: string;
  readonly since: number;
}

export function openScheduleStore(store: Store): ScheduleStore {
  const known = store.map<Known>('scheduler:known');
  return {
    since(name, expression, now) {
      const found = known.get(name);
      if (found?.expression === expression) return found.since;
      known.put(name, { expression, since: now });
      return now;
    },
  };
}
