/** The topics and subscriptions that are there, as all operations and deliveries see them. */
import { topicOfSubscription } from './arns.ts';
import { subscriptionDoesNotExist, topicDoesNotExist } from './errors.ts';
import type { MessageTest } from './filters/filter-policy.ts';
import type { SnsStore, SubscriptionRecord, TopicRecord } from './store.ts';
import { compileFilter } from './subscription-attributes.ts';

export interface Topic {
  readonly arn: string;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly record: TopicRecord;
  readonly subscriptions: readonly Subscription[];
}

export interface Subscription {
  readonly record: SubscriptionRecord;
  /** Absent = every message is wanted. */
  readonly wants: MessageTest | undefined;
}

export interface Topics {
  readonly store: SnsStore;
  /** Throws the service's error when there is none. */
  get(arn: string): Topic;
  find(arn: string): Topic | undefined;
  /** By ARN. */
  all(): readonly Topic[];
  save(record: TopicRecord): Topic;
  /** With its subscriptions. */
  remove(topic: Topic): void;
  /** Throws the service's error when there is none. */
  subscription(arn: string): Subscription;
  findSubscription(arn: string): Subscription | undefined;
  /** In the order they were made. */
  allSubscriptions(): readonly Subscription[];
  saveSubscription(record: SubscriptionRecord): void;
  removeSubscription(record: SubscriptionRecord): void;
  /** The store holds another state. */
  reload(): void;
}

interface LiveTopic extends Topic {
  record: TopicRecord;
  contentBasedDeduplication: boolean;
  subscriptions: readonly Subscription[];
}

export function openTopics(store: SnsStore): Topics {
  const live = new Map<string, LiveTopic>();

  const save = (record: TopicRecord): LiveTopic => {
    store.saveTopic(record);
    return adopt(record);
  };

  const adopt = (record: TopicRecord): LiveTopic => {
    const contentBasedDeduplication = record.attributes.ContentBasedDeduplication === 'true';
    const known = live.get(record.arn);
    if (known) return Object.assign(known, { record, contentBasedDeduplication });
    const topic = {
      ...{ arn: record.arn, fifo: record.fifo, contentBasedDeduplication, record },
      subscriptions: [],
    };
    live.set(record.arn, topic);
    return topic;
  };

  const adoptSubscription = (record: SubscriptionRecord) => {
    const topic = live.get(record.topicArn);
    if (!topic) return;
    const others = topic.subscriptions.filter((other) => other.record.arn !== record.arn);
    const subscription = { record, wants: compileFilter(record.attributes) };
    topic.subscriptions = [...others, subscription].sort((a, b) => a.record.number - b.record.number);
  };

  const findSubscription = (arn: string) =>
    live.get(topicOfSubscription(arn))?.subscriptions.find(({ record }) => record.arn === arn);

  const load = () => {
    live.clear();
    for (const record of store.topics()) adopt(record);
    for (const record of store.subscriptions()) adoptSubscription(record);
  };
  load();

  return {
    store,
    find: (arn) => live.get(arn),
    get(arn) {
      const topic = live.get(arn);
      if (!topic) throw topicDoesNotExist();
      return topic;
    },
    all: () => [...live.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1)),
    save,
    remove(topic) {
      store.write(() => {
        for (const { record } of topic.subscriptions) store.forgetSubscription(record.arn);
        store.forgetTopic(topic.arn);
      });
      live.delete(topic.arn);
    },
    findSubscription,
    subscription(arn) {
      const found = findSubscription(arn);
      if (!found) throw subscriptionDoesNotExist();
      return found;
    },
    allSubscriptions: () =>
      [...live.values()]
        .flatMap(({ subscriptions }) => subscriptions)
        .sort((a, b) => a.record.number - b.record.number),
    saveSubscription(record) {
      store.saveSubscription(record);
      adoptSubscription(record);
    },
    removeSubscription(record) {
      const topic = live.get(record.topicArn);
      store.forgetSubscription(record.arn);
      if (!topic) return;
      topic.subscriptions = topic.subscriptions.filter((other) => other.record.arn !== record.arn);
      save({ ...topic.record, deleted: topic.record.deleted + 1 });
    },
    reload: load,
  };
}
