/** From the input of a send to the message that is stored, with every check the service makes. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { ApiCall } from '../../src/model/service-api.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { md5, sha256 } from './digest.ts';
import { invalidMessageContents, invalidParameter, invalidValue, missingParameter } from './errors.ts';
import { optionalInteger, optionalText } from './input.ts';
import type { Message } from './message.ts';
import { attributesSize, readMessageAttributes } from './message-attributes.ts';
import type { Queue } from './queues.ts';
import { parseTraceHeader, writeTraceHeader } from './trace-header.ts';

/** A message without what is only known when it is stored. */
export type Draft = Omit<Message, 'id' | 'sentAt' | 'availableAt' | 'sequenceNumber'> & {
  readonly delayMs: number;
};

/** Body and attributes, as the service counts them. */
export function draftSize({ body, attributes }: Draft): number {
  return Buffer.byteLength(body) + attributesSize(attributes ?? {});
}

const NO_DEDUPLICATION =
  'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly';

/** `flaw`: how the service words that parameters are not as they should be, which is another thing in a batch. */
export function compose(queue: Queue, input: JsonObject, call: ApiCall, flaw = 'are invalid'): Draft {
  const body = optionalText(input, 'MessageBody');
  if (!body) throw missingParameter('MessageBody');
  checkCharacters(body);
  const attributes = readMessageAttributes(input.MessageAttributes, 'MessageAttributes');
  const system = readMessageAttributes(input.MessageSystemAttributes, 'MessageSystemAttributes');
  const sizeBytes = Buffer.byteLength(body) + attributesSize(attributes);
  const { maxBytes } = queue.settings;
  if (sizeBytes > maxBytes)
    throw invalidParameter(
      `One or more parameters ${flaw}. Reason: Message must be shorter than ${maxBytes} bytes.`,
    );
  const header = system.AWSTraceHeader?.StringValue;
  return {
    body,
    bodyMd5: md5(body),
    senderId: call.accountId,
    delayMs: readDelay(queue, input),
    traceHeader: header ?? writeTraceHeader(call.origin),
    origin: (header !== undefined && parseTraceHeader(header)) || call.origin,
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...readGroup(queue, input, body),
  };
}

function readDelay({ settings }: Queue, input: JsonObject): number {
  const seconds = optionalInteger(input, 'DelaySeconds', 0, 900, 'DelaySeconds must be >= 0 and <= 900.');
  if (!settings.fifo) return seconds === undefined ? settings.delayMs : seconds * 1000;
  if (seconds)
    throw invalidValue(
      seconds,
      'DelaySeconds',
      'The request include parameter that is not valid for this queue type.',
    );
  return settings.delayMs;
}

/** Group and deduplication id; standard queues keep a group too (fair queues), but no deduplication id. */
function readGroup(
  { settings }: Queue,
  input: JsonObject,
  body: string,
): Pick<Message, 'groupId' | 'deduplicationId'> {
  const groupId = checkToken(input, 'MessageGroupId');
  const given = checkToken(input, 'MessageDeduplicationId');
  if (!settings.fifo) {
    if (given !== undefined)
      throw invalidValue(
        given,
        'MessageDeduplicationId',
        'The request include parameter that is not valid for this queue type.',
      );
    return groupId === undefined ? {} : { groupId };
  }
  if (groupId === undefined) throw missingParameter('MessageGroupId');
  if (given === undefined && !settings.contentBasedDeduplication) throw invalidParameter(NO_DEDUPLICATION);
  return { groupId, deduplicationId: given ?? sha256(body) };
}

function checkToken(input: JsonObject, name: string): string | undefined {
  const value = optionalText(input, name);
  if (value !== undefined && !/^[!-~]{1,128}$/.test(value))
    throw invalidValue(
      value,
      name,
      `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  return value;
}

const ALLOWED = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

function checkCharacters(body: string): void {
  const found = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(body);
  if (!found) return;
  const code = found[0].codePointAt(0) ?? 0;
  throw invalidMessageContents(
    `Invalid binary character '#x${code.toString(16).toUpperCase()}' was found in the message body, the set of allowed characters is ${ALLOWED}`,
  );
}

/** The service refuses a whole batch over these two, and names the first differently than for a single message. */
export function checkFifoEntry({ settings }: Queue, input: JsonObject): void {
  if (!settings.fifo) return;
  if (input.MessageGroupId === undefined)
    throw invalidParameter('The request must contain the parameter MessageGroupId.');
  if (input.MessageDeduplicationId === undefined && !settings.contentBasedDeduplication)
    throw invalidParameter(NO_DEDUPLICATION);
}

/** The draft, or why this entry of a batch fails. */
export function composeEntry(queue: Queue, input: JsonObject, call: ApiCall): Draft | ServiceError {
  try {
    return compose(queue, input, call, 'cannot be validated');
  } catch (failure) {
    if (failure instanceof ServiceError) return failure;
    throw failure;
  }
}
