/** SET and REMOVE → the update actions of the API; set_add and set_delete are its ADD and DELETE. */
import { validationError } from '../errors.ts';
import { samePath } from '../expressions/path.ts';
import { assertNoClash } from '../expressions/projection.ts';
import { literalTypeOf, type Update, type UpdateAction, type UpdateValue } from '../expressions/update.ts';
import { typeOf, type ValueType } from '../values/attribute-value.ts';
import { refusedAt } from './errors.ts';
import { lonelySign } from './lower-condition.ts';
import { documentPath } from './paths.ts';
import type { Expression, PathExpression, UpdateClause } from './syntax.ts';
import { type Parameters, requireValue } from './values.ts';

const sections: ReadonlyMap<string, 'ADD' | 'DELETE'> = new Map([
  ['set_add', 'ADD'],
  ['set_delete', 'DELETE'],
]);
const setTypes: readonly ValueType[] = ['SS', 'NS', 'BS'];

/** Throws the service's complaints about functions, operands and paths that meet. */
export function lowerUpdate(clauses: readonly UpdateClause[], parameters: Parameters): Update {
  const update = clauses.map((clause) => lowerClause(clause, parameters));
  assertNoClash(
    'PartiQL',
    update.map(({ path }) => path),
  );
  return update;
}

function lowerClause(clause: UpdateClause, parameters: Parameters): UpdateAction {
  const path = documentPath(clause.path);
  if (clause.kind === 'remove') return { section: 'REMOVE', path };
  const { value } = clause;
  const section = value.kind === 'call' ? sections.get(value.name.toLowerCase()) : undefined;
  if (section && value.kind === 'call') return lowerSetCall(section, clause.path, value, parameters);
  return { section: 'SET', path, value: lowerValue(value, parameters) };
}

type Call = Expression & { kind: 'call' };

function lowerSetCall(
  section: 'ADD' | 'DELETE',
  target: PathExpression,
  { name, operands, at }: Call,
  parameters: Parameters,
): UpdateAction {
  const big = name.toUpperCase();
  const [first, second] = operands;
  if (!first || !second || operands.length > 2) throw refusedAt(`${big} must have exactly two arguments`, at);
  const path = documentPath(target);
  if (first.kind !== 'path' || !samePath(documentPath(first), path))
    throw refusedAt(`The first argument to ${big} must equal the assignment value`, at);
  const value = isWritten(second) ? requireValue(second, parameters) : undefined;
  if (!value || !setTypes.includes(typeOf(value)))
    // The place is that of the first argument, whatever is wrong with the second.
    throw refusedAt(`The second argument to ${big} must be a value with type SET`, first.at);
  return { section, path, value };
}

function isWritten({ kind }: Expression): boolean {
  return !['path', 'call', 'arithmetic', 'sign', 'missing'].includes(kind);
}

function lowerValue(expression: Expression, parameters: Parameters): UpdateValue {
  switch (expression.kind) {
    case 'path':
      return { kind: 'path', path: documentPath(expression) };
    case 'call':
      return lowerCall(expression, parameters);
    case 'arithmetic':
      return lowerArithmetic(expression, parameters);
    case 'sign':
      throw lonelySign(expression.operator);
    default:
      return { kind: 'value', value: requireValue(expression, parameters) };
  }
}

function lowerCall({ name, operands, at }: Call, parameters: Parameters): UpdateValue {
  const small = name.toLowerCase();
  if (small !== 'list_append') throw refusedAt(`Unrecognized function: ${name}`, at);
  const [head, tail] = operands.map((operand) => lowerValue(operand, parameters));
  if (!head || !tail || operands.length > 2)
    throw validationError(
      `Incorrect number of operands for operator or function; operator or function: ${small}, number of operands: ${operands.length}`,
    );
  for (const operand of [head, tail]) assertType(small, operand, 'L');
  return { kind: 'list_append', head, tail };
}

function lowerArithmetic(
  { operator, left, right }: Expression & { kind: 'arithmetic' },
  parameters: Parameters,
): UpdateValue {
  if (operator !== '+' && operator !== '-')
    throw validationError(`Unsupported operator in Update Expression. Operator: ${operator}`);
  const operands = [lowerValue(left, parameters), lowerValue(right, parameters)] as const;
  for (const operand of operands) assertType(operator, operand, 'N');
  return { kind: 'arithmetic', operator, left: operands[0], right: operands[1] };
}

function assertType(name: string, operand: UpdateValue, wanted: ValueType): void {
  const type = literalTypeOf(operand);
  if (type && type !== wanted)
    throw validationError(
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
    );
}
