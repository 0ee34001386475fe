/** Reads and checks members of an operation's input. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { makeTextReader } from '../_wire/text-member.ts';
import { invalidArn, invalidMember, malformedBody, malformedPolicy } from './errors.ts';

export const optionalText = makeTextReader(malformedBody);

export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw invalidMember(name, null, 'Member must not be null');
  return value;
}

/** In seconds. Source: STS API reference of each operation. */
export function readDuration(input: JsonObject, usual: number, most: number): number {
  const value = input.DurationSeconds;
  if (value === undefined || value === null) return usual;
  const seconds = Number(value);
  const refuse = (constraint: string) => invalidMember('DurationSeconds', String(value), constraint);
  if (!Number.isInteger(seconds) || seconds < 900)
    throw refuse('Member must have value greater than or equal to 900');
  if (seconds > most) throw refuse(`Member must have value less than or equal to ${most}`);
  return seconds;
}

export interface Role {
  readonly accountId: string;
  readonly name: string;
}

export function readRole(input: JsonObject): Role {
  const arn = requiredText(input, 'RoleArn');
  if (arn.length < 20)
    throw invalidMember('RoleArn', arn, 'Member must have length greater than or equal to 20');
  const [, accountId, path] = /^arn:[\w-]+:iam::(\d{12}):role\/([\w+=,.@/-]+)$/.exec(arn) ?? [];
  if (accountId === undefined || path === undefined) throw invalidArn(arn);
  return { accountId, name: path.split('/').at(-1) ?? path };
}

/** A name of a session or of a federated user. */
export function readName(input: JsonObject, member: string, most: number): string {
  const name = requiredText(input, member);
  if (!/^[\w+=,.@-]*$/.test(name))
    throw invalidMember(member, name, 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
  if (name.length < 2)
    throw invalidMember(member, name, 'Member must have length greater than or equal to 2');
  if (name.length > most)
    throw invalidMember(member, name, `Member must have length less than or equal to ${most}`);
  return name;
}

/** A session policy is checked and of no effect: nothing enforces policies here. */
export function checkPolicy(input: JsonObject): void {
  const policy = optionalText(input, 'Policy');
  if (policy === undefined) return;
  try {
    JSON.parse(policy);
  } catch {
    throw malformedPolicy();
  }
}
