/** What a send answers: ids, and the digests by which clients check what arrived. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Draft } from './compose.ts';
import { attributesMd5 } from './digest.ts';
import { readMessageAttributes } from './message-attributes.ts';
import type { Posted } from './post.ts';

export function sendResult(draft: Draft, posted: Posted, input: JsonObject): JsonObject {
  const result: JsonObject = { MessageId: posted.messageId, MD5OfMessageBody: draft.bodyMd5 };
  if (draft.attributes) result.MD5OfMessageAttributes = attributesMd5(draft.attributes);
  if (input.MessageSystemAttributes)
    result.MD5OfMessageSystemAttributes = attributesMd5(
      readMessageAttributes(input.MessageSystemAttributes, 'MessageSystemAttributes'),
    );
  if (posted.sequenceNumber !== undefined) result.SequenceNumber = posted.sequenceNumber;
  return result;
}
