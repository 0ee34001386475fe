/** What making the authorizers of one stack needs to know of it. */
import type { AuthorizerContext } from '../authorizers.ts';
import type { Path } from '../yaml.ts';
import type { Intrinsics } from './intrinsics.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

/** `path`: where the authorizer stands. */
export function authorizerContext(context: TriggerContext, path: Path): AuthorizerContext {
  const { functions } = context;
  const ids = stacksOf(context).flatMap(madeUpIds);
  return {
    named: (text) => functions.named(text),
    isMadeUp: (text) => ids.some((id) => text.includes(id)),
    warn: (code, message, hint) => warn(context, code, path, message, hint),
  };
}

export function stacksOf({ intrinsics, stacks }: TriggerContext): readonly Intrinsics[] {
  return stacks ?? [intrinsics];
}

/** Ids of user pools and their clients that a template declares: the cloud hands out other ones. */
function madeUpIds(intrinsics: Intrinsics): readonly string[] {
  return intrinsics.resources
    .filter(({ type }) => type === 'AWS::Cognito::UserPool' || type === 'AWS::Cognito::UserPoolClient')
    .map(({ id }) => intrinsics.refOf(id));
}
