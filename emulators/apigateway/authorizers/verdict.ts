/** Reads what an authorizer function answered, in the forms its kind of API understands. */
import type { LambdaAuthorizer } from '../../../src/model/authorizers.ts';
import { isRecord } from '../../../src/model/json.ts';
import { type JsonRecord, parseJson } from './json-record.ts';
import { evaluatePolicy } from './policy.ts';

/** An answer that can be applied to any method of the API, as it is kept for the same identity. */
export interface Verdict {
  /** The policy to evaluate, or what the function said outright. */
  readonly decision: { readonly policy: unknown } | { readonly isAuthorized: boolean };
  readonly principalId: string | undefined;
  /** Values as the function gave them. */
  readonly context: JsonRecord | undefined;
}

export interface Flaw {
  readonly flawed: string;
}

/** `payload` is the JSON text of the function's result. */
export function readVerdict(
  payload: string,
  authorizer: LambdaAuthorizer,
  takesNested: boolean,
): Verdict | Flaw {
  const result = parseJson(payload);
  if (!isRecord(result)) return { flawed: `it returned ${payload.slice(0, 80)}, not an object` };
  const { principalId, context } = result;
  if (context !== undefined && context !== null && !isRecord(context))
    return { flawed: 'its context is not an object' };
  if (!takesNested && isRecord(context)) {
    const nested = Object.entries(context).find(([, value]) => typeof value === 'object' && value !== null);
    if (nested)
      return {
        flawed: `its context has an object or a list at "${nested[0]}", where only texts, numbers and booleans may be`,
      };
  }
  const decision = readDecision(result, authorizer);
  if ('flawed' in decision) return decision;
  return {
    decision,
    principalId:
      typeof principalId === 'string' || typeof principalId === 'number' ? String(principalId) : undefined,
    context: isRecord(context) ? context : undefined,
  };
}

function readDecision(result: JsonRecord, authorizer: LambdaAuthorizer): Verdict['decision'] | Flaw {
  const { isAuthorized, policyDocument } = result;
  if (authorizer.simpleResponses) {
    if (typeof isAuthorized === 'boolean') return { isAuthorized };
    return { flawed: 'it returned no isAuthorized of true or false, which simple responses have' };
  }
  if (policyDocument === undefined)
    return {
      flawed:
        isAuthorized === undefined
          ? 'it returned no policyDocument'
          : 'it returned isAuthorized, but simple responses are not enabled: a policyDocument is wanted',
    };
  // A policy that cannot be read is told of at once, not only where it is applied.
  const tried = evaluatePolicy(policyDocument, '');
  return 'flawed' in tried ? tried : { policy: policyDocument };
}
