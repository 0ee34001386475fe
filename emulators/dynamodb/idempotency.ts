/** Remembers which client tokens were used for which transaction, for as long as the service does. */
import type { Clock } from '../../src/model/platform.ts';
import { idempotentParameterMismatch } from './errors.ts';
import type { ReplayUnits } from './writing/replay.ts';

export interface IdempotencyTokens {
  /** What the same request made before costs again; throws when the token came with another request. */
  find(token: string, request: string): ReplayUnits | undefined;
  remember(token: string, request: string, units: ReplayUnits): void;
  /** The state is another one: nothing was done to it yet. */
  forgetAll(): void;
}

/** The service keeps a token for ten minutes after the request it came with. */
const LIFETIME_MS = 10 * 60 * 1000;

/** Kept in memory: after a restart a token is new again. */
export function makeIdempotencyTokens(clock: Clock): IdempotencyTokens {
  const entries = new Map<string, { request: string; units: ReplayUnits; until: number }>();

  const forgetOld = () => {
    for (const [token, { until }] of entries) {
      if (until > clock.now()) return;
      entries.delete(token);
    }
  };

  return {
    find(token, request) {
      forgetOld();
      const known = entries.get(token);
      if (!known) return undefined;
      if (known.request !== request) throw idempotentParameterMismatch();
      return known.units;
    },
    remember(token, request, units) {
      entries.set(token, { request, units, until: clock.now() + LIFETIME_MS });
    },
    forgetAll: () => entries.clear(),
  };
}
