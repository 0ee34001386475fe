/** CreateTopic, DeleteTopic, ListTopics, GetTopicAttributes and SetTopicAttributes. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { checkArn, checkTopicName, topicArn } from '../arns.ts';
import { invalidParameter } from '../errors.ts';
import { optionalText, readTags, requiredText, textMap } from '../input.ts';
import { checkSubscriptionsFor } from '../message-size.ts';
import { pageOf } from '../paging.ts';
import type { SnsService } from '../service.ts';
import { checkTopicAttributes, describeTopicAttributes } from '../topic-attributes.ts';
import type { Topic, Topics } from '../topics.ts';
import { checkTags } from './tags.ts';

/** The topic a member names; throws the service's error. */
export function topicOf(topics: Topics, input: JsonObject, member = 'TopicArn'): Topic {
  const arn = requiredText(input, member);
  checkArn(arn, member);
  return topics.get(arn);
}

export function makeCreateTopic({ topics, region, accountId }: SnsService): Operation {
  return (input) => {
    const name = requiredText(input, 'Name');
    const { FifoTopic: fifoText, ...attributes } = textMap(input, 'Attributes');
    const fifo = fifoText === 'true';
    checkTopicName(name, fifo);
    checkTopicAttributes(attributes, fifo);
    const policy = optionalText(input, 'DataProtectionPolicy');
    const wanted = policy === undefined ? attributes : { ...attributes, DataProtectionPolicy: policy };
    const tags = readTags(input);
    checkTags(tags);
    const arn = topicArn(region, accountId, name);
    const known = topics.find(arn);
    if (known) {
      if (Object.entries(wanted).some(([key, value]) => known.record.attributes[key] !== value))
        throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
      if (Object.entries(tags).some(([key, value]) => known.record.tags[key] !== value))
        throw invalidParameter('Tags Reason: Topic already exists with different tags');
      return { TopicArn: arn };
    }
    topics.save({ arn, name, fifo, attributes: wanted, tags, deleted: 0 });
    return { TopicArn: arn };
  };
}

/** As the service: deleting what is not there is no error. */
export function makeDeleteTopic({ topics }: SnsService): Operation {
  return (input) => {
    const arn = requiredText(input, 'TopicArn');
    checkArn(arn, 'TopicArn');
    const topic = topics.find(arn);
    if (topic) topics.remove(topic);
    return undefined;
  };
}

export function makeListTopics({ topics }: SnsService): Operation {
  return (input) => {
    const { items, next } = pageOf(topics.all(), input);
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...next };
  };
}

export function makeGetTopicAttributes({ topics, accountId }: SnsService): Operation {
  return (input) => {
    const { arn, fifo, record, subscriptions } = topicOf(topics, input);
    const pending = subscriptions.filter((one) => one.record.pending).length;
    const facts = {
      ...{ arn, accountId, fifo, attributes: record.attributes, deleted: record.deleted, pending },
      confirmed: subscriptions.length - pending,
    };
    return { Attributes: describeTopicAttributes(facts) };
  };
}

export function makeSetTopicAttributes({ topics }: SnsService): Operation {
  return (input) => {
    const topic = topicOf(topics, input);
    const { record, fifo } = topic;
    const name = requiredText(input, 'AttributeName');
    const value = optionalText(input, 'AttributeValue') ?? '';
    if (name === 'FifoTopic') throw invalidParameter('AttributeName');
    checkTopicAttributes({ [name]: value }, fifo);
    checkSubscriptionsFor({ [name]: value }, topic);
    topics.save({ ...record, attributes: { ...record.attributes, [name]: value } });
    return undefined;
  };
}

export function makeGetDataProtectionPolicy({ topics }: SnsService): Operation {
  return (input) => {
    const { record } = topicOf(topics, input, 'ResourceArn');
    const { DataProtectionPolicy: policy } = record.attributes;
    return policy ? { DataProtectionPolicy: policy } : {};
  };
}

export function makePutDataProtectionPolicy({ topics }: SnsService): Operation {
  return (input) => {
    const { record, fifo } = topicOf(topics, input, 'ResourceArn');
    const change = { DataProtectionPolicy: requiredText(input, 'DataProtectionPolicy') };
    checkTopicAttributes(change, fifo);
    topics.save({ ...record, attributes: { ...record.attributes, ...change } });
    return undefined;
  };
}
