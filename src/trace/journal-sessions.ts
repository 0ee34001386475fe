/** Knows which writing sessions are alive, so that a row without an end can be told from one that still runs. */
import type { StoreMap } from '../model/platform.ts';
import { isAlive, type ProcessIdentity, thisProcess } from '../std/process-identity.ts';

export interface Sessions {
  /** Key of this process. */
  mine(): string;
  /** Notes this process and forgets the dead, once. Within a write. */
  register(): void;
  lives(session: string): boolean;
}

export function makeSessions(map: StoreMap<ProcessIdentity>): Sessions {
  let me: ProcessIdentity | undefined;
  let key: string | undefined;
  let registered = false;
  const dead = new Set<string>();

  const mine = () => {
    me ??= thisProcess();
    key ??= `${me.pid}:${me.startedAt}`;
    return key;
  };

  return {
    mine,
    register() {
      if (registered) return;
      registered = true;
      for (const { key: other, value } of [...map.range()]) if (!isAlive(value)) map.remove(other);
      const own = mine();
      if (me) map.put(own, me);
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
