/** What environment values may ask for: names and addresses of the project's other parts. */
import { queueUrlToken } from '../../model/project.ts';
import type { Environment } from '../environment.ts';
import { nearest } from '../fields.ts';
import type { Lookup } from './config.ts';

export interface Names {
  readonly stage: string;
  readonly region: string;
  /** Key → name in the cloud. */
  readonly queues: ReadonlyMap<string, string>;
  readonly topics: ReadonlyMap<string, string>;
  readonly streams: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, string>;
  readonly buckets: ReadonlyMap<string, string>;
  readonly eventBuses: ReadonlyMap<string, string>;
  readonly functions: ReadonlyMap<string, string>;
  readonly arnOfQueue: (name: string) => string;
  readonly arnOfTopic: (name: string) => string;
  readonly arnOfStream: (name: string) => string;
  readonly env: Environment;
}

/** Something an environment value asks for and that is not there. */
export interface Miss {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string;
}

/** `miss` hears of what is not there; the asker gets the key itself instead. */
export function makeLookup(names: Names, miss: (miss: Miss) => void): Lookup {
  const find = (kind: string, known: ReadonlyMap<string, string>, key: string): string => {
    const name = known.get(key);
    if (name !== undefined) return name;
    miss({
      severity: 'error',
      message: `there is no ${kind} "${key}" in this file`,
      hint:
        known.size === 0
          ? `declare it below ${kind === 'eventBus' ? 'eventBuses' : `${kind}s`}`
          : nearest(key, known.keys()),
    });
    return key;
  };
  return {
    stage: names.stage,
    region: names.region,
    queueUrl: (key) => queueUrlToken(find('queue', names.queues, key)),
    queueArn: (key) => names.arnOfQueue(find('queue', names.queues, key)),
    topicArn: (key) => names.arnOfTopic(find('topic', names.topics, key)),
    streamName: (key) => find('stream', names.streams, key),
    streamArn: (key) => names.arnOfStream(find('stream', names.streams, key)),
    tableName: (key) => find('table', names.tables, key),
    bucketName: (key) => find('bucket', names.buckets, key),
    eventBusName: (key) => find('eventBus', names.eventBuses, key),
    functionName: (key) => find('function', names.functions, key),
    env(name) {
      const value = names.env[name];
      if (value !== undefined) return value;
      miss({
        severity: 'warning',
        message: `${name} is not set`,
        hint: `set ${name} in the environment or in .env`,
      });
      return '';
    },
  };
}

const call = /\{\{\s*(\w+)(?:\s+([^\s}]+))?\s*\}\}/g;

/** Replaces every `{{ queueUrl orders }}` of a text. */
export function fillIn(text: string, lookup: Lookup, miss: (miss: Miss) => void): string {
  return text.replace(call, (whole, name: string, key: string | undefined) => {
    if (name === 'stage' || name === 'region') return lookup[name];
    if (isNamed(name) && key !== undefined) return lookup[name](key);
    miss({
      severity: 'error',
      message: `${whole} is not something that can be looked up`,
      hint: `write one of ${named.map((one) => `{{ ${one} NAME }}`).join(', ')}, {{ stage }}, {{ region }}`,
    });
    return whole;
  });
}

const named = [
  'queueUrl',
  'queueArn',
  'topicArn',
  'streamName',
  'streamArn',
  'tableName',
  'bucketName',
  'eventBusName',
  'functionName',
  'env',
] as const;

function isNamed(name: string): name is (typeof named)[number] {
  return named.some((one) => one === name);
}
