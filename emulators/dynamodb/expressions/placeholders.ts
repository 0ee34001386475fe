/** The `#name` and `:value` placeholders of one request: resolving them, and who was used. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { RequestError, requestError, validationError } from '../errors.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { checkName, validateValue } from '../values/validate-value.ts';
import type { Path, WrittenPath } from './path.ts';
import { isReserved } from './reserved-words.ts';
import { type ExpressionName, expressionError } from './tokens.ts';

export interface PlaceholderInput {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: JsonObject;
}

export interface Placeholders {
  path(expression: ExpressionName, written: WrittenPath): Path;
  value(expression: ExpressionName, placeholder: string): AttributeValue;
  /** Throws when the request defines placeholders that no expression used. */
  assertAllUsed(): void;
}

/** With the sign. */
const MAX_KEY_BYTES = 255;
const validKey = /^[A-Za-z0-9_]+$/;

/** Throws for empty maps, keys that are no placeholders, and values that are no attribute values. */
export function readPlaceholders(input: PlaceholderInput): Placeholders {
  const names = checkNames(input.ExpressionAttributeNames);
  const values = readValues(input.ExpressionAttributeValues);
  const usedNames = new Set<string>();
  const usedValues = new Set<string>();

  const nameOf = (expression: ExpressionName, placeholder: string): string => {
    const name = names && Object.hasOwn(names, placeholder) ? names[placeholder] : undefined;
    if (name === undefined)
      throw expressionError(
        expression,
        `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    usedNames.add(placeholder);
    return name;
  };

  return {
    path: (expression, { steps }) =>
      steps.map((step) => {
        if ('name' in step) return step.name;
        return 'position' in step ? step.position : nameOf(expression, step.placeholder);
      }),
    value(expression, placeholder) {
      const value = values?.get(placeholder);
      if (!value)
        throw expressionError(
          expression,
          `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
        );
      usedValues.add(placeholder);
      return value;
    },
    assertAllUsed() {
      assertUsed('ExpressionAttributeNames', Object.keys(names ?? {}), usedNames);
      assertUsed('ExpressionAttributeValues', [...(values?.keys() ?? [])], usedValues);
    },
  };
}

/** Throws for the first name in `path` that may not be written without a placeholder. */
export function assertNotReserved(expression: ExpressionName, { steps }: WrittenPath): void {
  for (const step of steps)
    if ('name' in step && isReserved(step.name))
      throw expressionError(
        expression,
        `Attribute name is a reserved keyword; reserved keyword: ${step.name}`,
      );
}

function checkNames(names: Readonly<Record<string, string>> | undefined) {
  if (!names) return undefined;
  const keys = Object.keys(names);
  if (keys.length === 0) throw requestError('ExpressionAttributeNames must not be empty');
  checkKeys('ExpressionAttributeNames', '#', keys);
  for (const key of keys) readName(key, names[key] ?? '');
  return names;
}

function readName(key: string, name: string): void {
  try {
    checkName(name);
  } catch (failure) {
    const { message } = failure as RequestError;
    throw requestError(`ExpressionAttributeNames contains invalid value: ${message} for key ${key}`);
  }
}

function readValues(raw: JsonObject | undefined): Map<string, AttributeValue> | undefined {
  if (!raw) return undefined;
  const keys = Object.keys(raw);
  if (keys.length === 0) throw requestError('ExpressionAttributeValues must not be empty');
  checkKeys('ExpressionAttributeValues', ':', keys);
  return new Map(keys.map((key) => [key, readValue(key, raw[key] ?? {})]));
}

function readValue(key: string, raw: JsonObject[string]): AttributeValue {
  try {
    return validateValue(raw);
  } catch (failure) {
    const { message } = failure as Error;
    const older = `ExpressionAttributeValues contains invalid value: ${message} for key ${key}`;
    throw failure instanceof RequestError ? requestError(older, failure.newer) : validationError(older);
  }
}

function checkKeys(member: string, sign: string, keys: readonly string[]): void {
  for (const key of keys) {
    if (key.length * 3 > MAX_KEY_BYTES) checkKeySize(member, sign, Buffer.byteLength(key));
    if (!key.startsWith(sign) || !validKey.test(key.slice(1)))
      throw requestError(`${member} contains invalid key: Syntax error; key: "${key}"`);
  }
}

/** Of names the service says how long they are, of values it does not. */
function checkKeySize(member: string, sign: string, bytes: number): void {
  if (bytes <= MAX_KEY_BYTES) return;
  throw requestError(
    `${member} contains invalid key: The expression attribute map contains a key that is too long;` +
      (sign === '#' ? ` size of key: ${bytes}` : ''),
  );
}

function assertUsed(member: string, keys: readonly string[], used: ReadonlySet<string>): void {
  const unused = keys.filter((key) => !used.has(key));
  if (unused.length > 0)
    throw requestError(`Value provided in ${member} unused in expressions: keys: {${unused.join(', ')}}`);
}
