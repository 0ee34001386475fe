/** Knows which writing sessions are alive, so that a row without an end can be told from one that still runs. */
import type { StoreMap } from '../model/platform.ts';
import { isAlive, type ProcessIdentity, thisProcess } from '../std/process-identity.ts';

export interface Sessions {
  /** Key of this process; the first call registers it and forgets the dead. Within a write. */
  mine(): string;
  lives(session: string): boolean;
}

export function makeSessions(map: StoreMap<ProcessIdentity>): Sessions {
  let key: string | undefined;
  const dead = new Set<string>();

  return {
    mine() {
      if (key !== undefined) return key;
      const me = thisProcess();
      for (const { key: other, value } of [...map.range()]) if (!isAlive(value)) map.remove(other);
      key = `${me.pid}:${me.startedAt}`;
      map.put(key, me);
      return key;
    },
    lives(session) {
      if (session === key) return true;
      if (dead.has(session)) return false;
      const identity = map.get(session);
      if (identity && isAlive(identity)) return true;
      dead.add(session);
      return false;
    },
  };
}
