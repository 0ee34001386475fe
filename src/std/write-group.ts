/** Writes that arrive in one turn of the event loop share a transaction of the store, and are answered when it is committed. */
import type { Store } from '../model/platform.ts';

export interface WriteGroup {
  /**
   * Answers or throws what `work` does, at once or once that is committed. `prepare` is called right before the
   * transaction: no map can be opened within it.
   */
  add<T>(prepare: () => void, work: () => T): Promise<T> | T;
}

interface Waiting {
  prepare(): void;
  work(): unknown;
  done(value: unknown): void;
  fail(failure: unknown): void;
}

/** Among many clients one comes alone now and then, so it takes some in a row … */
const LONELY = 4;
/** … until so many are not kept waiting for company. */
const ALONE = 64;

/** A transaction costs several times what one item written in it does. Under load that is most of a write. */
export function makeWriteGroup(store: Store): WriteGroup {
  let waiting: Waiting[] = [];
  /** Writes in a row that nobody joined. */
  let lonely = 0;
  /** Writes that will not wait. */
  let alone = 0;
  const run = () => {
    const group = waiting;
    waiting = [];
    lonely = group.length === 1 ? lonely + 1 : 0;
    if (lonely === LONELY) {
      lonely = 0;
      alone = ALONE;
    }
    for (const { prepare } of group) attempt(prepare);
    const endings = store.writeAll(group.map(({ work }) => work));
    group.forEach(({ done, fail }, i) => {
      const ending = endings[i];
      if (ending && 'value' in ending) done(ending.value);
      else fail(ending?.failure);
    });
  };
  return {
    add<T>(prepare: () => void, work: () => T) {
      if (alone > 0) {
        alone--;
        return work();
      }
      return new Promise<T>((done, fail) => {
        // All requests that can be read now are read before it runs.
        if (waiting.length === 0) setImmediate(run);
        waiting.push({ prepare, work, done: done as Waiting['done'], fail });
      });
    },
  };
}

/** The work itself meets the same failure, and answers it. */
function attempt(prepare: () => void): void {
  try {
    prepare();
  } catch {}
}
