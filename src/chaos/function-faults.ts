/** What goes wrong on the way to a function: lateness, throttling, failure, death in the middle, a second delivery. */
import type { DeliverRequest } from '../model/emulator.ts';
import type { Outcome } from '../model/invocation.ts';
import type { Names } from './names.ts';
import type { Plan } from './plan.ts';

/** What happens to one delivery. */
export interface DeliveryFate {
  readonly delayMs: number;
  /** In place of running the function. */
  readonly instead?: Outcome;
  /** The instance dies before its nth call to a service, or after all it does. */
  readonly diesAtCall?: number;
  readonly isRepeated: boolean;
}

export const DIED: Outcome = { status: 'crash', phase: 'invoke', exitCode: null, signal: 'SIGKILL' };
const THROTTLED: Outcome = { status: 'throttled', reason: 'Rate Exceeded (chaos)' };
const FAILED: Outcome = {
  status: 'error',
  phase: 'invoke',
  error: { errorType: 'ChaosError', errorMessage: 'the simulator lets this delivery fail' },
};

const LONGEST_DELAY_MS = 20_000;
const MOST_FAILURES = 4;
const LAST_CALL = 4;

/** `parts`: names of what is delivered together; what strikes one strikes the whole batch. */
export type DecideDelivery = (request: DeliverRequest, parts: readonly string[]) => DeliveryFate;

export function makeDeliveryFates(plan: Plan, names: Names): DecideDelivery {
  /** Deliveries of a part that are still to fail. */
  const failing = new Map<string, number>();

  return (request, parts) => {
    const { functionId, cause } = request;
    let delayMs = 0;
    let instead: Outcome | undefined;
    let diesAtCall: number | undefined;
    let isRepeated = false;
    for (const part of parts) {
      const route = `${part}@${functionId}`;
      const nth = names.count(`delivery ${route}`);
      const name = `${route}.${nth}`;
      const what = `delivery ${nth} of ${part} to ${functionId}`;
      const late = plan.strikes('delay', name, what);
      if (late !== undefined) delayMs = Math.max(delayMs, Math.ceil(late * LONGEST_DELAY_MS));
      if (plan.strikes('throttle', name, what) !== undefined) instead ??= THROTTLED;
      const hard = plan.strikes('fail', name, what);
      if (hard !== undefined) failing.set(route, 1 + Math.floor(hard * MOST_FAILURES));
      const left = failing.get(route) ?? 0;
      if (left > 0) {
        failing.set(route, left - 1);
        instead ??= FAILED;
      }
      const when = plan.strikes('crash', name, what);
      if (when !== undefined) diesAtCall ??= 1 + Math.floor(when * LAST_CALL);
      // Queues have copies of their messages instead; who waits for an answer gets one.
      const mayRepeat = cause.kind !== 'queue' && cause.kind !== 'http' && !isAnswered(request);
      if (mayRepeat && plan.strikes('duplicate', name, what) !== undefined) isRepeated = true;
    }
    return {
      delayMs,
      isRepeated,
      ...(instead && { instead }),
      ...(diesAtCall !== undefined && { diesAtCall }),
    };
  };
}

function isAnswered({ cause }: DeliverRequest): boolean {
  return (
    (cause.kind === 'api' && cause.type === 'RequestResponse') ||
    cause.kind === 'authorizer' ||
    cause.kind === 'cli' ||
    cause.kind === 'replay'
  );
}
