/** Asks an authorizer function about a request, or what it said of the same identity before. */
import type { LambdaAuthorizer } from '../../../src/model/authorizers.ts';
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { Outcome, TraceContext } from '../../../src/model/invocation.ts';
import type { Clock } from '../../../src/model/platform.ts';
import { failureAnswer } from '../failures.ts';
import type { Found } from '../front-door.ts';
import type { Incoming } from '../incoming.ts';
import { type Access, allow, refuse } from './access.ts';
import { makeAuthorizerEvent, methodArnOf } from './authorizer-event.ts';
import { callerOf } from './caller.ts';
import { identityOf, identityText } from './identity.ts';
import { evaluatePolicy } from './policy.ts';
import { type Refusal, refusalAnswer } from './refusals.ts';
import { readVerdict, type Verdict } from './verdict.ts';
import { cacheKey, type VerdictCache } from './verdict-cache.ts';

/** Quotas of API Gateway: a REST API waits as long as for an integration, an HTTP API ten seconds. */
const PATIENCE_MS = { 'rest-api': 29_000, 'http-api': 10_000, 'function-url': 10_000 };

export interface Asking {
  readonly incoming: Incoming;
  readonly found: Found;
  /** The span of the request, of which the authorizer's invocation is a child. */
  readonly origin: TraceContext;
}

export interface LambdaAuthorizerOptions {
  readonly context: EmulatorContext;
  readonly cache: VerdictCache;
  /** Time of those who wait for an answer; the cache goes by that of the services. */
  readonly clock: Clock;
  /** Tells something once. */
  readonly tell: (message: string) => void;
}

export async function askFunction(
  authorizer: LambdaAuthorizer,
  asking: Asking,
  options: LambdaAuthorizerOptions,
): Promise<Access> {
  const { incoming, found } = asking;
  const { context, cache, clock } = options;
  const { target } = found;
  const turnDown = (refusal: Refusal, why: string) => refuse(refusalAnswer(target.api, refusal, { why }));

  const identity: string[] = [];
  for (const source of authorizer.identitySources) {
    const value = identityOf(source, incoming, target, context.accountId);
    if (value === undefined)
      return turnDown(
        'unauthorized',
        `${identityText(source)} is missing, which authorizer ${authorizer.name} goes by`,
      );
    identity.push(value);
  }
  const { validation } = authorizer;
  if (validation !== undefined && !isValid(validation, identity[0] ?? ''))
    return turnDown(
      'unauthorized',
      `the token does not match ${validation} of authorizer ${authorizer.name}`,
    );

  const shelf = cache.shelfOf(authorizer.functionId);
  const key = cacheKey(authorizer, identity, target.apiId);
  const known = key === undefined ? undefined : shelf.find(key);
  if (known) return judge(known, 0);

  const startedAt = clock.now();
  const outcome = await invoke(authorizer, asking, identity, options);
  if (outcome.status !== 'ok') return ofFailure(outcome);
  const verdict = readVerdict(outcome.payload, authorizer, target.format === 'http-2.0');
  if ('flawed' in verdict) return fail(verdict.flawed);
  if (key !== undefined) shelf.keep(key, verdict, authorizer.cacheSeconds);
  return judge(verdict, Math.round(clock.now() - startedAt));

  function judge(verdict: Verdict, latencyMs: number): Access {
    const { decision } = verdict;
    const granted = () => allow(callerOf(verdict, target.format, latencyMs));
    if ('isAuthorized' in decision)
      return decision.isAuthorized
        ? granted()
        : turnDown('explicit-deny', `authorizer ${authorizer.name} answered isAuthorized: false`);
    const arn = methodArnOf(incoming, found, context);
    const result = evaluatePolicy(decision.policy, arn);
    if ('flawed' in result) return fail(result.flawed);
    if (result.hasConditions)
      options.tell(
        `authorizer ${authorizer.name}: conditions of its policies are not evaluated, they count as met`,
      );
    if (result.effect === 'allow') return granted();
    return turnDown(
      result.effect,
      result.effect === 'explicit-deny'
        ? `the policy of authorizer ${authorizer.name} denies ${arn}`
        : `the policy of authorizer ${authorizer.name} does not allow ${arn}${known ? ' (it was returned for an earlier request of the same identity)' : ''}`,
    );
  }

  function ofFailure(failed: Exclude<Outcome, { status: 'ok' }>): Access {
    if (failed.status === 'error' && failed.error.errorMessage === 'Unauthorized')
      return turnDown('unauthorized', `authorizer ${authorizer.name} threw "Unauthorized"`);
    // Whatever stands in the way of running it at all is told as for any function.
    if (failed.status === 'unavailable')
      return refuse(failureAnswer({ ...target, functionId: authorizer.functionId }, failed));
    const words =
      failed.status === 'error' ? `${failed.error.errorType}: ${failed.error.errorMessage}` : failed.status;
    return turnDown(
      'authorizer-failed',
      `authorizer ${authorizer.name} (${authorizer.functionId}) failed: ${words}`,
    );
  }

  function fail(flaw: string): Access {
    const why = `authorizer ${authorizer.name} (${authorizer.functionId}): ${flaw}`;
    context.notice(`${incoming.method} ${incoming.rawPath}: ${why}; the client got status 500`);
    return turnDown('authorizer-failed', why);
  }
}

/** The first of: the function's outcome, the gateway's patience. */
function invoke(
  authorizer: LambdaAuthorizer,
  { incoming, found, origin }: Asking,
  identity: readonly string[],
  { context, clock }: LambdaAuthorizerOptions,
): Promise<Outcome> {
  const patienceMs = PATIENCE_MS[found.target.api];
  const invoked = context.deliver({
    functionId: authorizer.functionId,
    event: makeAuthorizerEvent(authorizer, incoming, found, identity, context),
    cause: {
      kind: 'authorizer',
      authorizer: authorizer.name,
      method: incoming.method,
      path: incoming.rawPath,
    },
    origin,
  });
  return new Promise((resolve, reject) => {
    const timer = clock.after(patienceMs, () => resolve({ status: 'timeout', afterMs: patienceMs }));
    invoked.then(({ outcome }) => resolve(outcome), reject).finally(() => timer.cancel());
  });
}

/** As a whole, as the service has it. What is no regular expression here lets everything through: loaders tell of it. */
export function isValid(expression: string, token: string): boolean {
  try {
    return new RegExp(`^(?:${expression})$`).test(token);
  } catch {
    return true;
  }
}
