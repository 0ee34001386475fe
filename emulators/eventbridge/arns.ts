/** Names and ARNs of buses and rules. */
import { constraint } from './errors.ts';

export const DEFAULT_BUS = 'default';

export interface Owner {
  readonly region: string;
  readonly accountId: string;
}

export function eventsArn({ region, accountId }: Owner, resource: string): string {
  return `arn:aws:events:${region}:${accountId}:${resource}`;
}

export function busArn(owner: Owner, name: string): string {
  return eventsArn(owner, `event-bus/${name}`);
}

/** The name of the default bus is no part of its rules' ARNs. */
export function ruleArn(owner: Owner, bus: string, rule: string): string {
  return eventsArn(owner, `rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${rule}`);
}

/** A name as it is, or that in an ARN. */
export function busNameIn(nameOrArn: string): string {
  return /^arn:[^:]+:events:[^:]*:[^:]*:event-bus\/(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

/** The service an ARN is of; undefined when it is none. */
export function serviceOf(arn: string): string | undefined {
  return /^arn:[\w-]+:([\w-]+):/.exec(arn)?.[1];
}

/** `member` as the request has it: `Name`, `Targets.1.member.id`. */
export function checkName(member: string, name: string, most: number, pattern = /^[.\-_A-Za-z0-9]+$/): void {
  if (!pattern.test(name))
    throw constraint(
      member,
      name,
      `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '').replace('.', '\\.')}`,
    );
  if (name.length > most)
    throw constraint(member, name, `Member must have length less than or equal to ${most}`);
}
