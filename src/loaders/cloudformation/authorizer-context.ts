/** What making the authorizers of one stack needs to know of it. */
import type { AuthorizerContext } from '../authorizers.ts';
import type { Path } from '../yaml.ts';
import type { Intrinsics } from './intrinsics.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

/** `path`: where the authorizer stands. */
export function authorizerContext(context: TriggerContext, path: Path): AuthorizerContext {
  const { intrinsics, functions } = context;
  return {
    named: (text) => functions.named(text),
    isMadeUp: (text) => madeUpIds(intrinsics).some((id) => text.includes(id)),
    warn: (code, message, hint) => warn(context, code, path, message, hint),
  };
}

const known = new WeakMap<Intrinsics, readonly string[]>();

/** Ids of user pools and their clients that this template declares: the cloud hands out other ones. */
function madeUpIds(intrinsics: Intrinsics): readonly string[] {
  const found = known.get(intrinsics);
  if (found) return found;
  const ids = intrinsics.resources
    .filter(({ type }) => type === 'AWS::Cognito::UserPool' || type === 'AWS::Cognito::UserPoolClient')
    .map(({ id }) => intrinsics.refOf(id));
  known.set(intrinsics, ids);
  return ids;
}
