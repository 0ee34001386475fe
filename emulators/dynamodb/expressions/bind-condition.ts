/** Written condition + placeholders → condition, with the service's checks of operands on the way. */
import { unreachable } from '../../../src/std/errors.ts';
import {
  type AttributeValue,
  printValue,
  typeOf,
  type ValueType,
  valueTypes,
} from '../values/attribute-value.ts';
import { compareValues, isOrdered } from '../values/compare.ts';
import type { Condition, Operand } from './condition.ts';
import { printPath, samePath } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { type ExpressionName, expressionError } from './tokens.ts';
import type { WrittenCall, WrittenCondition, WrittenOperand } from './written.ts';

const operandCounts: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};

/** What IN compares with. */
const MAX_OPTIONS = 100;

export function bindCondition(
  expression: ExpressionName,
  written: WrittenCondition,
  placeholders: Placeholders,
): Condition {
  const fail = (detail: string) => expressionError(expression, detail);

  const bind = (condition: WrittenCondition): Condition => {
    switch (condition.kind) {
      case 'and':
      case 'or':
        return { kind: condition.kind, conditions: condition.conditions.map(bind) };
      case 'not':
        return { kind: 'not', condition: bind(condition.condition) };
      case 'compare':
        return bindComparison(condition);
      case 'between':
        return bindBetween(condition);
      case 'in':
        return bindIn(condition);
      case 'call':
        return bindPredicate(condition);
      default:
        return unreachable(condition);
    }
  };

  const bindComparison = ({ comparator, left, right }: WrittenCondition & { kind: 'compare' }): Condition => {
    const operands = [operand(left), operand(right)] as const;
    assertDistinct(comparator, operands);
    if (comparator !== '=' && comparator !== '<>') assertOrdered(comparator, operands);
    return { kind: 'compare', comparator, left: operands[0], right: operands[1] };
  };

  const bindBetween = (condition: WrittenCondition & { kind: 'between' }): Condition => {
    const tested = operand(condition.operand);
    const low = operand(condition.low);
    const high = operand(condition.high);
    assertDistinct('BETWEEN', [tested, low, high]);
    assertOrdered('BETWEEN', [tested, low, high]);
    if (low.kind === 'value' && high.kind === 'value') assertBounds(low.value, high.value);
    return { kind: 'between', operand: tested, low, high };
  };

  const bindIn = (condition: WrittenCondition & { kind: 'in' }): Condition => {
    const tested = operand(condition.operand);
    const options = condition.options.map(operand);
    if (options.length > MAX_OPTIONS)
      throw fail(`The IN operator is provided with too many operands; number of operands: ${options.length}`);
    assertDistinct('IN', [tested, ...options]);
    return { kind: 'in', operand: tested, options };
  };

  const bindPredicate = (call: WrittenCall): Condition => {
    const operands = boundOperands(call);
    const [first, second] = operands as readonly [Operand, Operand];
    switch (call.name) {
      case 'attribute_exists':
      case 'attribute_not_exists':
        if (first.kind !== 'path') throw needsPath(call.name);
        return { kind: call.name, path: first.path };
      case 'attribute_type':
        assertDistinct(call.name, operands);
        return { kind: call.name, operand: first, type: typeNamed(second) };
      case 'begins_with':
        assertDistinct(call.name, operands);
        for (const each of operands) assertType(call.name, each, ['S', 'B']);
        return { kind: call.name, operand: first, argument: second };
      default:
        assertDistinct(call.name, operands);
        return { kind: 'contains', operand: first, argument: second };
    }
  };

  const operand = (writtenOperand: WrittenOperand): Operand => {
    switch (writtenOperand.kind) {
      case 'path':
        return { kind: 'path', path: placeholders.path(expression, writtenOperand) };
      case 'value':
        return { kind: 'value', value: placeholders.value(expression, writtenOperand.placeholder) };
      case 'call': {
        const [of] = boundOperands(writtenOperand) as readonly [Operand];
        assertType('size', of, ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']);
        return { kind: 'size', of };
      }
      default:
        return unreachable(writtenOperand);
    }
  };

  const boundOperands = ({ name, operands }: WrittenCall): readonly Operand[] => {
    const bound = operands.map(operand);
    if (bound.length !== operandCounts[name])
      throw fail(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${bound.length}`,
      );
    return bound;
  };

  const assertDistinct = (operator: string, [first, ...others]: readonly Operand[]): void => {
    if (first?.kind !== 'path') return;
    if (others.some((other) => other.kind === 'path' && samePath(other.path, first.path)))
      throw fail(
        `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${printPath(first.path)}`,
      );
  };

  const assertOrdered = (operator: string, operands: readonly Operand[]): void => {
    for (const each of operands)
      if (each.kind === 'value' && !isOrdered(each.value)) throw wrongType(operator, typeOf(each.value));
  };

  const assertType = (name: string, tested: Operand, allowed: readonly ValueType[]): void => {
    const type = literalType(tested);
    if (type && !allowed.includes(type)) throw wrongType(name, type);
  };

  const typeNamed = (tested: Operand): ValueType => {
    if (tested.kind === 'path') throw wrongType('attribute_type', `{${valueTypes.join(',')}}`);
    const type = literalType(tested);
    if (tested.kind !== 'value' || !('S' in tested.value)) throw wrongType('attribute_type', type ?? 'N');
    const name = tested.value.S;
    const known = valueTypes.find((each) => each === name);
    if (!known)
      throw fail(`Invalid attribute type name found; type: ${name}, valid types: {${valueTypes.join(',')}}`);
    return known;
  };

  const assertBounds = (low: AttributeValue, high: AttributeValue): void => {
    const bounds = `lower bound operand: AttributeValue: ${printValue(low)}, upper bound operand: AttributeValue: ${printValue(high)}`;
    const order = compareValues(low, high);
    if (order === undefined)
      throw fail(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
    if (order > 0)
      throw fail(
        `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
      );
  };

  const wrongType = (name: string, type: string) =>
    fail(
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
    );

  const needsPath = (name: string) =>
    fail(`Operator or function requires a document path; operator or function: ${name}`);

  return bind(written);
}

/** The type an operand has whatever the item. */
function literalType(operand: Operand): ValueType | undefined {
  if (operand.kind === 'value') return typeOf(operand.value);
  return operand.kind === 'size' ? 'N' : undefined;
}
