/**
 * `{{resolve:ssm:/path}}` and `{{resolve:secretsmanager:…}}` in environment values: what they refer to is known to the emulators
 * alone, so that loaders leave the texts as they are and a session replaces them when an instance starts.
 */

const REFERENCE = /\{\{resolve:((?:ssm|ssm-secure|secretsmanager):[^{}]+)\}\}/g;

/** Undefined where nothing is stored under that reference, which then stays. */
export type FindStored = (reference: string) => string | undefined;

/** Replaces every reference in `text`; `find` gets it without the braces: `ssm:/path:3`. */
export function expandStored(text: string, find: FindStored): string {
  return text.includes('{{resolve:')
    ? text.replace(REFERENCE, (whole, reference: string) => find(reference) ?? whole)
    : text;
}

/** What `Ref` of a template parameter gives whose value is in Parameter Store. */
export function parameterReference(name: string): string {
  return `{{resolve:ssm:${name}}}`;
}
