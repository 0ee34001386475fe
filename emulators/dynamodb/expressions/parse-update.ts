/** Update expressions: text → written actions. */
import { checkOperandNames } from './parse-condition.ts';
import { makeParentheses, type Parentheses, parseBareOperand } from './parse-operand.ts';
import { parsePath } from './path.ts';
import { assertNotReserved } from './placeholders.ts';
import { expressionError, TokenReader } from './tokens.ts';
import type {
  UpdateSection,
  WrittenAction,
  WrittenOperand,
  WrittenUpdate,
  WrittenUpdateValue,
} from './written.ts';

const sections: readonly UpdateSection[] = ['SET', 'REMOVE', 'ADD', 'DELETE'];
const keywords: ReadonlySet<string> = new Set(sections);
const functions: readonly string[] = ['if_not_exists', 'list_append'];
const conditionFunctions: readonly string[] = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
];

export function parseUpdate(text: string): WrittenUpdate {
  const reader = new TokenReader('UpdateExpression', text);
  const parentheses = makeParentheses();
  const actions: WrittenAction[] = [];
  const used: UpdateSection[] = [];
  do {
    const section = sections.find((each) => reader.isKeyword(each));
    if (!section) throw reader.syntaxError();
    reader.take();
    used.push(section);
    do actions.push(parseAction(section, reader, parentheses));
    while (reader.takeIf(','));
  } while (reader.current.kind !== 'end');
  checkFunctions(actions);
  checkNames(actions);
  const repeated = used.find((section, i) => used.indexOf(section) < i);
  if (repeated)
    throw reader.error(`The "${repeated}" section can only be used once in an update expression;`);
  return { actions };
}

function parseAction(section: UpdateSection, reader: TokenReader, parentheses: Parentheses): WrittenAction {
  const path = parsePath(reader, keywords);
  if (section === 'REMOVE') return { section, path };
  if (section === 'SET') {
    reader.expect('=');
    return { section, path, value: parseValue(reader, parentheses) };
  }
  if (reader.current.kind !== 'value') throw reader.syntaxError();
  return { section, path, placeholder: reader.take().text };
}

/** An operand, or two joined by plus or minus; parentheses may be put around each and around the whole. */
function parseValue(reader: TokenReader, parentheses: Parentheses): WrittenUpdateValue {
  const left = parsePart(reader, parentheses);
  const operator = reader.isSymbol('+') ? '+' : reader.isSymbol('-') ? '-' : undefined;
  if (!operator || left.kind === 'arithmetic') return left;
  reader.take();
  reader.countOperator();
  const right = parsePart(reader, parentheses);
  if (right.kind === 'arithmetic') throw reader.syntaxError();
  return { kind: 'arithmetic', operator, left, right };
}

function parsePart(reader: TokenReader, parentheses: Parentheses): WrittenUpdateValue {
  if (reader.takeIf('('))
    return parentheses.close(
      reader,
      reader.nested(() => parseValue(reader, parentheses)),
    );
  return parseBareOperand(reader, keywords, parentheses);
}

function operandsOf(action: WrittenAction): readonly WrittenOperand[] {
  if (action.section !== 'SET') return [];
  const { value } = action;
  return value.kind === 'arithmetic' ? [value.left, value.right] : [value];
}

function checkFunctions(actions: readonly WrittenAction[]): void {
  for (const action of actions) for (const operand of operandsOf(action)) checkFunction(operand);
}

/** Within a function only if_not_exists may be called. */
function checkFunction(operand: WrittenOperand, within?: string): void {
  if (operand.kind !== 'call') return;
  const { name } = operand;
  if (conditionFunctions.includes(name))
    throw expressionError(
      'UpdateExpression',
      `The function is not allowed in an update expression; function: ${name}`,
    );
  if (!functions.includes(name))
    throw expressionError('UpdateExpression', `Invalid function name; function: ${name}`);
  if (within !== undefined && name === 'list_append')
    throw expressionError(
      'UpdateExpression',
      `The function is not allowed to be used this way in an expression; function: ${name}`,
    );
  for (const inner of operand.operands) checkFunction(inner, name);
}

function checkNames(actions: readonly WrittenAction[]): void {
  for (const action of actions) {
    assertNotReserved('UpdateExpression', action.path);
    for (const operand of operandsOf(action)) checkOperandNames('UpdateExpression', operand);
  }
}
