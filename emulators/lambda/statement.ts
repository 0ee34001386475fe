/** One statement of a resource policy, as AddPermission and AddLayerVersionPermission make it. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { conflict, validation } from './errors.ts';
import { requiredText, text } from './input.ts';

export type Statement = JsonObject & { readonly Sid: string };

/** What a request may say of a condition, by the operator and key it becomes. */
export type ConditionMembers = readonly (readonly [
  member: string,
  operator: 'StringEquals' | 'ArnLike',
  key: string,
])[];

export interface StatementRules {
  readonly arn: string;
  readonly action: RegExp;
  readonly conditions: ConditionMembers;
}

/** Throws the service's error. */
export function readStatement(
  input: JsonObject,
  { arn, action, conditions }: StatementRules,
  further: JsonObject = {},
): Statement {
  const Sid = requiredText(input, 'StatementId');
  if (!/^[\w-]{1,100}$/.test(Sid))
    throw validation(Sid, 'statementId', 'regular expression pattern: ([a-zA-Z0-9-_]+)');
  const Action = requiredText(input, 'Action');
  if (!action.test(Action))
    throw validation(
      Action,
      'action',
      `regular expression pattern: ${action.source.replace(/^\^|\$$/g, '')}`,
    );
  const Condition = { ...conditionOf(input, conditions), ...further };
  return {
    Sid,
    Effect: 'Allow',
    Principal: principalOf(requiredText(input, 'Principal')),
    Action,
    Resource: arn,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

/** Throws where there is a statement of its name. */
export function checkIsNew(statement: Statement, statements: readonly JsonObject[]): void {
  if (!statements.some(({ Sid }) => Sid === statement.Sid)) return;
  throw conflict(
    `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
  );
}

function conditionOf(input: JsonObject, members: ConditionMembers): JsonObject {
  const condition: Record<string, JsonObject> = {};
  for (const [member, operator, key] of members) {
    const value = text(input, member);
    if (value !== undefined) condition[operator] = { ...condition[operator], [key]: value };
  }
  return condition;
}

/** An account, a service, an ARN or everybody, as a policy has it. */
function principalOf(principal: string): string | JsonObject {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}
