/** What `{{resolve:ssm:/path:3}}` of a project file stands for. */
import type { Parameters } from './parameters.ts';

/** Undefined for other references, and where there is no such parameter or version. */
export function storedParameter(parameters: Parameters, reference: string): string | undefined {
  const [, name] = /^ssm(?:-secure)?:(.+)$/.exec(reference) ?? [];
  if (name === undefined) return undefined;
  try {
    return parameters.find(name)?.version.value;
  } catch {
    // It has no such version.
    return undefined;
  }
}
