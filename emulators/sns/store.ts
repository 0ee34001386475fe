/** Storage of topics, subscriptions and what was published to FIFO topics lately. */
import type { Store } from '../../src/model/platform.ts';
import type { Attributes } from './topic-attributes.ts';

export interface TopicRecord {
  readonly arn: string;
  readonly name: string;
  readonly fifo: boolean;
  readonly attributes: Attributes;
  readonly tags: Readonly<Record<string, string>>;
  /** Subscriptions that were deleted. */
  readonly deleted: number;
  /** What the project file last said of it, as JSON; absent for topics made through the API. */
  readonly declared?: string;
}

export interface SubscriptionRecord {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Attributes;
  /** Order among the subscriptions of the account. */
  readonly number: number;
  /** Until it is confirmed: what confirms it, and until when, epoch ms. */
  readonly pending?: { readonly token: string; readonly until: number };
  /** Confirmed by somebody who signed and asked that only such may unsubscribe. */
  readonly authenticated: boolean;
  /** The confirmed subscription answers its token again. */
  readonly token?: string;
  /** What the project file says of it, as JSON; absent for those made through the API. */
  readonly declared?: string;
}

/** A platform application, or an endpoint of one. */
export interface PlatformRecord {
  readonly arn: string;
  readonly attributes: Attributes;
}

/** The first message with its deduplication id. */
export interface Published {
  readonly at: number;
  readonly messageId: string;
  readonly sequenceNumber: string;
}

export interface SnsStore {
  topics(): TopicRecord[];
  saveTopic(record: TopicRecord): void;
  forgetTopic(arn: string): void;
  subscriptions(): SubscriptionRecord[];
  saveSubscription(record: SubscriptionRecord): void;
  forgetSubscription(arn: string): void;
  /** The next number of a count, from 1. */
  next(count: string): number;
  duplicate(topicArn: string, key: string, now: number): Published | undefined;
  remember(topicArn: string, key: string, published: Published): void;
  /** By ARN. */
  platforms(): PlatformRecord[];
  savePlatform(record: PlatformRecord): void;
  forgetPlatform(arn: string): void;
  /** Settings of the account: SMS attributes, numbers that opted out. */
  setting(name: string): Readonly<Record<string, string>>;
  saveSetting(name: string, value: Readonly<Record<string, string>>): void;
  write<T>(work: () => T): T;
}

/** Source: SNS guide, "Message deduplication for FIFO topics". */
const WINDOW_MS = 5 * 60_000;
/** Old entries removed with each new one. */
const FORGET_STEP = 4;

export function openSnsStore(store: Store): SnsStore {
  const topics = store.map<TopicRecord>('sns:topics');
  const subscriptions = store.map<SubscriptionRecord>('sns:subscriptions');
  const counts = store.map<number>('sns:counts');
  const published = store.map<Published>('sns:published');
  /** [topic, when, key]. */
  const publishedByTime = store.map<true>('sns:published:time');
  const platforms = store.map<PlatformRecord>('sns:platforms');
  const settings = store.map<Readonly<Record<string, string>>>('sns:settings');

  const forgetOld = (topicArn: string, before: number) => {
    const range = { from: [topicArn], to: [topicArn, before], limit: FORGET_STEP };
    for (const entry of [...publishedByTime.keys(range)]) {
      const [, at, key] = entry as [string, number, string];
      publishedByTime.remove(entry);
      if (published.get([topicArn, key])?.at === at) published.remove([topicArn, key]);
    }
  };

  return {
    topics: () => [...topics.range()].map(({ value }) => value),
    saveTopic: (record) => topics.put(record.arn, record),
    forgetTopic: (arn) => topics.remove(arn),
    subscriptions: () => [...subscriptions.range()].map(({ value }) => value),
    saveSubscription: (record) => subscriptions.put(record.arn, record),
    forgetSubscription: (arn) => subscriptions.remove(arn),
    next: (count) =>
      store.write(() => {
        const number = (counts.get(count) ?? 0) + 1;
        counts.put(count, number);
        return number;
      }),
    duplicate(topicArn, key, now) {
      const found = published.get([topicArn, key]);
      return found && found.at > now - WINDOW_MS ? found : undefined;
    },
    remember: (topicArn, key, one) =>
      store.write(() => {
        forgetOld(topicArn, one.at - WINDOW_MS);
        published.put([topicArn, key], one);
        publishedByTime.put([topicArn, one.at, key], true);
      }),
    platforms: () => [...platforms.range()].map(({ value }) => value),
    savePlatform: (record) => platforms.put(record.arn, record),
    forgetPlatform: (arn) => platforms.remove(arn),
    setting: (name) => settings.get(name) ?? {},
    saveSetting: (name, value) => settings.put(name, value),
    write: (work) => store.write(work),
  };
}
