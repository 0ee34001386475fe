/** Key conditions: which of the allowed forms a KeyConditionExpression or KeyConditions has. */
import { unreachable } from '../../../src/std/errors.ts';
import { requestError, validationError } from '../errors.ts';
import type { Condition, Operand } from '../expressions/condition.ts';
import { attributeNameOf, isNested } from '../expressions/path.ts';
import type { Comparator } from '../expressions/written.ts';
import type { LegacyCondition } from '../legacy/conditions.ts';
import type { AttributeValue } from '../values/attribute-value.ts';

/** One attribute's part. An operator no index can serve is refused when it is known which key it is about. */
export interface KeyPart {
  readonly name: string;
  readonly operator: Comparator | 'BETWEEN' | 'begins_with' | 'unindexable';
  readonly values: readonly AttributeValue[];
}

const mirrored: Readonly<Record<Comparator, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Throws the service's complaint about a condition that is no key condition. */
export function readKeyExpression(condition: Condition): readonly KeyPart[] {
  const parts: KeyPart[] = [];
  collectParts(condition, parts);
  return parts;
}

function collectParts(condition: Condition, parts: KeyPart[]): void {
  if (condition.kind === 'and') {
    for (const each of condition.conditions) collectParts(each, parts);
    return;
  }
  const part = partOf(condition);
  if (parts.some(({ name }) => name === part.name))
    throw renewed('KeyConditionExpressions must only contain one condition per key');
  parts.push(part);
}

function partOf(condition: Condition): KeyPart {
  switch (condition.kind) {
    case 'compare':
      return comparisonPart(condition);
    case 'between':
      return leadingPart('BETWEEN', condition.operand, [condition.low, condition.high]);
    case 'begins_with':
      return leadingPart('begins_with', condition.operand, [condition.argument]);
    case 'or':
      throw wrongOperator('OR');
    case 'not':
      throw wrongOperator('NOT');
    case 'in':
      throw wrongOperator('IN');
    case 'and':
    case 'attribute_exists':
    case 'attribute_not_exists':
    case 'attribute_type':
    case 'contains':
      throw wrongOperator(condition.kind);
    default:
      return unreachable(condition);
  }
}

function comparisonPart({ comparator, left, right }: Condition & { kind: 'compare' }): KeyPart {
  if (comparator === '<>') throw wrongOperator('<>');
  const name = onlyName([left, right]);
  const swapped = left.kind !== 'path';
  return { name, operator: swapped ? mirrored[comparator] : comparator, values: literals([left, right]) };
}

function leadingPart(
  operator: 'BETWEEN' | 'begins_with',
  first: Operand,
  others: readonly Operand[],
): KeyPart {
  if (first.kind !== 'path' && first.kind !== 'size')
    throw validationError(
      `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
    );
  return { name: onlyName([first, ...others]), operator, values: literals(others) };
}

function onlyName(operands: readonly Operand[]): string {
  let name: string | undefined;
  for (const operand of operands) {
    if (operand.kind === 'size')
      throw validationError('KeyConditionExpressions cannot contain nested operations');
    if (operand.kind === 'value') continue;
    if (name !== undefined)
      throw validationError(
        'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
      );
    if (isNested(operand.path))
      throw renewed('KeyConditionExpressions cannot have conditions on nested attributes');
    name = attributeNameOf(operand.path);
  }
  if (name === undefined)
    throw validationError('Invalid condition in KeyConditionExpression: No key attribute specified');
  return name;
}

function literals(operands: readonly Operand[]): readonly AttributeValue[] {
  return operands.flatMap((operand) => (operand.kind === 'value' ? [operand.value] : []));
}

/** The newer layer says of which expression it speaks. */
function renewed(message: string) {
  return requestError(message, `Invalid KeyConditionExpression: ${message}`);
}

function wrongOperator(operator: string) {
  return validationError(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

const legacyOperators: Readonly<Partial<Record<LegacyCondition['operator'], KeyPart['operator']>>> = {
  EQ: '=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
  BETWEEN: 'BETWEEN',
  BEGINS_WITH: 'begins_with',
};

/** The same from the parameter of old, of which there may be `most`. */
export function readKeyConditions(conditions: readonly LegacyCondition[], most: number): readonly KeyPart[] {
  if (conditions.length < 1 || conditions.length > most)
    throw validationError('Conditions can be of length 1 or 2 only');
  return conditions.map(({ name, operator, values }) => ({
    name,
    operator: legacyOperators[operator] ?? 'unindexable',
    values,
  }));
}
