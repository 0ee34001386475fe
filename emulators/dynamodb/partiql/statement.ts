/** Statement text and its parameters → what is to be done, as far as no table is needed to say so. */
import { unreachable } from '../../../src/std/errors.ts';
import { validationError } from '../errors.ts';
import type { Condition } from '../expressions/condition.ts';
import type { Path } from '../expressions/path.ts';
import { makeTextCache } from '../expressions/text-cache.ts';
import type { Update } from '../expressions/update.ts';
import { checkItemSize } from '../tables/check-keys.ts';
import type { Item } from '../values/attribute-value.ts';
import { itemSize } from '../values/item-size.ts';
import { refusedAt } from './errors.ts';
import { lowerCondition } from './lower-condition.ts';
import { lowerUpdate } from './lower-update.ts';
import { parseText } from './parse-statement.ts';
import { documentPath, type SourceName, sourceName } from './paths.ts';
import type {
  DeleteStatement,
  Expression,
  InsertStatement,
  OrderTerm,
  Returning,
  SelectStatement,
  Statement,
  UpdateStatement,
} from './syntax.ts';
import { fieldMap, type Parameters, requireValue } from './values.ts';

export interface OrderKey {
  readonly name: string;
  readonly descending: boolean;
}

export interface Select {
  readonly kind: 'select';
  readonly source: SourceName;
  /** Undefined: `*`. */
  readonly columns: readonly Path[] | undefined;
  readonly where: Condition | undefined;
  readonly orderBy: readonly OrderKey[];
}

export interface Insert {
  readonly kind: 'insert';
  readonly source: SourceName;
  readonly item: Item;
}

export interface UpdateItem {
  readonly kind: 'update';
  readonly source: SourceName;
  readonly update: Update;
  readonly where: Condition | undefined;
  readonly returning: Returning | undefined;
}

export interface DeleteItem {
  readonly kind: 'delete';
  readonly source: SourceName;
  readonly where: Condition | undefined;
  readonly returning: Returning | undefined;
}

/** `EXISTS(SELECT …)`: the check of one item within a transaction. */
export interface Exists {
  readonly kind: 'exists';
  readonly source: SourceName;
  readonly where: Condition | undefined;
}

export type Write = Insert | UpdateItem | DeleteItem;
export type Lowered = Select | Write | Exists;

const parsed = makeTextCache(parseText);

/** Throws the service's complaints about the text and about what cannot be true of any table. */
export function readStatement(text: string, parameters: Parameters): Lowered {
  const expression = parsed.get(text);
  if (expression.kind === 'statement') return lowerStatement(expression.statement, parameters);
  const [checked] = expression.kind === 'call' ? expression.operands : [];
  const isExists = expression.kind === 'call' && expression.name.toLowerCase() === 'exists';
  if (!isExists || checked?.kind !== 'statement' || checked.statement.kind !== 'select')
    throw validationError(`Unsupported operation: ${operationName(expression)}`);
  const { source, where } = lowerSelect(checked.statement, parameters);
  return { kind: 'exists', source, where };
}

/** The table a statement is about; undefined when it is none. */
export function tableOfStatement(text: string): string | undefined {
  const expression = parsed.get(text);
  const { statement } = expression.kind === 'statement' ? expression : {};
  if (!statement) return undefined;
  const path = statement.kind === 'insert' ? statement.target : sourceOf(statement);
  const [first] = path?.kind === 'path' ? path.steps : [];
  return first && 'name' in first ? first.name : undefined;
}

function sourceOf(statement: Exclude<Statement, InsertStatement>): Expression | undefined {
  return statement.kind === 'select' ? statement.sources[0]?.path : statement.source.path;
}

function lowerStatement(statement: Statement, parameters: Parameters): Lowered {
  switch (statement.kind) {
    case 'select':
      return lowerSelect(statement, parameters);
    case 'insert':
      return lowerInsert(statement, parameters);
    case 'update':
      return lowerUpdateStatement(statement, parameters);
    case 'delete':
      return lowerDelete(statement, parameters);
    default:
      return unreachable(statement);
  }
}

function lowerSelect(statement: SelectStatement, parameters: Parameters): Select {
  const [foreign] = statement.foreign;
  if (foreign) throw refusedAt(`Unsupported clause: ${foreign.name}`, foreign.at);
  const [first, ...others] = statement.sources;
  if (!first || others.length > 0) throw validationError('FROM clause may only contain a single table name');
  const source = sourceName(first);
  const columns = statement.columns?.map(({ expression, aliased }) => {
    if (aliased) throw validationError('Aliasing is not supported');
    if (expression.kind !== 'path') throw refusedAt('Unexpected path component', expression.at);
    return documentPath(expression);
  });
  const where = lowerWhere(statement.where, parameters);
  return { kind: 'select', source, columns, where, orderBy: statement.orderBy.map(orderKey) };
}

function orderKey({ key, descending }: OrderTerm): OrderKey {
  const [name, ...deeper] = key.kind === 'path' ? documentPath(key) : [];
  if (typeof name !== 'string' || deeper.length > 0) throw refusedAt('Unexpected path component', key.at);
  return { name, descending };
}

function lowerInsert({ target, single, value }: InsertStatement, parameters: Parameters): Insert {
  const source = sourceName({ path: target, aliased: false });
  if (source.index !== undefined) throw validationError('FROM clause may only contain a single table name');
  if (!single) throw validationError('Unsupported operation: Insert');
  const item = itemOf(value, parameters);
  checkItemSize(itemSize(item));
  return { kind: 'insert', source, item };
}

/** Each attribute is a value of its own: it may be a parameter, and places in messages begin with it. */
function itemOf(value: Expression, parameters: Parameters): Item {
  if (value.kind === 'struct') return fieldMap(value.fields, (field) => requireValue(field, parameters));
  const whole = requireValue(value, parameters);
  if ('M' in whole) return whole.M;
  throw validationError('Expected a tuple in VALUE');
}

function lowerUpdateStatement(statement: UpdateStatement, parameters: Parameters): UpdateItem {
  const source = sourceName(statement.source);
  const update = lowerUpdate(statement.clauses, parameters);
  const where = lowerWhere(statement.where, parameters);
  return { kind: 'update', source, update, where, returning: statement.returning };
}

function lowerDelete({ source, where, returning }: DeleteStatement, parameters: Parameters): DeleteItem {
  const name = sourceName(source);
  if (returning && !(returning.part === 'ALL' && returning.side === 'OLD'))
    throw validationError(
      `Invalid returning clause: RETURNING ${returning.part} ${returning.side} *. Only RETURNING ALL OLD * is allowed in DELETE statements.`,
    );
  return { kind: 'delete', source: name, where: lowerWhere(where, parameters), returning };
}

function lowerWhere(where: Expression | undefined, parameters: Parameters): Condition | undefined {
  return where && lowerCondition(where, parameters);
}

/** As the parser's own tree calls it. */
function operationName({ kind }: Expression): string {
  return operationNames[kind] ?? kind;
}

const operationNames: Readonly<Partial<Record<Expression['kind'], string>>> = {
  and: 'And',
  arithmetic: 'Plus',
  bag: 'Bag',
  between: 'Between',
  boolean: 'Lit',
  call: 'Call',
  compare: 'Eq',
  in: 'InCollection',
  is: 'IsType',
  like: 'Like',
  list: 'List',
  missing: 'Missing',
  not: 'Not',
  null: 'Lit',
  number: 'Lit',
  or: 'Or',
  parameter: 'Parameter',
  path: 'Id',
  sign: 'Neg',
  string: 'Lit',
  struct: 'Struct',
};
