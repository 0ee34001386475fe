/** Statement text → statement. */
import { malformed } from './errors.ts';
import { type ExpressionParser, makeExpressionParser } from './parse-expression.ts';
import { makeSelectParser } from './parse-select.ts';
import { parseSimplePath } from './parse-term.ts';
import type { Expression, Returning, Source, Statement, UpdateClause } from './syntax.ts';
import { StatementReader } from './token-reader.ts';

/** What the text is, which need not be a statement. Throws the service's complaint about text that is nothing. */
export function parseText(text: string): Expression {
  const reader = new StatementReader(text);
  const expressions: ExpressionParser = makeExpressionParser(reader, () => statement());
  const statement = makeStatementParser(reader, expressions);
  const parsed = expressions.parse();
  const closed = reader.takeSymbol(';');
  if (reader.current.kind === 'end') return parsed;
  throw malformed(
    closed
      ? 'Unexpected token after semicolon. (Only one query is allowed.)'
      : 'Unexpected token after expression',
  );
}

/** Reads a statement if a keyword that begins one is next. */
function makeStatementParser(
  reader: StatementReader,
  expressions: ExpressionParser,
): () => Statement | undefined {
  const select = makeSelectParser(reader, expressions);

  const parseStatement = (): Statement | undefined => {
    const { text } = reader.current;
    switch (text) {
      case 'select':
        return select.parse();
      case 'insert':
        return parseInsert();
      case 'update':
        return parseUpdate();
      case 'delete':
        return parseDelete();
      case 'from':
        return parseFromFirst();
      default:
        return undefined;
    }
  };

  const parseInsert = (): Statement => {
    reader.take();
    if (!reader.takeKeyword('into')) throw malformed('Unexpected keyword');
    const target = parseSimplePath(reader, expressions);
    const single = reader.takeKeyword('value');
    return { kind: 'insert', target, single, value: expressions.parse() };
  };

  const parseUpdate = (): Statement => {
    reader.take();
    const source = parseTarget();
    const clauses = parseClauses();
    const where = parseWhere();
    return { kind: 'update', source, clauses, where, returning: parseReturning() };
  };

  /** The older form: `FROM t WHERE … SET …`. */
  const parseFromFirst = (): Statement => {
    reader.take();
    const source = select.parseSource();
    const where = parseWhere();
    const clauses = parseClauses();
    return { kind: 'update', source, clauses, where, returning: parseReturning() };
  };

  const parseDelete = (): Statement => {
    reader.take();
    if (!reader.takeKeyword('from')) throw malformed('Expected FROM after DELETE');
    const source = parseTarget();
    const where = parseWhere();
    return { kind: 'delete', source, where, returning: parseReturning() };
  };

  const parseTarget = (): Source => {
    const path = parseSimplePath(reader, expressions);
    return { path, aliased: select.takeAlias() };
  };

  const parseClauses = (): readonly UpdateClause[] => {
    const clauses: UpdateClause[] = [];
    for (;;) {
      if (reader.takeKeyword('set')) {
        do clauses.push(parseAssignment());
        while (reader.takeSymbol(','));
      } else if (reader.takeKeyword('remove'))
        clauses.push({ kind: 'remove', path: parseSimplePath(reader, expressions) });
      else break;
    }
    if (clauses.length === 0) throw malformed('Expected data manipulation');
    return clauses;
  };

  const parseAssignment = (): UpdateClause => {
    const path = parseSimplePath(reader, expressions);
    if (!reader.takeSymbol('=')) throw malformed("Expected '='");
    return { kind: 'set', path, value: expressions.parse() };
  };

  const parseWhere = (): Expression | undefined =>
    reader.takeKeyword('where') ? expressions.parse() : undefined;

  const parseReturning = (): Returning | undefined => {
    if (!reader.takeKeyword('returning')) return undefined;
    const part = reader.take().text;
    const side = reader.take().text;
    if (part !== 'all' && part !== 'modified')
      throw malformed('Expected ALL or MODIFIED in a returning clause.');
    if (side !== 'old' && side !== 'new') throw malformed('Expected OLD or NEW in a returning clause.');
    if (!reader.takeSymbol('*')) throw malformed('Expected * in a returning clause.');
    return { part: part === 'all' ? 'ALL' : 'MODIFIED', side: side === 'old' ? 'OLD' : 'NEW' };
  };

  return parseStatement;
}
