/** What stands between operators: literals, paths, calls, groups, collections, and statements. */
import { malformed } from './errors.ts';
import { functionKeywords } from './keywords.ts';
import type { Expression, Field, PathExpression, PathStep, Statement } from './syntax.ts';
import type { StatementReader } from './token-reader.ts';

interface Nested {
  parse(): Expression;
}

export function makeTermParser(
  reader: StatementReader,
  nested: Nested,
  parseStatement: () => Statement | undefined,
): () => Expression {
  const parseTerm = (): Expression => {
    const term = parseHead();
    return reader.isSymbol('.') || reader.isSymbol('[') ? parseSteps(reader, term, nested) : term;
  };

  const parseHead = (): Expression => {
    const { kind, text, at } = reader.current;
    switch (kind) {
      case 'string':
      case 'number':
        reader.take();
        return { kind, text, at };
      case 'parameter':
        return { kind, index: reader.takeParameter(), at };
      case 'name':
        reader.take();
        if (reader.isSymbol('(')) return parseCall(text, at);
        return { kind: 'path', steps: [{ name: text, at }], at };
      case 'keyword':
        return parseKeyword(text, at);
      case 'symbol':
        return parseSymbol(text, at);
      default:
        throw malformed('Unexpected term');
    }
  };

  const parseKeyword = (text: string, at: Expression['at']): Expression => {
    switch (text) {
      case 'true':
      case 'false':
        reader.take();
        return { kind: 'boolean', value: text === 'true', at };
      case 'null':
      case 'missing':
        reader.take();
        return { kind: text, at };
      // These are operators to the service's parser.
      case 'is':
      case 'in':
      case 'like':
      case 'between':
      case 'and':
      case 'or':
        throw malformed('Unexpected operator');
    }
    if (functionKeywords.has(text) && reader.next.text === '(' && reader.next.kind === 'symbol') {
      reader.take();
      return parseCall(text, at);
    }
    const statement = parseStatement();
    if (statement) return { kind: 'statement', statement, at };
    throw malformed('Unexpected keyword');
  };

  const parseSymbol = (text: string, at: Expression['at']): Expression => {
    switch (text) {
      case '(':
        return parseGroup(at);
      case '[':
        return { kind: 'list', members: parseMembers(']'), at };
      case '<<':
        return { kind: 'bag', members: parseMembers('>>'), at };
      case '{':
        return { kind: 'struct', fields: parseFields(), at };
      case '*':
      case ')':
      case ']':
      case '}':
      case '>>':
      case ':':
      case ',':
      case ';':
      case '.':
        throw malformed('Unexpected term');
      default:
        throw malformed('Unexpected operator');
    }
  };

  const parseGroup = (at: Expression['at']): Expression => {
    reader.take();
    if (reader.isSymbol(')')) throw malformed('Expression group cannot be empty');
    const first = nested.parse();
    if (reader.takeSymbol(')')) return first;
    const members = [first];
    while (reader.takeSymbol(',')) members.push(nested.parse());
    reader.expectSymbol(')');
    return { kind: 'list', members, at };
  };

  /** From the opening symbol to the closing one. */
  const parseMembers = (close: string): readonly Expression[] => {
    reader.take();
    if (reader.takeSymbol(close)) return [];
    const members = [nested.parse()];
    while (reader.takeSymbol(',')) members.push(nested.parse());
    reader.expectSymbol(close);
    return members;
  };

  const parseFields = (): readonly Field[] => {
    reader.take();
    if (reader.takeSymbol('}')) return [];
    const fields: Field[] = [];
    do {
      const name = nested.parse();
      reader.expectSymbol(':');
      fields.push({ name, value: nested.parse() });
    } while (reader.takeSymbol(','));
    reader.expectSymbol('}');
    return fields;
  };

  /** `name` is read already. */
  const parseCall = (name: string, at: Expression['at']): Expression => {
    if (name === 'count' && reader.next.text === '*' && reader.next.kind === 'symbol') {
      reader.take();
      const star: Expression = { kind: 'star', at: reader.take().at };
      reader.expectSymbol(')');
      return { kind: 'call', name, operands: [star], at };
    }
    return { kind: 'call', name, operands: parseMembers(')'), at };
  };

  return parseTerm;
}

/** A table, or what an update writes to: names and positions only, beginning with a name. */
export function parseSimplePath(reader: StatementReader, nested: Nested): PathExpression {
  const { kind, text, at } = reader.current;
  if (kind !== 'name') throw malformed('Expected identifier for simple path');
  reader.take();
  return parseSteps(reader, { kind: 'path', steps: [{ name: text, at }], at }, nested);
}

function parseSteps(reader: StatementReader, head: Expression, nested: Nested): PathExpression {
  // Only a path can be looked into; of the rest the service says no more.
  if (head.kind !== 'path') throw malformed('Invalid path dot component');
  const steps: PathStep[] = [...head.steps];
  for (;;) {
    if (reader.takeSymbol('.')) {
      const { kind, text, at } = reader.current;
      if (kind !== 'name') throw malformed('Invalid path dot component');
      reader.take();
      steps.push({ name: text, at });
    } else if (reader.takeSymbol('[')) {
      const { position: at } = reader;
      steps.push({ index: nested.parse(), at });
      reader.expectSymbol(']');
    } else return { ...head, steps };
  }
}
