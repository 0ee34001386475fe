/** Remembers which client tokens were used for which transaction, for as long as the service does. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Clock } from '../../src/model/platform.ts';
import { idempotentParameterMismatch } from './errors.ts';

export interface IdempotencyTokens {
  /** The answer of the same request made before; throws when the token came with another request. */
  find(token: string, request: string): JsonObject | undefined;
  remember(token: string, request: string, answer: JsonObject): void;
  /** The state is another one: nothing was done to it yet. */
  forgetAll(): void;
}

/** The service keeps a token for ten minutes after the request it came with. */
const LIFETIME_MS = 10 * 60 * 1000;

/** Kept in memory: after a restart a token is new again. */
export function makeIdempotencyTokens(clock: Clock): IdempotencyTokens {
  const entries = new Map<string, { request: string; answer: JsonObject; until: number }>();

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
      return known.answer;
    },
    remember(token, request, answer) {
      entries.set(token, { request, answer, until: clock.now() + LIFETIME_MS });
    },
    forgetAll: () => entries.clear(),
  };
}
