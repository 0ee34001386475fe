/** The topics in a store that nobody writes, a snapshot's for one: for listing and comparing saved states. */
import type { Store } from '../../src/model/platform.ts';
import { openSnsStore } from './store.ts';

export interface SavedTopic {
  readonly name: string;
  /** `sqs arn:…`. */
  readonly subscriptions: readonly string[];
  /** What may differ: attributes, subscriptions with theirs. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Sorted by name. */
export function readSavedTopics(store: Store): SavedTopic[] {
  const sns = openSnsStore(store);
  const all = sns.subscriptions();
  return sns.topics().map(({ arn, name, attributes }) => {
    const own = all.filter(({ topicArn }) => topicArn === arn);
    const subscribed = own.map((one): [string, string] => [
      `subscription ${one.protocol} ${one.endpoint}`,
      [one.pending ? 'pending' : 'confirmed', ...Object.entries(one.attributes).flat()].join(' '),
    ]);
    return {
      name,
      subscriptions: own.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`),
      facts: { ...attributes, ...Object.fromEntries(subscribed) },
    };
  });
}
