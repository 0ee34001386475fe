/** Parses Velocity templates (VTL 1.7, the language of API Gateway's mapping templates). */
import { parseExpression, parseReference } from './expression.ts';
import { deeper, expect, failure, found, lineAt, type Scanner, skipSpace, take } from './scanner.ts';
import type { Branch, Expression, Node } from './syntax.ts';

/** Throws `TemplateError`. */
export function parseTemplate(text: string): readonly Node[] {
  // A macro may be called before it is defined; what is none is plain text.
  const macros = new Set([...text.matchAll(/#\{?macro\}?\s*\(\s*([\w-]+)/g)].map(([, name = '']) => name));
  return parseText(text, macros, 1, 0);
}

function parseText(text: string, macros: ReadonlySet<string>, firstLine: number, depth: number): Node[] {
  const scanner: Scanner = {
    ...{ text, at: 0, depth, firstLine },
    parseText: (inner, line) => parseText(inner, macros, line, scanner.depth),
  };
  const nodes = parseNodes(scanner, macros);
  const end = takeEnd(scanner);
  if (end !== undefined) throw failure(scanner, `#${end} without the #if or #foreach it belongs to`);
  return nodes;
}

const PLAIN = /[^$#\\]+/y;
const COMMENT = /##[^\n]*(?:\n|$)|#\*[\s\S]*?\*#/y;
const VERBATIM = /#\[\[([\s\S]*?)\]\]#/y;
/** What stays plain because of a backslash before it; two of them are one. */
const ESCAPED = /(\\+)(?=\$!?\{?[a-zA-Z_]|#\{?(?:set|if|else|elseif|end|foreach|define|macro|break|stop)\b)/y;

/** Up to `#end`, `#else`, `#elseif` or the end of the text. */
function parseNodes(scanner: Scanner, macros: ReadonlySet<string>): Node[] {
  const nodes: Node[] = [];
  const push = (text: string) => {
    if (text !== '') nodes.push({ kind: 'text', text });
  };
  for (;;) {
    const plain = take(scanner, PLAIN)?.[0];
    if (plain !== undefined) push(plain);
    if (scanner.at >= scanner.text.length || isAtEnd(scanner)) return nodes;
    const slashes = take(scanner, ESCAPED)?.[1]?.length;
    if (slashes !== undefined) {
      push('\\'.repeat(Math.floor(slashes / 2)));
      if (slashes % 2 === 1) push(takeOne(scanner) + (take(scanner, PLAIN)?.[0] ?? ''));
      continue;
    }
    const verbatim = take(scanner, VERBATIM)?.[1];
    if (verbatim !== undefined) push(verbatim);
    else if (!take(scanner, COMMENT))
      nodes.push(parseActive(scanner, macros) ?? { kind: 'text', text: takeOne(scanner) });
  }
}

function takeOne(scanner: Scanner): string {
  return scanner.text[scanner.at++] ?? '';
}

const END = /#(?:(end|else)\b|\{(end|else)\}|(elseif)(?=\s*\()|\{(elseif)\}(?=\s*\())/y;

function isAtEnd(scanner: Scanner): boolean {
  END.lastIndex = scanner.at;
  return END.test(scanner.text);
}

function takeEnd(scanner: Scanner): string | undefined {
  const words = take(scanner, END);
  return words?.[1] ?? words?.[2] ?? words?.[3] ?? words?.[4];
}

/** A reference or a directive; undefined, and nothing taken, where neither is. */
function parseActive(scanner: Scanner, macros: ReadonlySet<string>): Node | undefined {
  const reference = parseReference(scanner);
  if (reference) return { kind: 'print', reference };
  const word = take(scanner, /#(?:([a-zA-Z][\w-]*)|\{([a-zA-Z][\w-]*)\})/y);
  if (!word) return undefined;
  const name = word[1] ?? word[2] ?? '';
  const node = parseDirective(name, scanner, macros);
  if (!node) scanner.at -= word[0].length;
  return node;
}

function parseDirective(name: string, scanner: Scanner, macros: ReadonlySet<string>): Node | undefined {
  switch (name) {
    case 'set':
      return parseSet(scanner);
    case 'if':
      return parseIf(scanner, macros);
    case 'foreach':
      return parseForeach(scanner, macros);
    case 'define': {
      const [defined = ''] = parseNames(scanner, /\$!?\{?([a-zA-Z_][\w-]*)\}?/y);
      return { kind: 'define', name: defined, body: parseBlock(name, scanner, macros) };
    }
    case 'macro': {
      const [called = '', ...parameters] = parseNames(scanner, /\$?([a-zA-Z_][\w-]*)/y);
      return { kind: 'macro', name: called, macro: { parameters, body: parseBlock(name, scanner, macros) } };
    }
    case 'break':
    case 'stop':
      skipLineEnd(scanner);
      return { kind: name };
    case 'include':
    case 'parse':
    case 'evaluate':
      throw failure(scanner, `#${name} is not understood here`);
    default:
      return macros.has(name) ? parseCall(name, scanner) : undefined;
  }
}

function parseSet(scanner: Scanner): Node {
  expect(scanner, '(');
  skipSpace(scanner);
  const target = parseReference(scanner);
  if (!target)
    throw failure(scanner, `expected a variable such as "$name" after #set(, found ${found(scanner)}`);
  expect(scanner, '=');
  const value = parseExpression(scanner);
  expect(scanner, ')');
  skipLineEnd(scanner);
  return { kind: 'set', target, value };
}

function parseIf(scanner: Scanner, macros: ReadonlySet<string>): Node {
  const line = lineAt(scanner);
  const branches: Branch[] = [];
  for (let word: string | undefined = 'if'; word !== 'end'; word = takeEnd(scanner)) {
    if (word === undefined) throw failure(scanner, `the #if of line ${line} has no #end`);
    const condition = word === 'else' ? undefined : parseCondition(scanner);
    skipLineEnd(scanner);
    const body = deeper(scanner, () => parseNodes(scanner, macros));
    branches.push({ ...(condition && { condition }), body });
  }
  skipLineEnd(scanner);
  return { kind: 'if', branches };
}

function parseCondition(scanner: Scanner): Expression {
  expect(scanner, '(');
  const condition = parseExpression(scanner);
  expect(scanner, ')');
  return condition;
}

function parseForeach(scanner: Scanner, macros: ReadonlySet<string>): Node {
  expect(scanner, '(');
  skipSpace(scanner);
  const name = take(scanner, /\$!?\{?([a-zA-Z_][\w-]*)\}?/y)?.[1];
  skipSpace(scanner);
  if (name === undefined || !take(scanner, /in\b/y))
    throw failure(scanner, `expected "$item in $list" after #foreach(, found ${found(scanner)}`);
  const list = parseExpression(scanner);
  expect(scanner, ')');
  return { kind: 'foreach', name, list, body: parseBlock('foreach', scanner, macros) };
}

function parseBlock(name: string, scanner: Scanner, macros: ReadonlySet<string>): Node[] {
  const line = lineAt(scanner);
  skipLineEnd(scanner);
  const body = deeper(scanner, () => parseNodes(scanner, macros));
  const end = takeEnd(scanner);
  if (end !== 'end') throw failure(scanner, `the #${name} of line ${line} has no #end`);
  skipLineEnd(scanner);
  return body;
}

function parseNames(scanner: Scanner, one: RegExp): string[] {
  expect(scanner, '(');
  const names: string[] = [];
  for (;;) {
    take(scanner, /[\s,]*/y);
    const name = take(scanner, one)?.[1];
    if (name === undefined) break;
    names.push(name);
  }
  expect(scanner, ')');
  return names;
}

/** What a macro is given is parted by spaces or commas. */
function parseCall(name: string, scanner: Scanner): Node | undefined {
  if (!take(scanner, /\s*\(/y)) return undefined;
  const given: Expression[] = [];
  for (;;) {
    take(scanner, /[\s,]*/y);
    if (take(scanner, /\)/y)) break;
    given.push(parseExpression(scanner));
  }
  skipLineEnd(scanner);
  return { kind: 'call', name, given };
}

/** The end of a line that has nothing after a directive is part of it. */
function skipLineEnd(scanner: Scanner): void {
  take(scanner, /[ \t]*\r?\n/y);
}
