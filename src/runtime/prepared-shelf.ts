/** Which prepared instances there are and how many there should be, by what they are prepared for. Starts and ends none. */
import type { FunctionSpec } from '../model/project.ts';
import type { PreparedInstance } from './prepared-instance.ts';

export interface Kept {
  /** The function it was wanted for. */
  readonly fn: FunctionSpec;
  /** Undefined when it did not come up. Never rejects: what is wrong shows with an instance that is needed. */
  readonly coming: Promise<PreparedInstance | undefined>;
}

type Serves = 'function' | 'runtime';

interface Place {
  readonly key: string;
  readonly serves: Serves;
  fn: FunctionSpec;
  /** How many there should be; 0: those there are stay until they are taken. */
  wanted: number;
  /** Oldest first. */
  readonly kept: Kept[];
}

/** Keys that have some, least recently wanted first out: each costs the memory of a runtime without code. */
const MOST_KEYS = 4;
/** Of one key, after starts that found none. */
const MOST_OF_ONE = 8;

export class PreparedShelf {
  readonly #places = new Map<string, Place>();

  get count(): number {
    let count = 0;
    for (const { kept } of this.#places.values()) count += kept.length;
    return count;
  }

  /** The first that has fewer than it should. */
  get lacking(): Readonly<Omit<Place, 'kept'>> | undefined {
    for (const place of this.#places.values()) if (place.kept.length < place.wanted) return place;
    return undefined;
  }

  get isGrown(): boolean {
    for (const { wanted } of this.#places.values()) if (wanted > 1) return true;
    return false;
  }

  has(key: string): boolean {
    return (this.#places.get(key)?.kept.length ?? 0) > 0;
  }

  /** At least one. Answers what was kept for older settings of the function. */
  want(key: string, serves: Serves, fn: FunctionSpec): readonly Kept[] {
    const known = this.#places.get(key);
    const outdated = known || serves === 'runtime' ? [] : this.dropFunction(fn.id);
    const place = this.#touch(key, serves, fn);
    place.fn = fn;
    place.wanted = Math.max(1, place.wanted);
    return outdated;
  }

  unwant(key: string): void {
    const place = this.#places.get(key);
    if (place) place.wanted = 0;
    this.#tidy(key);
  }

  /** A start found none: twice as many from now on, where any function can take them. Answers whether that is more. */
  grow(key: string): boolean {
    const place = this.#places.get(key);
    if (!place || place.serves === 'function' || place.wanted >= MOST_OF_ONE) return false;
    place.wanted = Math.min(MOST_OF_ONE, Math.max(1, place.wanted) * 2);
    return true;
  }

  /** Half as many from now on, one at least. Answers what is too much. */
  shrink(): readonly Kept[] {
    const over: Kept[] = [];
    for (const place of this.#places.values()) {
      if (place.wanted <= 1) continue;
      place.wanted = Math.ceil(place.wanted / 2);
      over.push(...place.kept.splice(place.wanted));
    }
    return over;
  }

  /** Answers what has to make room for it. */
  put(key: string, serves: Serves, entry: Kept): readonly Kept[] {
    this.#touch(key, serves, entry.fn).kept.push(entry);
    const filled = [...this.#places.values()].filter(({ kept }) => kept.length > 0);
    return filled
      .slice(0, Math.max(0, filled.length - MOST_KEYS))
      .flatMap((place) => this.#takeAway(place.key));
  }

  /** The oldest of the key; and those prepared for this function with other settings, which nobody will ask for. */
  take(fn: FunctionSpec, key: string | undefined) {
    const entry = key === undefined ? undefined : this.#places.get(key)?.kept.shift();
    const outlived: Kept[] = [];
    for (const place of [...this.#places.values()])
      if (place.serves === 'function' && place.fn.id === fn.id && place.key !== key)
        outlived.push(...this.#takeAway(place.key));
    if (key !== undefined) this.#tidy(key);
    return { entry, outlived };
  }

  /** Answers whether it was still there. */
  remove(key: string, entry: Kept): boolean {
    const kept = this.#places.get(key)?.kept ?? [];
    const at = kept.indexOf(entry);
    if (at < 0) return false;
    kept.splice(at, 1);
    return true;
  }

  dropFunction(functionId: string): readonly Kept[] {
    const own = [...this.#places.values()].filter(
      ({ serves, fn }) => serves === 'function' && fn.id === functionId,
    );
    return own.flatMap(({ key }) => this.#takeAway(key));
  }

  clear(): readonly Kept[] {
    return [...this.#places.keys()].flatMap((key) => this.#takeAway(key));
  }

  #takeAway(key: string): readonly Kept[] {
    const kept = this.#places.get(key)?.kept.splice(0) ?? [];
    this.#places.delete(key);
    return kept;
  }

  /** Found or made, and the most recently wanted of all. */
  #touch(key: string, serves: Serves, fn: FunctionSpec): Place {
    const place = this.#places.get(key) ?? { key, serves, fn, wanted: 0, kept: [] };
    this.#places.delete(key);
    this.#places.set(key, place);
    return place;
  }

  #tidy(key: string): void {
    const place = this.#places.get(key);
    if (place && place.wanted === 0 && place.kept.length === 0) this.#places.delete(key);
  }
}
