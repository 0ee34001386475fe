/** Raw attribute values of a request → values in normal form, or the service's complaint about their content. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { invalidRequest, requestError, validationError } from '../errors.ts';
import type { AttributeValue, Item } from './attribute-value.ts';
import { compareTexts } from './compare.ts';
import { compareDecimals, normaliseNumber, parseDecimal } from './decimal.ts';

export const MAX_DEPTH = 32;
const MAX_NAME_BYTES = 65535;

/** Numbers come out in normal form, members that are no type are dropped. Throws the first complaint. */
export function validateItem(raw: JsonObject): Item {
  return validateMembers(raw, 1);
}

export function validateValue(raw: JsonValue): AttributeValue {
  return validateAt(raw, 1);
}

function validateMembers(raw: JsonObject, depth: number): Item {
  const item: { [name: string]: AttributeValue } = {};
  for (const name of Object.keys(raw)) {
    checkName(name);
    const value = validateAt(raw[name] ?? {}, depth);
    if (name === '__proto__') defineOwn(item, name, value);
    else item[name] = value;
  }
  return item;
}

/** Throws for a name no attribute can have. */
export function checkName(name: string): void {
  if (name === '') throw requestError('Empty attribute name');
  if (name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES)
    throw requestError('Attribute name is too large, must be less than 65536 bytes');
}

function validateAt(raw: JsonValue, depth: number): AttributeValue {
  const members = raw as JsonObject;
  let found: AttributeValue | undefined;
  let count = 0;
  for (const type in members) {
    const content = members[type];
    if (content === null || content === undefined) continue;
    const value = ofType(type, content, depth);
    if (!value) continue;
    found = value;
    count++;
  }
  if (!found)
    throw validationError(
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    );
  if (count > 1)
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  return found;
}

function ofType(type: string, content: JsonValue, depth: number): AttributeValue | undefined {
  switch (type) {
    case 'S':
      return { S: content as string };
    case 'N':
      return { N: normaliseNumber(content as string) };
    case 'B':
      return { B: content as string };
    case 'BOOL':
      return { BOOL: truthOf(content) };
    case 'NULL':
      return nullOf(content);
    case 'SS':
      return { SS: distinctStrings(content as (string | null)[]) };
    case 'NS':
      return { NS: distinctNumbers(content as (string | null)[]) };
    case 'BS':
      return { BS: distinctBinaries(content as (string | null)[]) };
    case 'L':
      return { L: (content as JsonValue[]).map((member) => validateAt(member ?? {}, deeper(depth))) };
    case 'M':
      return { M: validateMembers(content as JsonObject, deeper(depth)) };
    default:
      return undefined;
  }
}

/** Booleans may be spelled as texts; which ones the JSON type check knows. */
function truthOf(content: JsonValue): boolean {
  return content === true || /^(?:true|yes|1)$/i.test(String(content));
}

function nullOf(content: JsonValue): AttributeValue {
  if (!truthOf(content)) throw invalidRequest('Null attribute value types must have the value of true');
  return { NULL: true };
}

/** The two blanks and the article are the service's. */
function distinctStrings(members: readonly (string | null)[]): readonly string[] {
  if (members.length === 0) throw invalidRequest('An string set  may not be empty');
  if (!isFull(members)) throw invalidRequest('An string set may not have a null string as a member');
  if (new Set(members).size < members.length)
    throw invalidRequest(
      `Input collection [${members.join(', ')}] contains duplicates.`,
      `Input collection [${upToRepeated(members, sortedTexts).join(', ')}] contains duplicates.`,
    );
  return sortedTexts(members);
}

function distinctNumbers(members: readonly (string | null)[]): readonly string[] {
  if (members.length === 0) throw invalidRequest('An number set  may not be empty');
  if (!isFull(members)) throw invalidRequest('An number set may not have a null string as a member');
  const normal = members.map(normaliseNumber);
  if (new Set(normal).size < normal.length)
    throw requestError(
      'Input collection contains duplicates',
      'One or more parameter values were invalid: Input collection contains duplicates.',
    );
  return sortedNumbers(normal);
}

function distinctBinaries(members: readonly (string | null)[]): readonly string[] {
  if (members.length === 0) throw invalidRequest('Binary sets should not be empty');
  if (!isFull(members)) throw invalidRequest('Binary sets may not contain null values');
  if (new Set(members).size < members.length)
    throw invalidRequest(
      `Input collection [${members.join(', ')}]of type BS contains duplicates.`,
      `Input collection [${upToRepeated(members, sortedBinaries).join(',')}]of type BS contains duplicates.`,
    );
  return sortedBinaries(members);
}

/** The newer layer lists the members in order up to the first that comes again, then that one, then the rest as sent. */
function upToRepeated(
  members: readonly string[],
  sort: (members: readonly string[]) => readonly string[],
): readonly string[] {
  const again = members.findIndex((member, i) => members.indexOf(member) < i);
  const listed = [...sort(members.slice(0, again)), ...members.slice(again)];
  return listed.map((member) => `"${member}"`);
}

function isFull(members: readonly (string | null)[]): members is readonly string[] {
  return !members.includes(null);
}

/** Sets come back in the order of their members: texts and binaries by byte, numbers by value. */
export function sortedTexts(members: readonly string[]): readonly string[] {
  return members.length < 2 ? members : members.toSorted(compareTexts);
}

export function sortedBinaries(members: readonly string[]): readonly string[] {
  if (members.length < 2) return members;
  return members.toSorted((a, b) => Buffer.compare(Buffer.from(a, 'base64'), Buffer.from(b, 'base64')));
}

export function sortedNumbers(members: readonly string[]): readonly string[] {
  if (members.length < 2) return members;
  return members.toSorted((a, b) => compareDecimals(parseDecimal(a), parseDecimal(b)));
}

/** One level of lists or maps further in. Throws where the service stops. */
export function deeper(depth: number): number {
  if (depth >= MAX_DEPTH)
    throw requestError(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  return depth + 1;
}

function defineOwn(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}
