/** Written update + placeholders → update, with the service's checks of paths and operands in its order. */
import { typeOf, type ValueType } from '../values/attribute-value.ts';
import type { Path } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { assertNoClash } from './projection.ts';
import { expressionError } from './tokens.ts';
import { literalTypeOf, type Update, type UpdateAction, type UpdateValue } from './update.ts';
import type { WrittenAction, WrittenOperand, WrittenUpdate, WrittenUpdateValue } from './written.ts';

const longTypeNames: Readonly<Record<ValueType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  L: 'LIST',
  M: 'MAP',
};
const sets: readonly ValueType[] = ['SS', 'NS', 'BS'];

/** A function call whose operands are resolved but not yet checked. */
interface LooseCall {
  readonly kind: 'call';
  readonly name: string;
  readonly operands: readonly Loose[];
}
type Loose =
  | { readonly kind: 'path'; readonly path: Path }
  | Extract<UpdateValue, { kind: 'value' }>
  | LooseCall
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-';
      readonly left: Loose;
      readonly right: Loose;
    };
type LooseAction = Exclude<UpdateAction, { section: 'SET' }> | { section: 'SET'; path: Path; value: Loose };

/** Placeholders first, then the paths among themselves, then functions and arithmetic. */
export function bindUpdate(written: WrittenUpdate, placeholders: Placeholders): Update {
  const loose = written.actions.map((action) => resolveAction(action, placeholders));
  assertNoClash(
    'UpdateExpression',
    loose.map(({ path }) => path),
  );
  return loose.map((action) =>
    action.section === 'SET' ? { ...action, value: checkedValue(action.value) } : action,
  );
}

function resolveAction(action: WrittenAction, placeholders: Placeholders): LooseAction {
  const path = placeholders.path('UpdateExpression', action.path);
  if (action.section === 'REMOVE') return { section: 'REMOVE', path };
  if (action.section === 'SET')
    return { section: 'SET', path, value: resolveValue(action.value, placeholders) };
  const value = placeholders.value('UpdateExpression', action.placeholder);
  const type = typeOf(value);
  if (!sets.includes(type) && !(action.section === 'ADD' && type === 'N'))
    throw fail(
      `Incorrect operand type for operator or function; operator: ${action.section}, operand type: ${longTypeNames[type]}`,
    );
  return { section: action.section, path, value };
}

function resolveValue(value: WrittenUpdateValue, placeholders: Placeholders): Loose {
  if (value.kind !== 'arithmetic') return resolveOperand(value, placeholders);
  const left = resolveOperand(value.left, placeholders);
  return {
    kind: 'arithmetic',
    operator: value.operator,
    left,
    right: resolveOperand(value.right, placeholders),
  };
}

function resolveOperand(operand: WrittenOperand, placeholders: Placeholders): Loose {
  if (operand.kind === 'path') return { kind: 'path', path: placeholders.path('UpdateExpression', operand) };
  if (operand.kind === 'value')
    return { kind: 'value', value: placeholders.value('UpdateExpression', operand.placeholder) };
  const operands = operand.operands.map((inner) => resolveOperand(inner, placeholders));
  return { kind: 'call', name: operand.name, operands };
}

function checkedValue(value: Loose): UpdateValue {
  if (value.kind === 'arithmetic') {
    const left = checkedValue(value.left);
    const right = checkedValue(value.right);
    for (const operand of [left, right]) assertOperandType(value.operator, operand, 'N');
    return { kind: 'arithmetic', operator: value.operator, left, right };
  }
  return value.kind === 'call' ? checkedCall(value) : value;
}

function checkedCall({ name, operands }: LooseCall): UpdateValue {
  const [first, second] = operands;
  if (!first || !second || operands.length > 2)
    throw fail(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  if (name === 'list_append') {
    const head = checkedValue(first);
    const tail = checkedValue(second);
    for (const operand of [head, tail]) assertOperandType(name, operand, 'L');
    return { kind: 'list_append', head, tail };
  }
  if (first.kind !== 'path')
    throw fail(`Operator or function requires a document path; operator or function: ${name}`);
  return { kind: 'if_not_exists', path: first.path, otherwise: checkedValue(second) };
}

function assertOperandType(name: string, operand: UpdateValue, wanted: ValueType): void {
  const type = literalTypeOf(operand);
  if (type && type !== wanted)
    throw fail(
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
    );
}

function fail(detail: string) {
  return expressionError('UpdateExpression', detail);
}
