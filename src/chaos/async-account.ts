/** Follows asynchronous events: each is handled, told to somebody, or still waiting. */
import type { GivenUpEvent } from '../model/faults.ts';
import type { Outcome, TraceContext } from '../model/invocation.ts';
import type { Names } from './names.ts';
import type { Accounts, Report } from './violation.ts';

export interface AsyncAccount extends Accounts {
  enqueued(functionId: string, requestId: string, origin: TraceContext | undefined): void;
  /** Undefined = no asynchronous event. */
  nameOf(requestId: string | undefined): string | undefined;
  end(requestId: string | undefined, outcome: Outcome): void;
  givenUp(event: GivenUpEvent): void;
}

export function makeAsyncAccount(names: Names, report: Report): AsyncAccount {
  const waiting = new Set<string>();
  const named = new Map<string, string>();
  return {
    enqueued(functionId, requestId, origin) {
      if (named.has(requestId)) return;
      named.set(requestId, names.next(origin, functionId));
      waiting.add(requestId);
    },
    nameOf: (requestId) => named.get(requestId ?? ''),
    end(requestId, outcome) {
      if (outcome.status === 'ok') waiting.delete(requestId ?? '');
    },
    givenUp({ requestId, functionId, reason, told }) {
      waiting.delete(requestId);
      if (told.length === 0)
        report({
          invariant: 'nothing-lost',
          message: `${named.get(requestId) ?? functionId} was dropped by ${functionId}: ${reason}; it has neither a destination nor a dead-letter queue`,
        });
    },
    pending: () => [...waiting].map((id) => named.get(id) ?? id),
    finish() {},
  };
}
