/** What a function has besides its code and settings, the project's functions too. */
import type { Store } from '../../../src/model/platform.ts';

export interface Extra {
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Extras {
  /** Of the function of this cloud name. */
  of(name: string): Extra;
  change(name: string, change: Partial<Extra>): void;
  remove(name: string): void;
}

export function openExtras(store: Store): Extras {
  const map = store.map<Extra>('lambda:extras');
  const of = (name: string) => map.get(name) ?? {};
  return {
    of,
    change: (name, change) => map.put(name, { ...of(name), ...change }),
    remove: (name) => map.remove(name),
  };
}
