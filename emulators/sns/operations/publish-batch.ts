/** PublishBatch: up to ten messages; one that is bad refuses them all, as recorded of the service. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { Operation } from '../../../src/model/service-api.ts';
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
import type { SnsService } from '../service.ts';
import { messageBytesOf } from '../topic-attributes.ts';
import { topicOf } from './topics.ts';

const MAX_ENTRIES = 10;

export function makePublishBatch({ topics, publisher }: SnsService): Operation {
  return (input, call) => {
    const topic = topicOf(topics, input);
    const entries = readEntries(input);
    if (topic.fifo && entries.some((entry) => entry.MessageGroupId === undefined))
      throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
    const composed = entries.map((entry) => ({ id: String(entry.Id), draft: compose(entry, topic) }));
    const size = composed.reduce((sum, { draft }) => sum + draftSize(draft), 0);
    if (size > messageBytesOf(topic.record.attributes)) throw batchTooLong();
    const successful: JsonObject[] = [];
    for (const { id, draft } of composed) {
      const { messageId, sequenceNumber } = publisher.publish(topic, draft, call.origin, call.endpoint);
      successful.push({
        Id: id,
        MessageId: messageId,
        ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
      });
    }
    return { Successful: successful, Failed: [] };
  };
}

function readEntries(input: JsonObject): JsonObject[] {
  const { PublishBatchRequestEntries: entries } = input;
  if (!Array.isArray(entries) || entries.length === 0) throw emptyBatch();
  if (entries.length > MAX_ENTRIES) throw tooManyEntries();
  const maps = entries.filter(isObject);
  if (maps.length < entries.length)
    throw malformedBody('PublishBatchRequestEntries must be a list of structures');
  for (const { Id: id } of maps) checkId(id);
  if (new Set(maps.map(({ Id: id }) => id)).size < maps.length) throw idsNotDistinct();
  return maps;
}

function checkId(id: JsonValue | undefined): void {
  if (typeof id !== 'string' || id === '') throw invalidEntryId();
  if (id.length > 80) throw invalidEntryId(`the batch request is too long: ${id}`);
  if (!/^[\w-]+$/.test(id))
    throw invalidEntryId(`the batch request contains an impermissible character: ${id}`);
}
