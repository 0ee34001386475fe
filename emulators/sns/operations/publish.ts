/** Publish: to a topic, or straight to a phone number or a device. */
import type { Operation } from '../../../src/model/service-api.ts';
import { checkArn } from '../arns.ts';
import { compose } from '../compose.ts';
import { endpointDisabled, invalidParameter } from '../errors.ts';
import { optionalText } from '../input.ts';
import type { SnsService } from '../service.ts';

export function makePublish({ topics, publisher, outbox, ids }: SnsService): Operation {
  return (input, call) => {
    const phone = optionalText(input, 'PhoneNumber');
    const topicArn = optionalText(input, 'TopicArn');
    const target = topicArn ?? optionalText(input, 'TargetArn');
    if (phone !== undefined) {
      if (!/^\+[1-9]\d{3,14}$/.test(phone))
        throw invalidParameter(`PhoneNumber Reason: ${phone} is not valid to publish to`);
      const draft = compose(input, undefined);
      const id = ids.uuid();
      outbox.putDirect('sms', phone, id, draft);
      return { MessageId: id };
    }
    if (target === undefined)
      throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
    checkArn(target, topicArn === undefined ? 'TargetArn' : 'TopicArn');
    if (target.split(':')[5]?.startsWith('endpoint/')) {
      const device = topics.store.platforms().find(({ arn }) => arn === target);
      if (!device) throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified');
      if (device.attributes.Enabled !== 'true') throw endpointDisabled();
      const draft = compose(input, undefined);
      const id = ids.uuid();
      outbox.putDirect('application', target, id, draft);
      return { MessageId: id };
    }
    const topic = topics.get(target);
    const draft = compose(input, topic);
    const { messageId, sequenceNumber } = publisher.publish(topic, draft, call.origin, call.endpoint);
    return { MessageId: messageId, ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }) };
  };
}
