/** Parses references (`$!{name.of.a[0].method('x')}`) and what stands in brackets: texts, numbers, lists, comparisons, sums. */
import {
  deeper,
  expect,
  failure,
  found,
  lineAt,
  type Scanner,
  skipSpace,
  startsWith,
  take,
} from './scanner.ts';
import type { Expression, Operator, Reference, Step } from './syntax.ts';

/** From what binds least; words stand for signs. */
const levels: readonly RegExp[] = [
  /\|\||or\b/y,
  /&&|and\b/y,
  /==|!=|(?:eq|ne)\b/y,
  /<=|>=|<|>|(?:le|ge|lt|gt)\b/y,
  /[+-]/y,
  /[*/%]/y,
];

const signs: Readonly<Record<string, Operator>> = {
  ...{ '||': '||', '&&': '&&', '==': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
  ...{ '+': '+', '-': '-', '*': '*', '/': '/', '%': '%' },
  ...{ or: '||', and: '&&', eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' },
};

export function parseExpression(scanner: Scanner, level = 0): Expression {
  const operators = levels[level];
  if (!operators) return deeper(scanner, () => parseUnary(scanner));
  let left = parseExpression(scanner, level + 1);
  for (;;) {
    skipSpace(scanner);
    const operator = signs[take(scanner, operators)?.[0] ?? ''];
    if (!operator) return left;
    left = { kind: 'binary', operator, left, right: parseExpression(scanner, level + 1) };
  }
}

/** Up to and with the closing bracket. */
export function parseGiven(scanner: Scanner, close: ')' | ']'): Expression[] {
  const given: Expression[] = [];
  for (;;) {
    skipSpace(scanner);
    if (startsWith(scanner, close)) {
      scanner.at++;
      return given;
    }
    given.push(parseExpression(scanner));
    skipSpace(scanner);
    if (!startsWith(scanner, close)) expect(scanner, ',');
  }
}

function parseUnary(scanner: Scanner): Expression {
  skipSpace(scanner);
  if (take(scanner, /!(?!=)|not\b/y)) return { kind: 'not', of: deeper(scanner, () => parseUnary(scanner)) };
  if (take(scanner, /-(?!\d)/y)) return { kind: 'minus', of: deeper(scanner, () => parseUnary(scanner)) };
  return parsePrimary(scanner);
}

function parsePrimary(scanner: Scanner): Expression {
  const line = lineAt(scanner);
  const number = take(scanner, /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (number) return { kind: 'value', value: Number(number[0]) };
  const word = take(scanner, /(?:true|false|null)\b/y)?.[0];
  if (word !== undefined) return { kind: 'value', value: word === 'null' ? null : word === 'true' };
  // A quote in a text is doubled; a backslash is a character like any other, as in Velocity 1.
  const plain = take(scanner, /'((?:[^']|'')*)'/y)?.[1];
  if (plain !== undefined) return { kind: 'value', value: plain.replaceAll("''", "'") };
  const quoted = take(scanner, /"((?:[^"]|"")*)"/y)?.[1];
  if (quoted !== undefined) return textOf(quoted.replaceAll('""', '"'), scanner, line);
  const reference = parseReference(scanner);
  if (reference) return { kind: 'reference', reference };
  return parseBracketed(scanner);
}

function textOf(text: string, scanner: Scanner, line: number): Expression {
  if (!/[$#]/.test(text)) return { kind: 'value', value: text };
  return { kind: 'template', body: deeper(scanner, () => scanner.parseText(text, line)) };
}

function parseBracketed(scanner: Scanner): Expression {
  const bracket = take(scanner, /[([{]/y)?.[0];
  if (bracket === '(') {
    const inner = parseExpression(scanner);
    expect(scanner, ')');
    return inner;
  }
  if (bracket === '{') return { kind: 'map', entries: parseEntries(scanner) };
  if (bracket === '[') return parseList(scanner);
  throw failure(scanner, `expected a value, found ${found(scanner)}`);
}

/** `[1, 2]`, `[1..$n]`. */
function parseList(scanner: Scanner): Expression {
  const begin = scanner.at;
  skipSpace(scanner);
  if (startsWith(scanner, ']')) return { kind: 'list', items: parseGiven(scanner, ']') };
  const from = parseExpression(scanner);
  skipSpace(scanner);
  if (!startsWith(scanner, '..')) {
    scanner.at = begin;
    return { kind: 'list', items: parseGiven(scanner, ']') };
  }
  scanner.at += 2;
  const to = parseExpression(scanner);
  expect(scanner, ']');
  return { kind: 'range', from, to };
}

function parseEntries(scanner: Scanner): [Expression, Expression][] {
  const entries: [Expression, Expression][] = [];
  for (;;) {
    skipSpace(scanner);
    if (take(scanner, /\}/y)) return entries;
    const key = parseExpression(scanner);
    expect(scanner, ':');
    entries.push([key, parseExpression(scanner)]);
    skipSpace(scanner);
    if (!startsWith(scanner, '}')) expect(scanner, ',');
  }
}

const BEGIN = /\$(?<quiet>!?)(?<brace>\{?)(?<name>[a-zA-Z_][\w-]*)/y;

/** Undefined, and nothing taken, where no reference begins: `$5`. */
export function parseReference(scanner: Scanner): Reference | undefined {
  const begin = scanner.at;
  const line = lineAt(scanner);
  const groups = take(scanner, BEGIN)?.groups;
  if (!groups) return undefined;
  const steps = deeper(scanner, () => parseSteps(scanner));
  if (groups.brace === '{') expect(scanner, '}');
  const written = scanner.text.slice(begin, scanner.at);
  return { name: groups.name ?? '', steps, quiet: groups.quiet === '!', written, line };
}

function parseSteps(scanner: Scanner): Step[] {
  const steps: Step[] = [];
  for (;;) {
    const step = parseStep(scanner);
    if (!step) return steps;
    steps.push(step);
  }
}

function parseStep(scanner: Scanner): Step | undefined {
  if (startsWith(scanner, '[')) {
    scanner.at++;
    skipSpace(scanner);
    const index = parseExpression(scanner);
    expect(scanner, ']');
    return { kind: 'index', index };
  }
  const name = take(scanner, /\.([a-zA-Z_][\w-]*)/y)?.[1];
  if (name === undefined) return undefined;
  if (!startsWith(scanner, '(')) return { kind: 'property', name };
  scanner.at++;
  return { kind: 'method', name, given: parseGiven(scanner, ')') };
}
