/** Follows the records of streams on their way to each follower: none lost, those of a key in order, given up exactly when due. */
import type { GivenUpRecords, StreamFaults, StreamName } from '../model/faults.ts';
import type { Outcome } from '../model/invocation.ts';
import { type Change, isAheadOf, isBefore, makeChange, siblingsOf } from './change.ts';
import type { Follower } from './followers.ts';
import type { Names } from './names.ts';
import { makeStreamRecords, recordsIn } from './stream-records.ts';
import { type Accounts, failedItems, type Report } from './violation.ts';

export interface StreamAccount extends Accounts, StreamFaults {
  /** The records of an event, in its order. */
  batch(follower: string, of: StreamName, event: string): readonly Change[];
  begin(batch: readonly Change[]): void;
  end(batch: readonly Change[], outcome: Outcome): void;
  /** What was under way ended without a word; the next life counts tries anew. */
  killed(): void;
}

/** Longer than the longest pause between two tries and the longest delay on the way. */
const LONGEST_PAUSE_MS = 600_000;

export interface StreamAccountOptions {
  readonly names: Names;
  readonly followers: () => readonly Follower[];
  readonly report: Report;
  /** Of the services' time, in ms. */
  readonly now: () => number;
}

export function makeStreamAccount({ names, followers, report, now }: StreamAccountOptions): StreamAccount {
  const records = makeStreamRecords(names);
  const changes = new Map<string, Change>();
  const all = () => [...changes.values()];

  const settingsOf = (follower: string, { kind, name }: StreamName): Follower | undefined =>
    followers().find(({ id, source }) => id === follower && source.kind === kind && source.name === name);

  const changeOf = (follower: string, record: Change['record']): Change => {
    const { of, shardId, sequenceNumber } = record;
    const id = `${follower} ${of.kind} ${of.name} ${shardId} ${sequenceNumber}`;
    const known = changes.get(id);
    if (known) return known;
    const change = makeChange(follower, record, now());
    changes.set(id, change);
    return change;
  };

  const orderBroken = (change: Change, message: string) =>
    report({ invariant: 'order', message: `${change.follower} got ${change.record.name} ${message}` });

  const checkOrder = (change: Change, batch: readonly Change[], at: number) => {
    const lanes = settingsOf(change.follower, change.record.of)?.lanes ?? 2;
    for (const other of siblingsOf(change, all(), lanes)) {
      if (isBefore(change, other)) {
        if (!change.isBegun && other.isBegun) orderBroken(change, `after the later ${other.record.name}`);
        continue;
      }
      if (isOver(other) || batch.slice(0, at).includes(other)) continue;
      orderBroken(change, `before ${other.record.name} was done`);
    }
  };

  const checkTries = (change: Change) => {
    const { record, follower, failures } = change;
    if (change.isGivenUp)
      return report({
        invariant: 'dead-letter',
        message: `${record.name} was given to ${follower} again after it was given up`,
      });
    const { bisects, reportsItems, maximumRetryAttempts: most } = settingsOf(follower, record.of) ?? {};
    // Halves and the rest of a batch that was handled in part have tries of their own.
    if (most === undefined || bisects || reportsItems || failures <= most) return;
    report({
      invariant: 'dead-letter',
      message: `${record.name} failed ${failures} times in ${follower} and is tried again; it was to be given up after ${most + 1}`,
    });
  };

  const checkGivenUp = (change: Change, { condition, told }: GivenUpRecords) => {
    const { record, follower, failures, since } = change;
    const settings = settingsOf(follower, record.of);
    const { maximumRetryAttempts: most, maximumRecordAgeMs: ageMs } = settings ?? {};
    const early = (words: string) =>
      report({ invariant: 'dead-letter', message: `${record.name} was given up by ${follower} ${words}` });
    if (condition === 'RetryAttemptsExhausted' && settings && (most === undefined || failures <= most))
      early(
        most === undefined
          ? `after ${failures} failures, though it is to be tried until it expires`
          : `after ${failures} failures; it is due after ${most + 1}`,
      );
    if (condition === 'MaximumRecordAgeExceeded' && ageMs !== undefined && now() - since < ageMs)
      early(`${now() - since} ms after it came; it is due after ${ageMs} ms`);
    if (told) return;
    const nobody = told === undefined ? 'no destination was told' : 'its destination was not there';
    report({
      invariant: 'nothing-lost',
      message: `${record.name} was given up by ${follower} after ${failures} failures, and ${nobody}`,
    });
  };

  return {
    stored(record) {
      const known = records.know(record);
      for (const { id, source, isPresent } of followers())
        if (isPresent && source.kind === record.of.kind && source.name === record.of.name)
          changeOf(id, known);
    },
    filtered({ of, follower, sequenceNumbers, shardId }) {
      for (const number of sequenceNumbers) {
        const record = records.find(of, shardId, number);
        if (record) changeOf(follower, record).isFiltered = true;
      }
    },
    givenUp(given) {
      for (const number of given.sequenceNumbers) {
        const record = records.find(given.of, given.shardId, number);
        if (!record) continue;
        const change = changeOf(given.follower, record);
        checkGivenUp(change, given);
        change.isGivenUp = true;
      }
    },
    batch: (follower, of, event) =>
      recordsIn(event, of).map((record) => changeOf(follower, records.know(record))),
    begin(batch) {
      for (const [at, change] of batch.entries()) {
        checkOrder(change, batch, at);
        checkTries(change);
        change.isBegun = true;
        change.isUnderWay = true;
      }
    },
    end(batch, outcome) {
      const [first] = batch;
      for (const change of batch) Object.assign(change, { isUnderWay: false, triedAt: now() });
      if (!first || outcome.status === 'throttled' || outcome.status === 'unavailable') return;
      const settings = settingsOf(first.follower, first.record.of);
      const done = outcome.status === 'ok' ? doneOf(batch, outcome.payload, settings) : 0;
      for (const [at, change] of batch.entries())
        if (at < done) change.isDone = true;
        else change.failures++;
    },
    killed() {
      for (const change of all()) Object.assign(change, { isUnderWay: false, failures: 0 });
    },
    pending: () =>
      all()
        .filter((change) => !isOver(change))
        .map(({ record, follower }) => `${record.name} for ${follower}`),
    finish() {
      for (const change of all()) {
        const { record, follower, isBegun, isUnderWay, triedAt } = change;
        if (isOver(change) || isUnderWay || now() - triedAt < LONGEST_PAUSE_MS) continue;
        if (!settingsOf(follower, record.of)) continue;
        const waits = all().some((other) => isAheadOf(change, other) && !isOver(other));
        if (waits) continue;
        const what = isBegun ? `failed in ${follower} and was not tried again` : `never came to ${follower}`;
        report({ invariant: 'nothing-lost', message: `${record.name} ${what}` });
      }
    },
  };
}

const isOver = ({ isDone, isGivenUp, isFiltered }: Change) => isDone || isGivenUp || isFiltered;

/** How many records of the batch's beginning are done. */
function doneOf(batch: readonly Change[], payload: string, settings: Follower | undefined): number {
  const failed = settings?.reportsItems ? failedItems(payload) : undefined;
  if (!failed) return batch.length;
  const at = batch.findIndex(({ record }) => failed.has(record.sequenceNumber));
  return Math.max(0, at);
}
