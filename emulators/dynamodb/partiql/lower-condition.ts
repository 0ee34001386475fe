/** WHERE → the condition trees that filters and conditions of the API are made of. */
import { validationError } from '../errors.ts';
import { bindCondition } from '../expressions/bind-condition.ts';
import type { Condition } from '../expressions/condition.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import type { Comparator, WrittenCondition, WrittenOperand } from '../expressions/written.ts';
import { type AttributeValue, typeOf } from '../values/attribute-value.ts';
import { refusedAt } from './errors.ts';
import { documentPath } from './paths.ts';
import type { Expression } from './syntax.ts';
import { typeNames } from './type-names.ts';
import { type Parameters, requireValue } from './values.ts';

const predicates: readonly string[] = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
];

/** A term is a value to compare, or itself true or false. */
type Term = { readonly operand: WrittenOperand } | { readonly condition: WrittenCondition };

const MAX_AGREEMENTS = 12;
const never: WrittenCondition = { kind: 'or', conditions: [] };

/** Throws the service's complaints about operators, functions and operands. */
export function lowerCondition(expression: Expression, parameters: Parameters): Condition {
  const values: AttributeValue[] = [];
  // Binding resolves what is written; here everything is resolved while it is written.
  const placeholders: Placeholders = {
    path: (_, { steps }) =>
      steps.map((step) => {
        if ('position' in step) return step.position;
        return 'name' in step ? step.name : step.placeholder;
      }),
    value: (_, placeholder) => values[Number(placeholder)] ?? { NULL: true },
    assertAllUsed() {},
  };
  const hold = (value: AttributeValue): WrittenOperand => {
    values.push(value);
    return { kind: 'value', placeholder: String(values.length - 1) };
  };
  const written = writeCondition(expression, { hold, parameters, agreements: 0 });
  return bindCondition('PartiQL', written, placeholders);
}

interface Context {
  readonly parameters: Parameters;
  /** So far. */
  agreements: number;
  hold(value: AttributeValue): WrittenOperand;
}

function writeCondition(expression: Expression, context: Context): WrittenCondition {
  const term = writeTerm(expression, context);
  if ('condition' in term) return term.condition;
  if (expression.kind === 'path') throw refusedAt('Unexpected path component', expression.at);
  throw refusedAt('Unsupported token in expression', expression.at);
}

function writeTerm(expression: Expression, context: Context): Term {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const conditions = expression.parts.map((part) => writeCondition(part, context));
      return { condition: { kind: expression.kind, conditions } };
    }
    case 'not':
      return negated(writeCondition(expression.operand, context));
    case 'compare':
      return { condition: writeComparison(expression, context) };
    case 'between':
      return negatedIf(expression.negated, writeBetween(expression, context));
    case 'in':
      return negatedIf(expression.negated, writeIn(expression, context));
    case 'is':
      return negatedIf(expression.negated, writeIs(expression, context));
    case 'call':
      return writeCall(expression, context);
    case 'path':
      return { operand: writePath(expression) };
    case 'arithmetic':
      throw unsupportedOperator(expression.operator);
    case 'like':
      throw unsupportedOperator('like');
    case 'sign':
      throw lonelySign(expression.operator);
    default:
      return { operand: context.hold(requireValue(expression, context.parameters)) };
  }
}

function writePath(expression: Expression & { kind: 'path' }): WrittenOperand {
  const steps = documentPath(expression).map((step) =>
    typeof step === 'number' ? { position: step } : { name: step },
  );
  return { kind: 'path', steps };
}

function writeCall({ name, operands, at }: Expression & { kind: 'call' }, context: Context): Term {
  const small = name.toLowerCase();
  if (small !== 'size' && !predicates.includes(small)) throw refusedAt(`Unrecognized function: ${name}`, at);
  const written = operands.map((operand) => writeOperand(small, operand, context));
  const call = { kind: 'call', name: small, operands: written } as const;
  return small === 'size' ? { operand: call } : { condition: call };
}

/** Where only a value can stand, a condition is a boolean of the wrong type. */
function writeOperand(operator: string, expression: Expression, context: Context): WrittenOperand {
  const term = writeTerm(expression, context);
  if ('operand' in term) return term.operand;
  throw wrongType(operator, 'BOOL');
}

type Comparison = Expression & { kind: 'compare' };

function writeComparison({ comparator, left, right }: Comparison, context: Context): WrittenCondition {
  if (left.kind === 'missing' || right.kind === 'missing')
    return comparedWithMissing(comparator, left.kind === 'missing' ? right : left, context);
  const terms = [writeTerm(left, context), writeTerm(right, context)] as const;
  const [first, second] = terms;
  if ('operand' in first && 'operand' in second)
    return { kind: 'compare', comparator, left: first.operand, right: second.operand };
  if (comparator !== '=' && comparator !== '<>') throw wrongType(comparator, 'BOOL');
  const equal = equality(first, second, left.kind === 'boolean' ? left : right, context);
  return comparator === '=' ? equal : { kind: 'not', condition: equal };
}

/** `condition = true` needs no more than the condition. */
function equality(a: Term, b: Term, literal: Expression, context: Context): WrittenCondition {
  const condition = 'condition' in a ? a.condition : 'condition' in b ? b.condition : undefined;
  if (!condition || literal.kind !== 'boolean') return agreement(a, b, context);
  return literal.value ? condition : { kind: 'not', condition };
}

/** Both true or both false. Each names its conditions twice, so one within another soon grows out of hand. */
function agreement(a: Term, b: Term, context: Context): WrittenCondition {
  if (++context.agreements > MAX_AGREEMENTS)
    throw validationError('Too many comparisons of conditions with each other');
  const [yes, no] = [true, false].map(
    (truth): WrittenCondition => ({
      kind: 'and',
      conditions: [isTruth(a, truth, context), isTruth(b, truth, context)],
    }),
  );
  return { kind: 'or', conditions: [yes ?? never, no ?? never] };
}

function isTruth(term: Term, truth: boolean, context: Context): WrittenCondition {
  if ('condition' in term) return truth ? term.condition : { kind: 'not', condition: term.condition };
  const right = context.hold({ BOOL: truth });
  return { kind: 'compare', comparator: '=', left: term.operand, right };
}

function comparedWithMissing(comparator: Comparator, tested: Expression, context: Context): WrittenCondition {
  if (comparator === '=') return isMissing(tested, context);
  if (comparator === '<>') return { kind: 'not', condition: isMissing(tested, context) };
  throw wrongType(comparator, 'MISSING');
}

function writeBetween(
  { operand, low, high }: Expression & { kind: 'between' },
  context: Context,
): WrittenCondition {
  return {
    kind: 'between',
    operand: writeOperand('BETWEEN', operand, context),
    low: writeOperand('BETWEEN', low, context),
    high: writeOperand('BETWEEN', high, context),
  };
}

function writeIn({ operand, right }: Expression & { kind: 'in' }, context: Context): WrittenCondition {
  if (right.kind !== 'list') throw wrongType('IN', typeOf(requireValue(right, context.parameters)));
  const tested = writeTerm(operand, context);
  if ('operand' in tested) {
    const options = right.members.map((member) => writeOperand('IN', member, context));
    return { kind: 'in', operand: tested.operand, options };
  }
  const conditions = right.members.map((member) => agreement(tested, writeTerm(member, context), context));
  return { kind: 'or', conditions };
}

function writeIs({ operand, type }: Expression & { kind: 'is' }, context: Context): WrittenCondition {
  if (type === 'missing') return isMissing(operand, context);
  const tested = writeOperand('IS', operand, context);
  const conditions = (typeNames[type] ?? []).map((name): WrittenCondition => {
    return { kind: 'call', name: 'attribute_type', operands: [tested, context.hold({ S: name })] };
  });
  const [only] = conditions;
  return only && conditions.length === 1 ? only : { kind: 'or', conditions };
}

function isMissing(tested: Expression, context: Context): WrittenCondition {
  const operands = [writeOperand('IS', tested, context)];
  return { kind: 'call', name: 'attribute_not_exists', operands };
}

function negated(condition: WrittenCondition): Term {
  return { condition: { kind: 'not', condition } };
}

function negatedIf(negative: boolean, condition: WrittenCondition): Term {
  return negative ? negated(condition) : { condition };
}

function unsupportedOperator(operator: string) {
  return validationError(`Unsupported operator in Condition Expression. Operator: ${operator}`);
}

export function lonelySign(operator: '+' | '-') {
  return validationError(
    `Incorrect number of operands for operator or function; operator or function: ${operator}, number of operands: 1`,
  );
}

function wrongType(operator: string, type: string) {
  return validationError(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}
