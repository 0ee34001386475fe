/** Message attributes: the checks on sending, and which of them a receive asks for. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { invalidParameter, invalidValue, malformedBody } from './errors.ts';
import type { MessageAttribute, MessageAttributes } from './message.ts';

const MAX_ATTRIBUTES = 10;

export function readMessageAttributes(value: JsonValue | undefined, member: string): MessageAttributes {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw malformedBody(`${member} must be a map`);
  const entries = Object.entries(value);
  if (entries.length > MAX_ATTRIBUTES)
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`,
    );
  return Object.fromEntries(entries.map(([name, attribute]) => [name, readAttribute(name, attribute)]));
}

function readAttribute(name: string, value: JsonValue): MessageAttribute {
  checkName(name);
  if (!isObject(value)) throw malformedBody(`the message attribute '${name}' must be a structure`);
  const { DataType: dataType } = value;
  const kind = typeof dataType === 'string' ? /^(String|Number|Binary)(\.|$)/.exec(dataType)?.[1] : undefined;
  if (typeof dataType !== 'string' || kind === undefined)
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const content = value[kind === 'Binary' ? 'BinaryValue' : 'StringValue'];
  if (typeof content !== 'string' || content === '')
    throw invalidParameter(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${kind === 'Binary' ? 'Binary' : 'String'}'.`,
    );
  if (kind === 'Number' && !Number.isFinite(Number(content)))
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  return kind === 'Binary'
    ? { DataType: dataType, BinaryValue: content }
    : { DataType: dataType, StringValue: content };
}

/** Letters of any alphabet are taken, whatever the message says. */
function checkName(name: string): void {
  const fits = /^[\p{L}\p{N}_.-]{1,256}$/u.test(name) && !/^\.|\.$|\.\.|^(aws|amazon)\./i.test(name);
  if (!fits)
    throw invalidValue(
      name,
      'MessageAttributes.Name',
      'Message attribute name can contain A-Z, a-z, 0-9, underscore, hyphen and period, must not start or end with a period, and must not start with AWS. or Amazon.',
    );
}

/** Names, types and values count towards the message's size. */
export function attributesSize(attributes: MessageAttributes): number {
  let sizeBytes = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes))
    sizeBytes +=
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue ?? '') +
      Buffer.byteLength(BinaryValue ?? '', 'base64');
  return sizeBytes;
}

/** `wanted` holds names, `All`, `.*`, or prefixes like `order.*`. */
export function selectAttributes(
  attributes: MessageAttributes,
  wanted: readonly string[],
): MessageAttributes {
  const isWanted = (name: string) =>
    wanted.some(
      (want) =>
        want === name ||
        want === 'All' ||
        want === '.*' ||
        (want.endsWith('.*') && name.startsWith(want.slice(0, -1))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

export function attributesAsJson(attributes: MessageAttributes): JsonObject {
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, { ...attribute }]));
}
