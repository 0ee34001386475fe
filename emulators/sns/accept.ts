/** Messages other services send to a topic: what a function's destinations and dead-letter targets are told. */
import type { EmulatorContext, ServiceMessage } from '../../src/model/emulator.ts';
import { sha256 } from './digest.ts';
import type { SnsService } from './service.ts';

/** False when there is no such topic, or it is a FIFO topic and the message has no group. */
export function acceptMessage(
  { topics, publisher }: SnsService,
  { arn, body, subject, attributes, groupId, deduplicationId, origin }: ServiceMessage,
  endpoint: NonNullable<EmulatorContext['endpoint']>,
): boolean {
  const topic = topics.find(arn);
  if (!topic || (topic.fifo && groupId === undefined)) return false;
  const draft = {
    text: body,
    attributes: attributes ?? {},
    ...(subject !== undefined && { subject }),
    ...(groupId !== undefined && { groupId }),
    ...(topic.fifo && { deduplicationId: deduplicationId ?? sha256(body) }),
  };
  publisher.publish(topic, draft, origin, endpoint());
  return true;
}
