/** What becomes of each message of a batch once the function has ended. */
import type { Outcome } from '../../src/model/invocation.ts';
import { isRecord } from '../../src/model/json.ts';
import { unreachable } from '../../src/std/errors.ts';

export interface Settlement {
  /** Ids of the messages that are done: deleted. */
  readonly done: readonly string[];
  /** Ids of those that become visible again when their visibility timeout is over. */
  readonly kept: readonly string[];
  /** The function never saw the batch: this receive must not count towards the dead-letter queue. */
  readonly unseen: boolean;
  /** Set when the function's partial batch response could not be understood, for the user to see. */
  readonly misunderstood?: string;
}

/**
 * `messageIds` are those of the batch. `partial` = the trigger reports batch item failures. `hasDeadLetters`: of a recursive
 * loop messages go where failed ones go; without such a queue the service drops them.
 */
export function settleBatch(
  outcome: Outcome,
  messageIds: readonly string[],
  partial: boolean,
  hasDeadLetters = false,
): Settlement {
  switch (outcome.status) {
    case 'ok':
      return partial ? settlePartially(outcome.payload, messageIds) : allDone(messageIds);
    case 'error':
    case 'timeout':
    case 'crash':
    case 'out-of-memory':
    case 'throttled':
      return allKept(messageIds);
    case 'unavailable':
      if (outcome.code === 'recursive-invocation')
        return hasDeadLetters ? allKept(messageIds) : allDone(messageIds);
      return { ...allKept(messageIds), unseen: true };
    default:
      return unreachable(outcome);
  }
}

const allDone = (done: readonly string[]): Settlement => ({ done, kept: [], unseen: false });
const allKept = (kept: readonly string[]): Settlement => ({ done: [], kept, unseen: false });

/**
 * Nothing, an empty object or an empty list is success for all. A response the service cannot read, or one that
 * names a message that is not in the batch, is failure for all (Lambda guide, "Partial batch responses").
 */
function settlePartially(payload: string, messageIds: readonly string[]): Settlement {
  const failures = readFailures(payload);
  if (failures === undefined) return allDone(messageIds);
  if (typeof failures === 'string') return { ...allKept(messageIds), misunderstood: failures };
  const failed = new Set<string>();
  for (const item of failures) {
    const id = isRecord(item) ? item.itemIdentifier : undefined;
    if (typeof id !== 'string' || !messageIds.includes(id))
      return {
        ...allKept(messageIds),
        misunderstood: `batchItemFailures holds ${JSON.stringify(item)}, whose itemIdentifier is no message of the batch`,
      };
    failed.add(id);
  }
  return {
    done: messageIds.filter((id) => !failed.has(id)),
    kept: messageIds.filter((id) => failed.has(id)),
    unseen: false,
  };
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
