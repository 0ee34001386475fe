/** Shapes of raw attribute values and of maps of them: only the JSON types are checked, the content later. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { serializationError } from '../errors.ts';
import { checkBase64 } from '../values/base64.ts';
import { deeper } from '../values/validate-value.ts';
import { mapType, objectOf } from './collections.ts';
import { checkBoolean, wrongScalar } from './scalars.ts';
import type { Position, Shape } from './shape.ts';

const JAVA_TYPE = 'com.amazonaws.dynamodb.v20120810.AttributeValue';

export const attributeValue: Shape<JsonObject> = {
  javaType: JAVA_TYPE,
  decode: checkValue,
  constrain() {},
  print: JSON.stringify,
};

/** An item, a key, or expression values. */
export const attributeMap: Shape<JsonObject> = {
  javaType: mapType(JAVA_TYPE),
  decode: checkMap,
  constrain() {},
  print: JSON.stringify,
};

function checkMap(value: JsonValue, position: Position, depth = 0): JsonObject {
  const members = objectOf(value, mapType(JAVA_TYPE), position);
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (member !== null && member !== undefined) checkValue(member, 'element', depth);
  }
  return members;
}

function checkValue(value: JsonValue, position: Position, depth = 0): JsonObject {
  if (Array.isArray(value)) throw serializationError(`Unrecognized collection type class ${JAVA_TYPE}`);
  if (typeof value !== 'object' || value === null)
    throw serializationError(
      position === 'field' ? 'Unexpected field type' : 'Unexpected value type in payload',
    );
  for (const type in value) {
    const content = value[type];
    if (content !== null && content !== undefined) checkContent(type, content, depth);
  }
  return value;
}

function checkContent(type: string, content: JsonValue, depth: number): void {
  switch (type) {
    case 'S':
    case 'N':
      checkText(content);
      break;
    case 'B':
      checkBinary(content);
      break;
    case 'BOOL':
    case 'NULL':
      checkBoolean(content);
      break;
    case 'SS':
    case 'NS':
      checkList(content, checkText);
      break;
    case 'BS':
      checkList(content, checkBinary);
      break;
    case 'L':
      checkList(content, (member) => void checkValue(member, 'element', deeper(depth)));
      break;
    case 'M':
      checkMap(content, 'field', deeper(depth));
  }
}

function checkText(content: JsonValue): void {
  if (typeof content !== 'string') throw wrongScalar(content, 'String');
}

function checkBinary(content: JsonValue): void {
  if (typeof content === 'string') {
    checkBase64(content);
    return;
  }
  if (Array.isArray(content))
    throw serializationError('Unrecognized collection type class java.nio.ByteBuffer');
  if (typeof content === 'object')
    throw serializationError('Start of structure or map found where not expected');
  throw serializationError('only base-64-encoded strings are convertible to bytes');
}

function checkList(content: JsonValue, checkMember: (member: JsonValue) => void): void {
  if (!Array.isArray(content))
    throw serializationError(
      typeof content === 'object'
        ? 'Start of structure or map found where not expected'
        : 'Unexpected field type',
    );
  for (const member of content) if (member !== null) checkMember(member);
}
