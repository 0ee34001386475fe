/** From the input of a publish to a draft, with every check the service makes. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { sha256 } from './digest.ts';
import { invalidParameter, invalidValue, malformedBody } from './errors.ts';
import { optionalText, parseObject } from './input.ts';
import type { Draft, MessageAttribute, MessageAttributes } from './message.ts';
import { messageBytesOf } from './topic-attributes.ts';
import type { Topic } from './topics.ts';

/** Text and attributes, as the service counts them. */
export function draftSize({ text, texts, attributes }: Draft): number {
  const body = texts ? Buffer.byteLength(JSON.stringify(texts)) : Buffer.byteLength(text);
  return body + attributesSize(attributes);
}

/** `topic` is undefined for what goes to one phone number or one device. */
export function compose(input: JsonObject, topic: Topic | undefined): Draft {
  const message = optionalText(input, 'Message');
  if (!message) throw invalidParameter('Empty message');
  const subject = optionalText(input, 'Subject');
  if (subject !== undefined) checkSubject(subject);
  const attributes = readMessageAttributes(input.MessageAttributes);
  const size = Buffer.byteLength(message) + attributesSize(attributes);
  if (size > messageBytesOf(topic?.record.attributes)) throw invalidParameter('Message too long');
  return {
    ...textsOf(message, optionalText(input, 'MessageStructure')),
    attributes,
    ...(subject !== undefined && { subject }),
    ...readGroup(input, message, topic),
  };
}

/** Source: SNS API reference, Publish. */
function checkSubject(subject: string): void {
  if (!/^[!-~][ -~]{0,99}$/.test(subject)) throw invalidParameter('Subject');
}

function textsOf(message: string, structure: string | undefined): Pick<Draft, 'text' | 'texts'> {
  if (structure === undefined || structure === '') return { text: message };
  if (structure !== 'json') throw invalidParameter('Unsupported MessageStructure');
  const written = parseObject(message);
  if (!written) throw invalidParameter('Message Structure - JSON message body failed to parse');
  const texts = Object.fromEntries(
    Object.entries(written).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  if (texts.default === undefined)
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  return { text: texts.default, texts };
}

function readGroup(
  input: JsonObject,
  message: string,
  topic: Topic | undefined,
): Pick<Draft, 'groupId' | 'deduplicationId'> {
  const groupId = readToken(input, 'MessageGroupId');
  const given = readToken(input, 'MessageDeduplicationId');
  if (!topic?.fifo) {
    if (given !== undefined)
      throw invalidParameter(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    // Standard topics hand the group on to standard queues, for their fair queues.
    return groupId === undefined ? {} : { groupId };
  }
  if (groupId === undefined)
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  if (given === undefined && !topic.contentBasedDeduplication)
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  return { groupId, deduplicationId: given ?? sha256(message) };
}

function readToken(input: JsonObject, name: string): string | undefined {
  const value = optionalText(input, name);
  if (value !== undefined && !/^[!-~]{1,128}$/.test(value))
    throw invalidParameter(
      `${name} Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length`,
    );
  return value;
}

function readMessageAttributes(value: JsonValue | undefined): MessageAttributes {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw malformedBody('MessageAttributes must be a map');
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, readAttribute(name, one)]));
}

function readAttribute(name: string, value: JsonValue): MessageAttribute {
  checkName(name);
  if (!isObject(value)) throw malformedBody(`the message attribute '${name}' must be a structure`);
  const type = value.DataType;
  const kind = typeof type === 'string' ? /^(String|Number|Binary)(\..+)?$/.exec(type)?.[1] : undefined;
  if (type === undefined || type === '')
    throw invalidValue(`The message attribute '${name}' must contain non-empty message attribute type.`);
  if (typeof type !== 'string' || kind === undefined)
    throw invalidValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const [field, other] = kind === 'Binary' ? ['Binary', 'String'] : ['String', 'Binary'];
  const content = value[`${field}Value`];
  if (content === undefined && typeof value[`${other}Value`] === 'string')
    throw invalidValue(`The message attribute '${name}' with type '${type}' must use field '${field}'.`);
  if (typeof content !== 'string' || content === '')
    throw invalidValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  if (kind === 'Number' && !Number.isFinite(Number(content)))
    throw invalidValue(`Could not cast message attribute '${name}' value to number.`);
  return { type, value: content };
}

/** Source: what the service answers, as recorded by the tests of localstack. */
function checkName(name: string): void {
  const [strange] = /[^\w.-]/u.exec(name) ?? [];
  if (Buffer.byteLength(name) > 256)
    throw invalidValue('Length of message attribute name must be less than 256 bytes.');
  if (strange !== undefined)
    throw invalidValue(
      `Invalid non-alphanumeric character '#x${strange.codePointAt(0)?.toString(16).toUpperCase()}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  if (name.startsWith('.'))
    throw invalidValue("Invalid message attribute name starting with character '.' was found.");
  if (name.endsWith('.'))
    throw invalidValue("Invalid message attribute name ending with character '.' was found.");
  if (name.includes('..'))
    throw invalidValue("Message attribute name can not have successive '.' character.");
}

function attributesSize(attributes: MessageAttributes): number {
  let sizeBytes = 0;
  for (const [name, { type, value }] of Object.entries(attributes))
    sizeBytes +=
      Buffer.byteLength(name) +
      Buffer.byteLength(type) +
      Buffer.byteLength(value, type.startsWith('Binary') ? 'base64' : 'utf8');
  return sizeBytes;
}
