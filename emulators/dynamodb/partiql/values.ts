/** Literals and parameters → attribute values. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ServiceError } from '../../_wire/service-error.ts';
import { invalidParameter, validationError } from '../errors.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { normaliseNumber } from '../values/decimal.ts';
import { checkName, sortedNumbers, sortedTexts, validateValue } from '../values/validate-value.ts';
import { refusedAt } from './errors.ts';
import type { Expression, Field } from './syntax.ts';

const MAX_DEPTH = 32;

export type Parameters = readonly AttributeValue[];

/** Throws the first complaint about one; the service looks at them before the statement. */
export function readParameters(raw: readonly JsonObject[] | undefined): Parameters {
  return (raw ?? []).map(validateValue);
}

/** Throws for what is no value by its kind: a path, a call, an operator. */
export function requireValue(expression: Expression, parameters: Parameters): AttributeValue {
  if (expression.kind === 'parameter') return parameterAt(expression.index, parameters);
  const value = literalAt(expression, 'root', 0);
  if (value) return value;
  throw unsupported(expression, 'root');
}

/** More parameters than the statement asks for are ignored. */
function parameterAt(index: number, parameters: Parameters): AttributeValue {
  const value = parameters[index];
  if (value) return value;
  throw validationError("Number of parameters in request and statement don't match.");
}

function literalAt(expression: Expression, path: string, depth: number): AttributeValue | undefined {
  switch (expression.kind) {
    case 'string':
      return { S: expression.text };
    case 'number':
      return { N: numberAt(expression.text, path) };
    case 'boolean':
      return { BOOL: expression.value };
    case 'null':
      return { NULL: true };
    case 'list':
      return {
        L: expression.members.map((member, i) => memberAt(member, `${path}[${i}]`, depth + 1)),
      };
    case 'struct':
      return { M: fieldsAt(expression.fields, path, depth) };
    case 'bag':
      return setOf(expression.members, path);
    default:
      return undefined;
  }
}

/** Parameters stand for whole values only. */
function memberAt(member: Expression, path: string, depth: number): AttributeValue {
  if (depth >= MAX_DEPTH)
    throw validationError(`Nesting Levels have exceeded supported limits under ${path}`);
  const value = literalAt(member, path, depth);
  if (value) return value;
  throw unsupported(member, path);
}

function fieldsAt(fields: readonly Field[], path: string, depth: number) {
  return fieldMap(fields, (value, name) => memberAt(value, `${path}.${name}`, depth + 1));
}

/** Throws for a name that is no text, or is there twice. */
export function fieldMap(
  fields: readonly Field[],
  valueOfField: (value: Expression, name: string) => AttributeValue,
): { readonly [name: string]: AttributeValue } {
  const entries = new Map<string, AttributeValue>();
  for (const { name, value } of fields) {
    if (name.kind !== 'string') throw unsupported(name, 'root');
    checkName(name.text);
    if (entries.has(name.text)) throw invalidParameter(`Duplicate attribute name: ${name.text}`);
    entries.set(name.text, valueOfField(value, name.text));
  }
  return Object.fromEntries(entries);
}

function setOf(members: readonly Expression[], path: string): AttributeValue {
  if (members.length === 0) throw validationError('Empty bags are not supported');
  const texts = members.flatMap((member) => (member.kind === 'string' ? [member.text] : []));
  if (texts.length === members.length) return { SS: sortedTexts(distinct(texts, texts, '.')) };
  const written = members.flatMap((member) => (member.kind === 'number' ? [member.text] : []));
  if (written.length < members.length)
    throw validationError(
      'Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags',
    );
  const numbers = written.map((text, i) => numberAt(text, `${path}[${i}]`));
  return { NS: sortedNumbers(distinct(numbers, written, `! under ${path}`)) };
}

function distinct(members: readonly string[], written: readonly string[], end: string): readonly string[] {
  if (new Set(members).size === members.length) return members;
  throw invalidParameter(`Input collection [${written.join(', ')}] contains duplicates${end}`);
}

function numberAt(text: string, path: string): string {
  try {
    return normaliseNumber(text);
  } catch (failure) {
    throw validationError(`${(failure as ServiceError).message} under ${path}`);
  }
}

/** The service names the class of what it found. */
function unsupported(expression: Expression, path: string): ServiceError {
  const { kind, at } = expression;
  const what = kind === 'call' ? expression.name : (classNames[kind] ?? 'NAry');
  return refusedAt(`Unsupported data type: ${what} under key ${path}`, at);
}

const classNames: Readonly<Partial<Record<Expression['kind'], string>>> = {
  parameter: 'Parameter',
  missing: 'LiteralMissing',
  path: 'VariableReference',
  statement: 'Select',
  is: 'Typed',
};
