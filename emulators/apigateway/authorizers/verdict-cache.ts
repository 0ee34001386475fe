/** Remembers what authorizers said of an identity, for as long as each says. */
import type { LambdaAuthorizer } from '../../../src/model/authorizers.ts';
import type { Clock } from '../../../src/model/platform.ts';
import type { Verdict } from './verdict.ts';

/** What one function said; asked for before it runs, so that what older code says late is kept where nobody looks any more. */
export interface Shelf {
  find(key: string): Verdict | undefined;
  keep(key: string, verdict: Verdict, seconds: number): void;
}

export interface VerdictCache {
  shelfOf(functionId: string): Shelf;
  /** The function has other code now. */
  forget(functionId: string): void;
  clear(): void;
}

/** Identities of one function; the oldest go first. */
const MOST = 10_000;

export function makeVerdictCache(clock: Pick<Clock, 'now'>): VerdictCache {
  const shelves = new Map<string, Shelf>();
  return {
    shelfOf(functionId) {
      const known = shelves.get(functionId);
      if (known) return known;
      const made = makeShelf(clock);
      shelves.set(functionId, made);
      return made;
    },
    forget: (functionId) => void shelves.delete(functionId),
    clear: () => shelves.clear(),
  };
}

/** Undefined where nothing is to be kept: caching is off, or there is no identity by which to find it again. */
export function cacheKey(
  { name, cacheSeconds }: LambdaAuthorizer,
  identity: readonly string[],
  apiId: string,
): string | undefined {
  if (cacheSeconds <= 0 || identity.length === 0) return undefined;
  return JSON.stringify([apiId, name, ...identity]);
}

function makeShelf(clock: Pick<Clock, 'now'>): Shelf {
  const kept = new Map<string, { readonly verdict: Verdict; readonly until: number }>();
  return {
    find(key) {
      const found = kept.get(key);
      if (!found) return undefined;
      if (found.until > clock.now()) return found.verdict;
      kept.delete(key);
      return undefined;
    },
    keep(key, verdict, seconds) {
      const [oldest] = kept.size >= MOST ? kept.keys() : [];
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(key, { verdict, until: clock.now() + seconds * 1000 });
    },
  };
}
