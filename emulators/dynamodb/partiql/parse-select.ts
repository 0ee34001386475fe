/** SELECT, with the clauses of SQL the service will refuse. */
import { malformed } from './errors.ts';
import type { ExpressionParser } from './parse-expression.ts';
import type { Column, Expression, ForeignClause, OrderTerm, SelectStatement, Source } from './syntax.ts';
import type { StatementReader } from './token-reader.ts';

export interface SelectParser {
  /** From the keyword on. */
  parse(): SelectStatement;
  parseSource(): Source;
  /** Whether there was one. */
  takeAlias(): boolean;
}

export function makeSelectParser(reader: StatementReader, expressions: ExpressionParser): SelectParser {
  const parse = (): SelectStatement => {
    reader.take();
    const foreign: ForeignClause[] = [];
    const { position: at } = reader;
    if (reader.takeKeyword('distinct')) foreign.push({ name: 'DISTINCT', at });
    else reader.takeKeyword('all');
    const columns = parseColumns();
    if (!reader.takeKeyword('from')) throw malformed('Expected FROM after SELECT list');
    const sources = [parseSource()];
    while (reader.takeSymbol(',')) sources.push(parseSource());
    const where = reader.takeKeyword('where') ? expressions.parse() : undefined;
    takeForeign('group', foreign);
    takeForeign('having', foreign);
    const orderBy = parseOrder();
    takeForeign('limit', foreign);
    takeForeign('offset', foreign);
    return { kind: 'select', columns, sources, where, orderBy, foreign };
  };

  /** Undefined: `*`. */
  const parseColumns = (): readonly Column[] | undefined => {
    const columns: Column[] = [];
    let star = false;
    do {
      if (reader.takeSymbol('*')) star = true;
      else columns.push({ expression: expressions.parse(), aliased: takeAlias() });
    } while (reader.takeSymbol(','));
    if (!star) return columns;
    if (columns.length === 0) return undefined;
    throw malformed(
      "Other expressions may not be present in the select list when '*' is used without dot notation.",
    );
  };

  const parseSource = (): Source => ({ path: expressions.parse(), aliased: takeAlias() });

  const takeAlias = (): boolean => {
    const explicit = reader.takeKeyword('as');
    if (reader.current.kind === 'name') {
      reader.take();
      return true;
    }
    if (explicit) throw malformed('Expected identifier for alias');
    return false;
  };

  const takeForeign = (keyword: string, foreign: ForeignClause[]): void => {
    if (!reader.takeKeyword(keyword)) return;
    if (keyword === 'group') reader.expectKeyword('by');
    const name = keyword === 'group' ? 'GROUP BY' : keyword.toUpperCase();
    const { at }: Expression = expressions.parse();
    while (keyword === 'group' && reader.takeSymbol(',')) expressions.parse();
    foreign.push({ name, at });
  };

  const parseOrder = (): readonly OrderTerm[] => {
    const terms: OrderTerm[] = [];
    if (!reader.takeKeyword('order')) return terms;
    reader.expectKeyword('by');
    do {
      const key = expressions.parse();
      const descending = reader.takeKeyword('desc');
      if (!descending) reader.takeKeyword('asc');
      terms.push({ key, descending });
    } while (reader.takeSymbol(','));
    return terms;
  };

  return { parse, parseSource, takeAlias };
}
