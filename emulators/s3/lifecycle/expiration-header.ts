/** Tells with an object when a lifecycle rule will remove it. */
import type { BucketRecord, ObjectVersion } from '../model.ts';
import { expiryOf, type LifecycleRule, lifecycleRules, ruleCovers } from './rules.ts';

/** Value of `x-amz-expiration`; undefined where no rule is about the object. */
export function expirationHeader(
  bucket: BucketRecord,
  key: string,
  version: ObjectVersion,
): string | undefined {
  let first: { readonly rule: LifecycleRule; readonly at: number } | undefined;
  for (const rule of lifecycleRules(bucket)) {
    const at = expiryOf(rule, version.modifiedAt);
    if (at !== undefined && ruleCovers(rule, key, version) && (!first || at < first.at)) first = { rule, at };
  }
  return (
    first &&
    `expiry-date="${new Date(first.at).toUTCString()}", rule-id="${encodeURIComponent(first.rule.id)}"`
  );
}
