/** What making the authorizers of one stack needs to know of it. */
import type { AuthorizerContext } from '../authorizers.ts';
import type { Path } from '../yaml.ts';
import type { Intrinsics } from './intrinsics.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

/** `path`: where the authorizer stands. */
export function authorizerContext(context: TriggerContext, path: Path): AuthorizerContext {
  const { intrinsics, functions } = context;
  const ids = context.madeUpIds ?? madeUpIds(intrinsics);
  return {
    named: (text) => functions.named(text),
    isMadeUp: (text) => ids.some((id) => text.includes(id)),
    warn: (code, message, hint) => warn(context, code, path, message, hint),
  };
}

/** Ids of user pools and their clients that a template declares: the cloud hands out other ones. */
export function madeUpIds(intrinsics: Intrinsics): readonly string[] {
  return intrinsics.resources
    .filter(({ type }) => type === 'AWS::Cognito::UserPool' || type === 'AWS::Cognito::UserPoolClient')
    .map(({ id }) => intrinsics.refOf(id));
}
