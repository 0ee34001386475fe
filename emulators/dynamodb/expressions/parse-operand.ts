/** Operands: a path, a `:value`, a function call, and any of these in parentheses. */
import { parsePath } from './path.ts';
import { REDUNDANT_PARENTHESES, type TokenReader } from './tokens.ts';
import type { WrittenCall, WrittenOperand } from './written.ts';

/** What parentheses have been closed around; a second pair around the same is refused. */
export interface Parentheses {
  /** Expects the closing one. */
  close<T extends object>(reader: TokenReader, inner: T): T;
}

export function makeParentheses(): Parentheses {
  const enclosed = new WeakSet<object>();
  return {
    close(reader, inner) {
      reader.expect(')');
      if (enclosed.has(inner)) throw reader.error(REDUNDANT_PARENTHESES);
      enclosed.add(inner);
      return inner;
    },
  };
}

export function parseOperand(
  reader: TokenReader,
  keywords: ReadonlySet<string>,
  parentheses: Parentheses,
): WrittenOperand {
  if (reader.takeIf('('))
    return parentheses.close(
      reader,
      reader.nested(() => parseOperand(reader, keywords, parentheses)),
    );
  return parseBareOperand(reader, keywords, parentheses);
}

/** An operand that does not begin with a parenthesis. */
export function parseBareOperand(
  reader: TokenReader,
  keywords: ReadonlySet<string>,
  parentheses: Parentheses,
): WrittenOperand {
  const { kind, text } = reader.current;
  if (kind === 'value') return { kind: 'value', placeholder: reader.take().text };
  if (kind === 'name' && reader.next?.text === '(' && !keywords.has(text.toUpperCase()))
    return parseCall(reader, keywords, parentheses);
  return parsePath(reader, keywords);
}

function parseCall(
  reader: TokenReader,
  keywords: ReadonlySet<string>,
  parentheses: Parentheses,
): WrittenCall {
  const name = reader.take().text;
  reader.expect('(');
  const operands = [parseOperand(reader, keywords, parentheses)];
  while (reader.takeIf(',')) operands.push(parseOperand(reader, keywords, parentheses));
  reader.expect(')');
  return { kind: 'call', name, operands };
}
