/** PublishBatch: up to ten messages, the bad ones answered one by one. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { ServiceError } from '../../_wire/service-error.ts';
import { compose, draftSize } from '../compose.ts';
import {
  batchTooLong,
  emptyBatch,
  idsNotDistinct,
  invalidEntryId,
  invalidParameter,
  malformedBody,
  tooManyEntries,
} from '../errors.ts';
import { isObject } from '../input.ts';
import type { Draft } from '../message.ts';
import type { SnsService } from '../service.ts';
import { messageBytesOf } from '../topic-attributes.ts';
import type { Topic } from '../topics.ts';
import { topicOf } from './topics.ts';

const MAX_ENTRIES = 10;

export function makePublishBatch({ topics, publisher }: SnsService): Operation {
  return (input, call) => {
    const topic = topicOf(topics, input);
    const entries = readEntries(input);
    if (topic.fifo && entries.some((entry) => entry.MessageGroupId === undefined))
      throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
    const composed = entries.map((entry) => ({ id: String(entry.Id), draft: composeEntry(entry, topic) }));
    const size = composed.reduce(
      (sum, { draft }) => sum + (draft instanceof ServiceError ? 0 : draftSize(draft)),
      0,
    );
    if (size > messageBytesOf(topic.record.attributes)) throw batchTooLong();
    const successful: JsonObject[] = [];
    const failed: JsonObject[] = [];
    for (const { id, draft } of composed) {
      if (draft instanceof ServiceError) {
        failed.push({ Id: id, Code: draft.queryCode, Message: draft.message, SenderFault: true });
        continue;
      }
      const { messageId, sequenceNumber } = publisher.publish(topic, draft, call.origin, call.endpoint);
      successful.push({
        Id: id,
        MessageId: messageId,
        ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
      });
    }
    return { Successful: successful, Failed: failed };
  };
}

function readEntries(input: JsonObject): JsonObject[] {
  const { PublishBatchRequestEntries: entries } = input;
  if (!Array.isArray(entries) || entries.length === 0) throw emptyBatch();
  if (entries.length > MAX_ENTRIES) throw tooManyEntries();
  const maps = entries.filter(isObject);
  if (maps.length < entries.length)
    throw malformedBody('PublishBatchRequestEntries must be a list of structures');
  for (const { Id: id } of maps)
    if (typeof id !== 'string' || !/^[\w-]{1,80}$/.test(id)) throw invalidEntryId();
  if (new Set(maps.map(({ Id: id }) => id)).size < maps.length) throw idsNotDistinct();
  return maps;
}

function composeEntry(entry: JsonObject, topic: Topic): Draft | ServiceError {
  try {
    return compose(entry, topic);
  } catch (failure) {
    if (failure instanceof ServiceError) return failure;
    throw failure;
  }
}
