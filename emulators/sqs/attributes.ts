/** Queue attributes: which there are, what they may be, and the settings they amount to. */
import type { QueueResource } from '../../src/model/resources.ts';
import { invalidAttributeName, invalidAttributeValue, unknownAttribute } from './errors.ts';
import {
  isJsonObject,
  parseRedriveAllowPolicy,
  type Redrive,
  type RedriveAllow,
  storedRedrive,
} from './redrive-policy.ts';

export type Attributes = Readonly<Record<string, string>>;

/** Also of a whole batch. Source: API reference, SendMessageBatch. */
export const MAX_MESSAGE_BYTES = 1_048_576;

type Check = (value: string) => boolean;

const between =
  (low: number, high: number): Check =>
  (value) =>
    /^\d+$/.test(value) && Number(value) >= low && Number(value) <= high;
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value);
const flag = oneOf('true', 'false');
const anything: Check = () => true;

const CHECKS: Readonly<Record<string, Check>> = {
  VisibilityTimeout: between(0, 43_200),
  MaximumMessageSize: between(1024, MAX_MESSAGE_BYTES),
  MessageRetentionPeriod: between(60, 1_209_600),
  DelaySeconds: between(0, 900),
  ReceiveMessageWaitTimeSeconds: between(0, 20),
  KmsMasterKeyId: anything,
  KmsDataKeyReusePeriodSeconds: between(60, 86_400),
  SqsManagedSseEnabled: flag,
  Policy: isJsonObject,
  RedrivePolicy: anything,
  RedriveAllowPolicy: (value) => parseRedriveAllowPolicy(value) !== undefined,
  FifoQueue: flag,
  ContentBasedDeduplication: flag,
  DeduplicationScope: oneOf('queue', 'messageGroup'),
  FifoThroughputLimit: oneOf('perQueue', 'perMessageGroupId'),
};

const FIFO_ONLY = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** What the service computes; may be asked for, not set. */
export const COMPUTED = [
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
] as const;

export const isAttributeName = (name: string) =>
  Object.hasOwn(CHECKS, name) || COMPUTED.some((computed) => computed === name);

const DEFAULTS: Attributes = {
  VisibilityTimeout: '30',
  MaximumMessageSize: String(MAX_MESSAGE_BYTES),
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
};

const FIFO_DEFAULTS: Attributes = {
  FifoQueue: 'true',
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
};

export function defaultAttributes(fifo: boolean): Attributes {
  return fifo ? { ...DEFAULTS, ...FIFO_DEFAULTS } : DEFAULTS;
}

/** `True` is taken for `true`. */
export function withSmallFlags(attributes: Attributes): Attributes {
  const entries = Object.entries(attributes).map(([name, value]) => [
    name,
    Object.hasOwn(CHECKS, name) && CHECKS[name] === flag ? value.toLowerCase() : value,
  ]);
  return Object.fromEntries(entries);
}

/** Throws the service's error for a name or value it would refuse. An empty value unsets and is always allowed. */
export function checkAttributes(attributes: Attributes, fifo: boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    if (!check || (!fifo && name === 'FifoQueue')) throw unknownAttribute(name);
    if (!fifo && FIFO_ONLY.includes(name))
      throw name === 'ContentBasedDeduplication'
        ? unknownAttribute(name)
        : invalidAttributeName(`You can specify the ${name} only when FifoQueue is set to true.`);
    if (name === 'FifoQueue' && value !== 'true')
      throw invalidAttributeValue(name, 'Modifying queue type is not supported.');
    if (value !== '' && !check(value)) throw invalidAttributeValue(name);
  }
  if (attributes.SqsManagedSseEnabled === 'true' && attributes.KmsMasterKeyId)
    throw invalidAttributeName(
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
}

/** `change` laid over `current`; an empty value takes an attribute back to its default. */
export function mergeAttributes(current: Attributes, change: Attributes, fifo: boolean): Attributes {
  const defaults = defaultAttributes(fifo);
  const merged: Record<string, string> = { ...current };
  for (const [name, value] of Object.entries(change)) {
    const set = value === '' ? defaults[name] : value;
    if (set === undefined) delete merged[name];
    else merged[name] = set;
  }
  if (change.KmsMasterKeyId) merged.SqsManagedSseEnabled = 'false';
  return merged;
}

/** What a queue does, in ms and bytes. */
export interface Settings {
  readonly visibilityMs: number;
  readonly delayMs: number;
  readonly retentionMs: number;
  readonly waitMs: number;
  readonly maxBytes: number;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly deduplicationPerGroup: boolean;
  readonly redrive: Redrive | undefined;
  readonly redriveAllow: RedriveAllow | undefined;
}

export function settingsOf(attributes: Attributes): Settings {
  const seconds = (name: string) => Number(attributes[name]) * 1000;
  return {
    visibilityMs: seconds('VisibilityTimeout'),
    delayMs: seconds('DelaySeconds'),
    retentionMs: seconds('MessageRetentionPeriod'),
    waitMs: seconds('ReceiveMessageWaitTimeSeconds'),
    maxBytes: Number(attributes.MaximumMessageSize),
    fifo: isFifo(attributes),
    contentBasedDeduplication: attributes.ContentBasedDeduplication === 'true',
    deduplicationPerGroup: attributes.DeduplicationScope === 'messageGroup',
    redrive: storedRedrive(attributes.RedrivePolicy),
    redriveAllow: parseRedriveAllowPolicy(attributes.RedriveAllowPolicy ?? ''),
  };
}

/** By itself: it is asked for each message that is stored. */
export const isFifo = (attributes: Attributes): boolean => attributes.FifoQueue === 'true';

/** The attributes a queue of the project file has. */
export function attributesOfResource(resource: QueueResource): Attributes {
  const seconds = (ms: number) => String(Math.round(ms / 1000));
  return {
    VisibilityTimeout: seconds(resource.visibilityTimeoutMs),
    DelaySeconds: seconds(resource.delayMs),
    MessageRetentionPeriod: seconds(resource.retentionMs),
    ReceiveMessageWaitTimeSeconds: seconds(resource.receiveWaitMs),
    MaximumMessageSize: String(resource.maximumMessageBytes),
    RedrivePolicy: resource.deadLetter
      ? JSON.stringify({
          deadLetterTargetArn: resource.deadLetter.queueArn,
          maxReceiveCount: resource.deadLetter.maxReceiveCount,
        })
      : '',
    ...(resource.fifo && {
      FifoQueue: 'true',
      ContentBasedDeduplication: String(resource.contentBasedDeduplication),
    }),
  };
}
