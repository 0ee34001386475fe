/** Condition, filter and key condition expressions: text → written condition. */
import { makeParentheses, type Parentheses, parseBareOperand, parseOperand } from './parse-operand.ts';
import { assertNotReserved } from './placeholders.ts';
import { type ExpressionName, expressionError, TokenReader } from './tokens.ts';
import type { Comparator, WrittenCall, WrittenCondition, WrittenOperand } from './written.ts';

const keywords: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
const comparators: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];
/** Functions that are conditions; `size` is the one that is an operand. */
const predicates: readonly string[] = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
];

const updateFunctions: readonly string[] = ['if_not_exists', 'list_append'];

/** A parenthesis may open either, and a call may be either: which one it is shows later. */
type Node = WrittenCondition | WrittenOperand;

export function parseCondition(expression: ExpressionName, text: string): WrittenCondition {
  const parser = makeParser(expression, text);
  const condition = parser.parse();
  checkFunctions(expression, condition);
  checkNames(expression, condition);
  return condition;
}

function makeParser(expression: ExpressionName, text: string) {
  const reader = new TokenReader(expression, text);
  const parentheses: Parentheses = makeParentheses();
  const operand = () => parseOperand(reader, keywords, parentheses);

  const joined = (keyword: 'AND' | 'OR', parsePart: () => Node): Node => {
    const first = parsePart();
    if (!reader.isKeyword(keyword)) return first;
    const conditions = [asCondition(first)];
    while (reader.isKeyword(keyword)) {
      reader.take();
      reader.countOperator();
      conditions.push(asCondition(parsePart()));
    }
    return { kind: keyword === 'AND' ? 'and' : 'or', conditions };
  };

  const disjunction = (): Node => joined('OR', conjunction);
  const conjunction = (): Node => joined('AND', negation);

  const negation = (): Node => {
    if (!reader.isKeyword('NOT')) return comparison();
    reader.take();
    reader.countOperator();
    return { kind: 'not', condition: asCondition(negation()) };
  };

  const comparison = (): Node => {
    const left = term();
    if (!isOperand(left)) return left;
    if (reader.isKeyword('BETWEEN')) return between(left);
    if (reader.isKeyword('IN')) return inList(left);
    if (!comparators.includes(reader.current.text)) return left;
    const comparator = reader.take().text as Comparator;
    reader.countOperator();
    return { kind: 'compare', comparator, left, right: operand() };
  };

  const term = (): Node => {
    if (!reader.takeIf('(')) return parseBareOperand(reader, keywords, parentheses);
    return parentheses.close(reader, reader.nested(disjunction));
  };

  const between = (left: WrittenOperand): Node => {
    reader.take();
    reader.countOperator();
    const low = operand();
    if (!reader.isKeyword('AND')) throw reader.syntaxError();
    reader.take();
    return { kind: 'between', operand: left, low, high: operand() };
  };

  const inList = (left: WrittenOperand): Node => {
    reader.take();
    reader.countOperator();
    reader.expect('(');
    const options = [operand()];
    while (reader.takeIf(',')) options.push(operand());
    reader.expect(')');
    return { kind: 'in', operand: left, options };
  };

  const asCondition = (node: Node): WrittenCondition => {
    if (node.kind === 'path' || node.kind === 'value') throw reader.syntaxError();
    return node;
  };

  return {
    parse(): WrittenCondition {
      const node = disjunction();
      if (reader.current.kind !== 'end') throw reader.syntaxError();
      return asCondition(node);
    },
  };
}

function isOperand(node: Node): node is WrittenOperand {
  return node.kind === 'path' || node.kind === 'value' || node.kind === 'call';
}

function operandsOf(condition: WrittenCondition): readonly WrittenOperand[] {
  switch (condition.kind) {
    case 'compare':
      return [condition.left, condition.right];
    case 'between':
      return [condition.operand, condition.low, condition.high];
    case 'in':
      return [condition.operand, ...condition.options];
    case 'call':
      return condition.operands;
    default:
      return [];
  }
}

function partsOf(condition: WrittenCondition): readonly WrittenCondition[] {
  if (condition.kind === 'and' || condition.kind === 'or') return condition.conditions;
  return condition.kind === 'not' ? [condition.condition] : [];
}

function checkFunctions(expression: ExpressionName, condition: WrittenCondition): void {
  for (const part of partsOf(condition)) checkFunctions(expression, part);
  if (condition.kind === 'call') checkFunction(expression, condition, predicates);
  for (const operand of operandsOf(condition)) checkOperandFunctions(expression, operand);
}

function checkOperandFunctions(expression: ExpressionName, operand: WrittenOperand): void {
  if (operand.kind !== 'call') return;
  checkFunction(expression, operand, ['size']);
  for (const inner of operand.operands) checkOperandFunctions(expression, inner);
}

function checkFunction(expression: ExpressionName, { name }: WrittenCall, allowed: readonly string[]): void {
  if (updateFunctions.includes(name))
    throw expressionError(
      expression,
      `The function is not allowed in a condition expression; function: ${name}`,
    );
  if (name !== 'size' && !predicates.includes(name))
    throw expressionError(expression, `Invalid function name; function: ${name}`);
  if (!allowed.includes(name))
    throw expressionError(
      expression,
      `The function is not allowed to be used this way in an expression; function: ${name}`,
    );
}

function checkNames(expression: ExpressionName, condition: WrittenCondition): void {
  for (const part of partsOf(condition)) checkNames(expression, part);
  for (const operand of operandsOf(condition)) checkOperandNames(expression, operand);
}

/** Throws for the first reserved word among the names of `operand`. */
export function checkOperandNames(expression: ExpressionName, operand: WrittenOperand): void {
  if (operand.kind === 'path') assertNotReserved(expression, operand);
  if (operand.kind === 'call') for (const inner of operand.operands) checkOperandNames(expression, inner);
}
