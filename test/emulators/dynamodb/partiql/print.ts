/** Statement → text that must parse to the same statement; groups whatever could be read otherwise. */
import type {
  Expression,
  PathExpression,
  Source,
  Statement,
} from '../../../../emulators/dynamodb/partiql/syntax.ts';

export function print(expression: Expression): string {
  switch (expression.kind) {
    case 'path':
      return printPath(expression);
    case 'string':
      return `'${expression.text.replaceAll("'", "''")}'`;
    case 'number':
      return expression.text;
    case 'boolean':
      return expression.value ? 'TRUE' : 'false';
    case 'parameter':
      return '?';
    case 'star':
      return '*';
    case 'list':
      return `[${expression.members.map(print).join(', ')}]`;
    case 'bag':
      return `<<${expression.members.map(print).join(', ')}>>`;
    case 'struct':
      return `{${expression.fields.map(({ name, value }) => `${print(name)}: ${print(value)}`).join(', ')}}`;
    case 'call':
      return `${expression.name}(${expression.operands.map(print).join(', ')})`;
    case 'and':
    case 'or':
      return expression.parts.map(group).join(` ${expression.kind} `);
    case 'not':
      return `NOT ${group(expression.operand)}`;
    case 'sign':
      return `${expression.operator} ${group(expression.operand)}`;
    case 'compare':
      return `${group(expression.left)} ${expression.comparator} ${group(expression.right)}`;
    case 'arithmetic':
      return `${group(expression.left)} ${expression.operator} ${group(expression.right)}`;
    case 'like':
      return `${group(expression.operand)} ${not(expression.negated)}LIKE ${group(expression.right)}`;
    case 'in':
      // In parentheses it would be a list.
      return `${group(expression.operand)} ${not(expression.negated)}IN ${print(expression.right)}`;
    case 'between':
      return `${group(expression.operand)} ${not(expression.negated)}BETWEEN ${group(expression.low)} AND ${group(expression.high)}`;
    case 'is':
      return `${group(expression.operand)} IS ${not(expression.negated)}${expression.type}`;
    case 'statement':
      return printStatement(expression.statement);
    default:
      return expression.kind;
  }
}

const atoms = [
  'path',
  'string',
  'number',
  'boolean',
  'null',
  'missing',
  'parameter',
  'list',
  'bag',
  'struct',
  'call',
];

function group(expression: Expression): string {
  return atoms.includes(expression.kind) ? print(expression) : `(${print(expression)})`;
}

function not(negated: boolean): string {
  return negated ? 'NOT ' : '';
}

function printPath({ steps }: PathExpression): string {
  return steps
    .map((step, i) => {
      if ('index' in step) return `[${print(step.index)}]`;
      return `${i > 0 ? '.' : ''}"${step.name.replaceAll('"', '""')}"`;
    })
    .join('');
}

function printSource({ path, aliased }: Source): string {
  return print(path) + (aliased ? ' AS alias' : '');
}

function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'select': {
      const columns = statement.columns?.map(
        ({ expression, aliased }) => group(expression) + (aliased ? ' alias' : ''),
      );
      const order = statement.orderBy.map(
        ({ key, descending }) => `${group(key)} ${descending ? 'DESC' : 'ASC'}`,
      );
      return (
        `SELECT ${columns?.join(', ') ?? '*'} FROM ${statement.sources.map(printSource).join(', ')}` +
        printWhere(statement.where) +
        (order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '')
      );
    }
    case 'insert':
      return `INSERT INTO ${print(statement.target)} ${statement.single ? 'VALUE ' : ''}(${print(statement.value)})`;
    case 'update': {
      const clauses = statement.clauses.map((clause) =>
        clause.kind === 'set'
          ? `SET ${print(clause.path)} = ${group(clause.value)}`
          : `REMOVE ${print(clause.path)}`,
      );
      return `UPDATE ${printSource(statement.source)} ${clauses.join(' ')}${printEnd(statement)}`;
    }
    case 'delete':
      return `DELETE FROM ${printSource(statement.source)}${printEnd(statement)}`;
  }
}

function printEnd({ where, returning }: Extract<Statement, { kind: 'update' | 'delete' }>): string {
  return printWhere(where) + (returning ? ` RETURNING ${returning.part} ${returning.side} *` : '');
}

function printWhere(where: Expression | undefined): string {
  return where ? ` WHERE ${group(where)}` : '';
}
