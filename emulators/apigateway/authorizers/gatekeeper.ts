/** Decides who may call a route: asks its authorizer, then for its API key. */
import type { RouteAuthorizer } from '../../../src/model/authorizers.ts';
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { Clock } from '../../../src/model/platform.ts';
import { unreachable } from '../../../src/std/errors.ts';
import { makeCallOutside } from '../../_wire/outward.ts';
import { type Access, allow } from './access.ts';
import { checkApiKey } from './api-key.ts';
import { checkSigned } from './iam.ts';
import { makeKeySets } from './key-sets.ts';
import { type Asking, askFunction } from './lambda-authorizer.ts';
import { checkJwt, checkUserPool } from './token-authorizer.ts';
import { makeVerdictCache } from './verdict-cache.ts';

export interface Gatekeeper {
  /** Of a target with a guard. Rejects only for what is wrong with us. */
  admit(asking: Asking): Promise<Access>;
  /** The project was loaded anew: nothing that was decided counts any more. */
  reset(): void;
  close(): void;
}

/** `productClock`: the services' time, by which tokens expire and decisions are forgotten. */
export function makeGatekeeper(context: EmulatorContext, productClock: Clock): Gatekeeper {
  const told = new Set<string>();
  const tell = (message: string) => {
    if (told.has(message)) return;
    told.add(message);
    context.notice(message);
  };
  const cache = makeVerdictCache(productClock);
  const keySets = makeKeySets(context.callOutside ?? makeCallOutside(context.clock), tell);
  // A decision of old code counts no more once the edit is seen; what is deployed is built without being old before.
  const stops = [context.onStale?.(cache.forget), context.onBuilt?.(cache.forget)];

  const ask = async (authorizer: RouteAuthorizer, asking: Asking): Promise<Access> => {
    const { incoming, found } = asking;
    const tokenOptions = { accountId: context.accountId, clock: productClock, keySets, tell };
    switch (authorizer.kind) {
      case 'lambda':
        return askFunction(authorizer, asking, { context, cache, clock: context.clock, tell });
      case 'jwt':
        return checkJwt(authorizer, incoming, found, tokenOptions);
      case 'user-pool':
        return checkUserPool(authorizer, incoming, found, tokenOptions);
      case 'iam':
        return checkSigned(incoming, found, context, tell);
      case 'foreign':
        tell(
          `requests are let through without authorizer ${authorizer.name}: ${authorizer.what} is not on this machine`,
        );
        return allow();
      default:
        return unreachable(authorizer);
    }
  };

  return {
    async admit(asking) {
      const { authorizer, apiKeys } = asking.found.target.guard ?? {};
      const access = authorizer ? await ask(authorizer, asking) : allow();
      if (!access.allowed || !apiKeys) return access;
      return checkApiKey(apiKeys, asking.incoming, asking.found, access.caller, tell);
    },
    reset() {
      cache.clear();
      keySets.clear();
    },
    close() {
      for (const stop of stops) stop?.();
      keySets.close();
    },
  };
}
