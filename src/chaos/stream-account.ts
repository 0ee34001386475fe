/** Follows the changes of tables that functions got: each item's in order, none passed over before it is done or given up. */
import type { Outcome } from '../model/invocation.ts';
import type { TableStreamTrigger, Trigger } from '../model/project.ts';
import { type Accounts, failedItems, type Report } from './violation.ts';

export interface StreamAccount extends Accounts {
  /** The records of an event, in its order. */
  batch(functionId: string, table: string, event: string): readonly Change[];
  begin(batch: readonly Change[]): void;
  end(batch: readonly Change[], outcome: Outcome): void;
}

export interface Change {
  /** `orders{"id":"7"}#2`: the second change of this item the function was told of. */
  readonly name: string;
  readonly functionId: string;
  readonly table: string;
  readonly sequence: string;
  /** All changes of this item this function was told of. */
  readonly siblings: Change[];
  failures: number;
  failedAt: number;
  isBegun: boolean;
  isDone: boolean;
}

/** Longer than the longest pause between two tries: what still fails then has been given up. */
const LONGEST_PAUSE_MS = 120_000;

/** `now`: of the services' time, in ms. */
export function makeStreamAccount(
  triggers: () => readonly Trigger[],
  report: Report,
  now: () => number,
): StreamAccount {
  const items = new Map<string, Change[]>();
  const all = () => [...items.values()].flat();

  const triggerOf = ({ functionId, table }: Change): TableStreamTrigger | undefined =>
    triggers().find(
      (one): one is TableStreamTrigger =>
        one.kind === 'table-stream' &&
        one.functionId === functionId &&
        one.streamArn.includes(`:table/${table}/`),
    );

  const isGivenUp = (change: Change) => {
    const { maximumRetryAttempts: retries, maximumRecordAgeMs: ageMs } = triggerOf(change) ?? {};
    return ageMs !== undefined || (retries !== undefined && change.failures > retries);
  };

  const changeOf = (functionId: string, table: string, record: StreamRecord): Change => {
    const item = `${table}${plainKeys(record)}`;
    const key = `${functionId} ${item}`;
    const siblings = items.get(key) ?? [];
    items.set(key, siblings);
    const sequence = String(record.dynamodb?.SequenceNumber ?? '');
    const known = siblings.find((one) => one.sequence === sequence);
    if (known) return known;
    const name = `${item}#${siblings.length + 1}`;
    const change = {
      name,
      functionId,
      table,
      sequence,
      siblings,
      failures: 0,
      failedAt: 0,
      isBegun: false,
      isDone: false,
    };
    siblings.push(change);
    return change;
  };

  const checkOrder = (change: Change, batch: readonly Change[], at: number) => {
    for (const other of change.siblings) {
      if (other === change) continue;
      if (isBefore(change, other)) {
        if (!change.isBegun && other.isBegun)
          report({
            invariant: 'order',
            message: `${change.functionId} got ${other.name} before the earlier ${change.name}`,
          });
        continue;
      }
      if (other.isDone || isGivenUp(other) || batch.slice(0, at).includes(other)) continue;
      report({
        invariant: 'order',
        message: `${change.functionId} got ${change.name} before ${other.name} was done`,
      });
    }
  };

  return {
    batch: (functionId, table, event) => recordsOf(event).map((one) => changeOf(functionId, table, one)),
    begin(batch) {
      for (const [at, change] of batch.entries()) {
        checkOrder(change, batch, at);
        change.isBegun = true;
      }
    },
    end(batch, outcome) {
      const [first] = batch;
      if (!first || outcome.status === 'throttled' || outcome.status === 'unavailable') return;
      const done = outcome.status === 'ok' ? doneOf(batch, outcome.payload, triggerOf(first)) : 0;
      for (const [at, change] of batch.entries())
        if (at < done) change.isDone = true;
        else {
          change.failures++;
          change.failedAt = now();
        }
    },
    pending: () =>
      all()
        .filter(
          (change) => !change.isDone && !(isGivenUp(change) && now() - change.failedAt > LONGEST_PAUSE_MS),
        )
        .map(({ name, functionId }) => `${name} for ${functionId}`),
    finish() {
      for (const change of all())
        if (!change.isDone && isGivenUp(change) && triggerOf(change)?.onFailureArn === undefined)
          report({
            invariant: 'nothing-lost',
            message: `${change.name} was given up by ${change.functionId} after ${change.failures} failures, and no destination was told`,
          });
    },
  };
}

/** How many records of the batch's beginning are done. */
function doneOf(batch: readonly Change[], payload: string, trigger: TableStreamTrigger | undefined): number {
  const failed = trigger?.reportBatchItemFailures ? failedItems(payload) : undefined;
  if (!failed) return batch.length;
  const at = batch.findIndex(({ sequence }) => failed.has(sequence));
  return Math.max(0, at);
}

/** Sequence numbers are long decimal numbers. */
function isBefore(a: Change, b: Change): boolean {
  return BigInt(a.sequence || '0') < BigInt(b.sequence || '0');
}

interface StreamRecord {
  readonly dynamodb?: { readonly Keys?: Record<string, unknown>; readonly SequenceNumber?: string };
}

function recordsOf(event: string): readonly StreamRecord[] {
  const { Records: records } = JSON.parse(event) as { Records?: StreamRecord[] };
  return records ?? [];
}

/** `{"id":"7"}`: without the types. */
function plainKeys({ dynamodb }: StreamRecord): string {
  const keys = Object.entries(dynamodb?.Keys ?? {}).map(([name, typed]) => [
    name,
    Object.values(typed as Record<string, unknown>)[0],
  ]);
  return JSON.stringify(Object.fromEntries(keys));
}
