/** Delivery policies of HTTP(S) subscribers: how often and how far apart a failed delivery is tried again. Pure. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import { invalidParameter } from '../errors.ts';
import { parseObject } from '../input.ts';

export type Backoff = 'linear' | 'arithmetic' | 'geometric' | 'exponential';

export interface RetryPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numMaxDelayRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly backoffFunction: Backoff;
}

/** Source: SNS guide, "Amazon SNS message delivery retries". */
export const DEFAULT_RETRIES: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};

const BACKOFFS: readonly string[] = ['linear', 'arithmetic', 'geometric', 'exponential'];
const CONTENT_TYPES = [
  ...['text/plain', 'text/html', 'text/css', 'text/csv', 'text/xml', 'application/json', 'application/xml'],
  ...[
    'application/octet-stream',
    'application/soap+xml',
    'application/x-www-form-urlencoded',
    'application/xop+xml',
  ],
  ...['application/atom+xml', 'application/xhtml+xml'],
];
/** The total time of all retries, in seconds. */
const MOST_SECONDS = 3600;

/** Of a topic the policies stand below `http` and are called defaults. */
export function checkDeliveryPolicy(text: string, of: 'topic' | 'subscription'): void {
  const refuse = (reason: string) => invalidParameter(`DeliveryPolicy: ${reason}`);
  const policy = parseObject(text);
  if (!policy) throw refuse('failed to parse JSON.');
  const written = retriesIn(policy, of);
  if (written) {
    const problem = flawOf({ ...DEFAULT_RETRIES, ...written } as JsonObject);
    if (problem) throw refuse(problem);
  }
  const type = contentTypeIn(policy, of);
  if (type !== undefined && !CONTENT_TYPES.includes(type.split(';')[0]?.trim() ?? ''))
    throw refuse('requestPolicy.headerContentType is invalid');
}

function flawOf(policy: JsonObject): string | undefined {
  const integer = (name: string, low: number, high: number) => {
    const value = policy[name];
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
    return fits ? undefined : `healthyRetryPolicy.${name} must be between ${low} and ${high}`;
  };
  const ranges = [
    integer('minDelayTarget', 1, MOST_SECONDS),
    integer('maxDelayTarget', 1, MOST_SECONDS),
    integer('numRetries', 0, 100),
    integer('numNoDelayRetries', 0, 100),
    integer('numMinDelayRetries', 0, 100),
    integer('numMaxDelayRetries', 0, 100),
  ];
  const wrong = ranges.find((one) => one !== undefined);
  if (wrong !== undefined) return wrong;
  if (!BACKOFFS.includes(String(policy.backoffFunction)))
    return 'healthyRetryPolicy.backoffFunction is invalid';
  const retries = policy as unknown as RetryPolicy;
  if (retries.maxDelayTarget < retries.minDelayTarget)
    return 'healthyRetryPolicy.maxDelayTarget must be greater than or equal to minDelayTarget';
  const spent = retries.numNoDelayRetries + retries.numMinDelayRetries + retries.numMaxDelayRetries;
  if (retries.numRetries < spent)
    return 'healthyRetryPolicy.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries';
  const total = Array.from({ length: retries.numRetries }, (_, at) => retryDelayMs(retries, at + 1) ?? 0);
  return total.reduce((sum, ms) => sum + ms, 0) > MOST_SECONDS * 1000
    ? 'the total time of all retries must not be greater than 3600 seconds'
    : undefined;
}

/** A subscription's own policy wins, unless its topic forbids that. */
export function retriesOf(
  topicPolicy: string | undefined,
  subscriptionPolicy: string | undefined,
): RetryPolicy {
  const topic = parseObject(topicPolicy ?? '') ?? {};
  const own = parseObject(subscriptionPolicy ?? '') ?? {};
  const http = isObject(topic.http) ? topic.http : {};
  const ownRetries = http.disableSubscriptionOverrides === true ? undefined : retriesIn(own, 'subscription');
  return { ...DEFAULT_RETRIES, ...(retriesIn(topic, 'topic') as object), ...(ownRetries as object) };
}

export function contentTypeOf(
  topicPolicy: string | undefined,
  subscriptionPolicy: string | undefined,
): string {
  const written =
    contentTypeIn(parseObject(subscriptionPolicy ?? '') ?? {}, 'subscription') ??
    contentTypeIn(parseObject(topicPolicy ?? '') ?? {}, 'topic');
  return written ?? 'text/plain; charset=UTF-8';
}

function retriesIn(policy: JsonObject, of: 'topic' | 'subscription'): JsonObject | undefined {
  const holder = of === 'topic' && isObject(policy.http) ? policy.http : policy;
  const found = of === 'topic' ? holder.defaultHealthyRetryPolicy : holder.healthyRetryPolicy;
  return isObject(found) ? found : undefined;
}

function contentTypeIn(policy: JsonObject, of: 'topic' | 'subscription'): string | undefined {
  const holder = of === 'topic' && isObject(policy.http) ? policy.http : policy;
  const found = of === 'topic' ? holder.defaultRequestPolicy : holder.requestPolicy;
  return isObject(found) && typeof found.headerContentType === 'string' ? found.headerContentType : undefined;
}

/** How long to wait before a retry, counted from 1; undefined when there is none left. */
export function retryDelayMs(policy: RetryPolicy, retry: number): number | undefined {
  const { minDelayTarget: least, maxDelayTarget: most, numRetries } = policy;
  if (retry > numRetries) return undefined;
  if (retry <= policy.numNoDelayRetries) return 0;
  const afterImmediate = retry - policy.numNoDelayRetries;
  if (afterImmediate <= policy.numMinDelayRetries) return least * 1000;
  const step = afterImmediate - policy.numMinDelayRetries;
  const steps = numRetries - policy.numNoDelayRetries - policy.numMinDelayRetries - policy.numMaxDelayRetries;
  if (step > steps) return most * 1000;
  return backedOff(policy.backoffFunction, least, most, steps, step) * 1000;
}

/** The curve from `least` to `most` in as many steps. */
function backedOff(backoff: Backoff, least: number, most: number, steps: number, step: number): number {
  if (steps <= 1) return least;
  const part = (step - 1) / (steps - 1);
  const span = most - least;
  switch (backoff) {
    case 'linear':
      return least + span * part;
    case 'arithmetic':
      return least + (span * (step * (step - 1))) / (steps * (steps - 1));
    case 'geometric':
      return least * (most / least) ** part;
    default:
      return least + (span * (2 ** (step - 1) - 1)) / (2 ** (steps - 1) - 1);
  }
}
