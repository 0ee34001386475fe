/** What becomes of a batch of records once the function has ended: how many are done, and what is tried next. */
import type { Outcome } from '../../src/model/invocation.ts';
import { isRecord } from '../../src/model/json.ts';
import type { StreamDelivery } from '../../src/model/project.ts';
import { unreachable } from '../../src/std/errors.ts';
import type { Entry, Place } from './source.ts';

/** A batch, or what is left of one. */
export interface Part<P extends Place = Place> {
  readonly entries: readonly Entry<P>[];
  /** How often it failed in a way that uses up retries. */
  readonly failures: number;
  /** How often the function was run with its first record. */
  readonly invocations: number;
}

export type Rules = Pick<
  StreamDelivery,
  'maximumRetryAttempts' | 'bisectBatchOnFunctionError' | 'reportBatchItemFailures'
>;

export interface Settlement<P extends Place = Place> {
  /** How many of the part's first records are done. */
  readonly done: number;
  /** What is tried next of the others, in order. */
  readonly next: readonly Part<P>[];
  /** What is not tried again, because it failed too often. */
  readonly givenUp?: Part<P>;
  /** Not at once. */
  readonly backOff: boolean;
  /** Set when the function's partial batch response could not be understood, for the user to see. */
  readonly misunderstood?: string;
}

export function settle<P extends Place>(outcome: Outcome, part: Part<P>, rules: Rules): Settlement<P> {
  switch (outcome.status) {
    case 'ok':
      return rules.reportBatchItemFailures ? settlePartially(outcome.payload, part, rules) : allDone(part);
    case 'error':
    case 'timeout':
    case 'crash':
    case 'out-of-memory':
      return failed(part, rules);
    case 'throttled':
    case 'unavailable':
      return unseen(part);
    default:
      return unreachable(outcome);
  }
}

/** The function never saw the records: this uses up no retry (Lambda guide, "Error handling" of DynamoDB triggers). */
export function unseen<P extends Place>(part: Part<P>): Settlement<P> {
  return { done: 0, next: [part], backOff: true };
}

function allDone<P extends Place>({ entries }: Part<P>): Settlement<P> {
  return { done: entries.length, next: [], backOff: false };
}

/** Splitting uses up no retries either, and goes on at once. */
function failed<P extends Place>(part: Part<P>, rules: Rules): Settlement<P> {
  const { entries } = part;
  const invocations = part.invocations + 1;
  if (rules.bisectBatchOnFunctionError && entries.length > 1) {
    const middle = Math.ceil(entries.length / 2);
    const halves = [entries.slice(0, middle), entries.slice(middle)];
    return {
      done: 0,
      next: halves.map((half) => ({ entries: half, failures: part.failures, invocations })),
      backOff: false,
    };
  }
  return {
    done: 0,
    backOff: true,
    ...triedAgain({ entries, failures: part.failures + 1, invocations }, rules),
  };
}

function triedAgain<P extends Place>(
  part: Part<P>,
  { maximumRetryAttempts }: Rules,
): Pick<Settlement<P>, 'next' | 'givenUp'> {
  const over = maximumRetryAttempts !== undefined && part.failures > maximumRetryAttempts;
  return over ? { next: [], givenUp: part } : { next: [part] };
}

/**
 * Nothing, an empty object or an empty list is success for all. Otherwise the lowest sequence number that is named is
 * where it goes on. A response that cannot be read, or names what is not in the batch, is failure for all
 * (Lambda guide, "Configuring partial batch response with DynamoDB").
 */
function settlePartially<P extends Place>(payload: string, part: Part<P>, rules: Rules): Settlement<P> {
  const found = readFailures(payload);
  if (found === undefined) return allDone(part);
  if (typeof found === 'string') return { ...failed(part, rules), misunderstood: found };
  let lowest = part.entries.length;
  for (const item of found) {
    const name = isRecord(item) ? item.itemIdentifier : undefined;
    const at = part.entries.findIndex(({ sequenceNumber }) => sequenceNumber === name);
    if (at < 0)
      return {
        ...failed(part, rules),
        misunderstood: `batchItemFailures holds ${JSON.stringify(item)}, whose itemIdentifier is the sequence number of no record of the batch`,
      };
    lowest = Math.min(lowest, at);
  }
  if (lowest === part.entries.length) return allDone(part);
  if (lowest === 0) return failed(part, rules);
  // It failed here for the first time: what went before is another batch's history.
  const rest = { entries: part.entries.slice(lowest), failures: 1, invocations: 1 };
  return { done: lowest, backOff: false, ...triedAgain(rest, rules) };
}

/** The list of failures, undefined for none, or a text that says why it cannot be read. */
function readFailures(payload: string): readonly unknown[] | undefined | string {
  const result: unknown = JSON.parse(payload);
  if (result === null) return undefined;
  if (!isRecord(result))
    return `the function returned ${payload.slice(0, 80)} instead of { batchItemFailures: [] }`;
  const { batchItemFailures } = result;
  if (batchItemFailures === undefined || batchItemFailures === null) return undefined;
  return Array.isArray(batchItemFailures) ? batchItemFailures : 'batchItemFailures is not a list';
}

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/** How long to wait before the next try, after `tries` in a row that brought nothing forward. */
export function backOffMs(tries: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 10));
}
