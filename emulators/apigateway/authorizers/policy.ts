/** Evaluates the IAM policy an authorizer returned for one method of an API. */
import { isRecord } from '../../../src/model/json.ts';

/** `flawed`: the service answers 500, and this is why. */
export type PolicyResult =
  | { readonly effect: 'allow' | 'explicit-deny' | 'implicit-deny'; readonly hasConditions: boolean }
  | { readonly flawed: string };

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly matches: boolean;
  readonly hasConditions: boolean;
}

const ACTION = 'execute-api:Invoke';

/** A `Deny` that matches wins over every `Allow`; without a match nothing is allowed. Conditions count as met. */
export function evaluatePolicy(policy: unknown, methodArn: string): PolicyResult {
  if (!isRecord(policy)) return { flawed: `its policyDocument is ${shown(policy)}, not an object` };
  const written = policy.Statement;
  if (written === undefined) return { flawed: 'its policyDocument has no Statement' };
  const statements: Statement[] = [];
  for (const one of Array.isArray(written) ? written : [written]) {
    const statement = readStatement(one, methodArn);
    if ('flawed' in statement) return statement;
    statements.push(statement);
  }
  const matching = statements.filter(({ matches }) => matches);
  const hasConditions = matching.some((statement) => statement.hasConditions);
  const has = (effect: Statement['effect']) => matching.some((statement) => statement.effect === effect);
  if (has('Deny')) return { effect: 'explicit-deny', hasConditions };
  return { effect: has('Allow') ? 'allow' : 'implicit-deny', hasConditions };
}

function readStatement(written: unknown, methodArn: string): Statement | { readonly flawed: string } {
  if (!isRecord(written)) return { flawed: `a statement of its policy is ${shown(written)}, not an object` };
  const { Effect, Action, NotAction, Resource, NotResource } = written;
  if (Effect !== 'Allow' && Effect !== 'Deny')
    return { flawed: `the Effect of a statement is ${shown(Effect)}, not "Allow" or "Deny"` };
  const actions = textsOf(Action ?? NotAction);
  if (!actions)
    return { flawed: `the Action of a statement is ${shown(Action)}, not a text or a list of texts` };
  const resources = textsOf(Resource ?? NotResource);
  if (!resources)
    return { flawed: `the Resource of a statement is ${shown(Resource)}, not a text or a list of texts` };
  // Actions are compared without regard to case, resources are not.
  const isActed = actions.some((pattern) => glob(pattern.toLowerCase(), ACTION.toLowerCase()));
  const isNamed = resources.some((pattern) => glob(pattern, methodArn));
  return {
    effect: Effect,
    matches: isActed === (Action !== undefined) && isNamed === (Resource !== undefined),
    hasConditions: isRecord(written.Condition) && Object.keys(written.Condition).length > 0,
  };
}

function textsOf(value: unknown): readonly string[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((item) => typeof item === 'string');
  return texts.length > 0 && texts.length === list.length ? texts : undefined;
}

/** `*` stands for any characters, slashes and colons among them, `?` for one. Linear in the text for each star. */
function glob(pattern: string, text: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      resumeAt = at;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[at])) {
      p++;
      at++;
    } else if (star >= 0) {
      p = star + 1;
      at = ++resumeAt;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
