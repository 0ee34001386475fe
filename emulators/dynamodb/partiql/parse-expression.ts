/** Expressions by precedence, as PartiQL has them: OR, AND, NOT, equality, order, addition, multiplication. */
import type { Comparator } from '../expressions/written.ts';
import { malformed } from './errors.ts';
import { makeTermParser } from './parse-term.ts';
import type { ArithmeticOperator, Expression, Statement } from './syntax.ts';
import type { StatementReader } from './token-reader.ts';
import { typeNames } from './type-names.ts';

export interface ExpressionParser {
  parse(): Expression;
}

type Infix = 'or' | 'and' | 'is' | 'in' | 'between' | 'like' | Comparator | ArithmeticOperator;

const NOT = 30;
const precedences: Readonly<Record<Infix, number>> = {
  or: 10,
  and: 20,
  '=': 40,
  '<>': 40,
  is: 40,
  in: 40,
  '<': 50,
  '<=': 50,
  '>': 50,
  '>=': 50,
  between: 50,
  like: 50,
  '+': 60,
  '-': 60,
  '||': 60,
  '*': 70,
  '/': 70,
  '%': 70,
};

/** More than anyone writes, and little enough for the stack. */
const MAX_DEPTH = 250;
const MAX_CHAIN = 1000;

/** `parseStatement` reads a statement that stands where a term may stand; undefined where there is none. */
export function makeExpressionParser(
  reader: StatementReader,
  parseStatement: () => Statement | undefined,
): ExpressionParser {
  let depth = 0;

  const deeper = <T>(parse: () => T): T => {
    if (++depth > MAX_DEPTH) throw malformed();
    const parsed = parse();
    depth--;
    return parsed;
  };

  const parseFrom = (precedence: number): Expression =>
    deeper(() => {
      let left = parsePrefix();
      for (let links = 0; ; links++) {
        const infix = infixOf(reader);
        if (!infix || precedences[infix.name] <= precedence) return left;
        if (links > MAX_CHAIN) throw malformed();
        left = parseInfix(left, infix);
      }
    });

  const parsePrefix = (): Expression => {
    const { position: at } = reader;
    if (reader.takeKeyword('not')) return { kind: 'not', operand: parseFrom(NOT), at };
    for (const operator of ['+', '-'] as const)
      if (reader.takeSymbol(operator)) return signed(operator, deeper(parsePrefix), at);
    return parseTerm();
  };

  const parseInfix = (left: Expression, { name, negated }: Operator): Expression => {
    const { at } = left;
    if (negated) reader.take();
    reader.take();
    if (name === 'is') return { kind: 'is', ...parseType(reader), operand: left, at };
    if (name === 'in' && reader.isSymbol('(')) {
      return { kind: 'in', negated, operand: left, right: parseOptions(), at };
    }
    if (reader.current.kind === 'end')
      throw malformed('Missing right-hand side expression of infix operator');
    const right = parseFrom(precedences[name]);
    switch (name) {
      case 'or':
      case 'and':
        return joined(name, left, right);
      case 'in':
      case 'like':
        return { kind: name, negated, operand: left, right, at };
      case 'between': {
        reader.expectKeyword('and');
        return { kind: name, negated, operand: left, low: right, high: parseFrom(precedences.between), at };
      }
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
      case '||':
        return { kind: 'arithmetic', operator: name, left, right, at };
      default:
        return { kind: 'compare', comparator: name, left, right, at };
    }
  };

  /** `IN (a)` is a list of one, where `(a)` elsewhere is but a group. */
  const parseOptions = (): Expression => {
    const { at } = reader.take();
    const members = [parseFrom(-1)];
    while (reader.takeSymbol(',')) members.push(parseFrom(-1));
    reader.expectSymbol(')');
    return { kind: 'list', members, at };
  };

  const parser = { parse: () => parseFrom(-1) };
  const parseTerm = makeTermParser(reader, parser, parseStatement);
  return parser;
}

interface Operator {
  readonly name: Infix;
  readonly negated: boolean;
}

function infixOf({ current, next }: StatementReader): Operator | undefined {
  const { kind, text } = current;
  if (kind === 'keyword' && text === 'not' && next.kind === 'keyword') {
    const { text: name } = next;
    return name === 'in' || name === 'between' || name === 'like' ? { name, negated: true } : undefined;
  }
  const isOperator = (kind === 'keyword' || kind === 'symbol') && Object.hasOwn(precedences, text);
  return isOperator ? { name: text as Infix, negated: false } : undefined;
}

/** A sign before a number is part of it. */
function signed(operator: '+' | '-', operand: Expression, at: Expression['at']): Expression {
  if (operand.kind !== 'number') return { kind: 'sign', operator, operand, at };
  if (operator === '+') return operand;
  const { text } = operand;
  return { ...operand, text: text.startsWith('-') ? text.slice(1) : `-${text}` };
}

/** `a AND b AND c` is one node. */
function joined(kind: 'and' | 'or', left: Expression, right: Expression): Expression {
  const partsOf = (side: Expression) => (side.kind === kind ? side.parts : [side]);
  return { kind, parts: [...partsOf(left), ...partsOf(right)], at: left.at };
}

/** Types of two words. */
const pairs: Readonly<Record<string, string>> = { double: 'precision', character: 'varying' };

function parseType(reader: StatementReader): { readonly negated: boolean; readonly type: string } {
  const negated = reader.takeKeyword('not');
  const { kind, text } = reader.current;
  const second = pairs[text];
  if (kind === 'keyword' && second !== undefined && reader.next.text === second) {
    reader.take();
    reader.take();
    return { negated, type: `${text} ${second}` };
  }
  if (kind !== 'keyword' || !Object.hasOwn(typeNames, text)) throw malformed('Expected type name');
  reader.take();
  return { negated, type: text };
}
