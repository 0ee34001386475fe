/** Names of parameters: what they may be, their ARNs, and how one version of a parameter is named. */
import { invalidMember, levelLimit, validation } from './errors.ts';

const RULE =
  'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';

/** Source: SSM API reference, PutParameter; "Requirements and constraints for parameter names". */
export function checkName(name: string): void {
  if (name.length > 2048)
    throw invalidMember('name', name, 'Member must have length less than or equal to 2048');
  if (/^\/?aws/i.test(name)) throw validation(`No access to reserved parameter name: ${name}.`);
  if (/^\/?ssm/i.test(name) || !/^\/?[\w.-]+(\/[\w.-]+)*$/.test(name)) throw validation(RULE);
  if (name.includes('/') && !name.startsWith('/'))
    throw validation('Parameter name must be a fully qualified name.');
  if (name.split('/').length - 1 > 15) throw levelLimit();
}

export function arnOf(region: string, accountId: string, name: string): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

export interface Selected {
  /** As it may be stored; of an ARN both forms there are. */
  readonly names: readonly string[];
  /** Version or label. */
  readonly selector?: string;
}

/** `name`, `name:3`, `name:label`, or the same with an ARN in place of the name. */
export function parseReference(reference: string): Selected {
  const [, arnPath, arnSelector] =
    /^arn:[\w-]+:ssm:[^:]*:[^:]*:parameter(\/[^:]+)(?::(.+))?$/.exec(reference) ?? [];
  if (arnPath !== undefined)
    return {
      names: [arnPath, arnPath.slice(1)],
      ...(arnSelector !== undefined && { selector: arnSelector }),
    };
  const [name = '', selector] = reference.split(':', 2);
  return { names: [name], ...(selector !== undefined && { selector }) };
}
