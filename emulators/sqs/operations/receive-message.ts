/** ReceiveMessage, with long polling that waits for events, not for time. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { makeAttempts } from '../attempts.ts';
import { attributesMd5 } from '../digest.ts';
import { invalidAttributeName, invalidValue } from '../errors.ts';
import { optionalInteger, optionalText, queueOf, textList } from '../input.ts';
import type { Received } from '../message.ts';
import { attributesAsJson, selectAttributes } from '../message-attributes.ts';
import type { Queue, Queues } from '../queues.ts';
import { isSystemAttribute, systemAttributes } from '../system-attributes.ts';

export function makeReceiveMessage(queues: Queues): Operation {
  const attempts = makeAttempts(queues);
  return async (input, call) => {
    const queue = queueOf(queues, input);
    const attemptId = readAttemptId(queue, input);
    const max =
      optionalInteger(input, 'MaxNumberOfMessages', 1, 10, 'Must be between 1 and 10, if provided.') ?? 1;
    const visibility = optionalInteger(
      input,
      'VisibilityTimeout',
      0,
      43_200,
      'Must be >= 0 and <= 43200, if provided.',
    );
    const wait = optionalInteger(input, 'WaitTimeSeconds', 0, 20, 'Must be >= 0 and <= 20, if provided.');
    const system = [...textList(input, 'AttributeNames'), ...textList(input, 'MessageSystemAttributeNames')];
    const wanted = textList(input, 'MessageAttributeNames');
    const unknown = system.find((name) => name !== 'All' && !isSystemAttribute(name));
    if (unknown !== undefined) throw invalidAttributeName(`Unknown Attribute ${unknown}.`);
    const waitMs = wait === undefined ? queue.settings.waitMs : wait * 1000;
    const visibilityMs = visibility === undefined ? queue.settings.visibilityMs : visibility * 1000;
    const again = attemptId === undefined ? undefined : attempts.again(queue, attemptId, visibilityMs);
    if (again) return answer(again, system, wanted);
    const received = await queues.receive(queue, {
      max,
      waitMs,
      ...(visibility !== undefined && { visibilityMs }),
      ...(waitMs > 0 && { signal: call.signal }),
    });
    if (attemptId !== undefined) attempts.remember(queue, attemptId, received);
    return answer(received, system, wanted);
  };
}

function readAttemptId({ settings }: Queue, input: JsonObject): string | undefined {
  const id = optionalText(input, 'ReceiveRequestAttemptId');
  if (id === undefined) return undefined;
  const wrong = (reason: string) => invalidValue(id, 'ReceiveRequestAttemptId', reason);
  if (!settings.fifo) throw wrong('The request include parameter that is not valid for this queue type.');
  if (/^[!-~]{1,128}$/.test(id)) return id;
  throw wrong(
    'ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
  );
}

function answer(
  received: readonly Received[],
  system: readonly string[],
  wanted: readonly string[],
): JsonObject {
  return received.length === 0 ? {} : { Messages: received.map((one) => asJson(one, system, wanted)) };
}

function asJson(received: Received, system: readonly string[], wanted: readonly string[]): JsonObject {
  const { message, receiptHandle } = received;
  const json: JsonObject = {
    MessageId: message.id,
    ReceiptHandle: receiptHandle,
    MD5OfBody: message.bodyMd5,
    Body: message.body,
  };
  if (system.length > 0) {
    const all = systemAttributes(received);
    json.Attributes = system.includes('All')
      ? all
      : Object.fromEntries(Object.entries(all).filter(([name]) => system.includes(name)));
  }
  const attributes = selectAttributes(message.attributes ?? {}, wanted);
  if (Object.keys(attributes).length > 0) {
    json.MD5OfMessageAttributes = attributesMd5(attributes);
    json.MessageAttributes = attributesAsJson(attributes);
  }
  return json;
}
