/** What goes wrong with the calls functions make: each service's own words for too many calls and for its own mistakes. */
import type { CallFault } from '../model/faults.ts';
import { ownFailureOf } from '../model/own-failures.ts';
import type { Plan } from './plan.ts';

/** What a service says of too many calls. Source: the services' API references, "Common errors" and the operations' own. */
const THROTTLED: Readonly<Record<string, readonly [code: string, status: number]>> = {
  dynamodb: ['ProvisionedThroughputExceededException', 400],
  sqs: ['RequestThrottled', 403],
  sns: ['Throttled', 429],
  s3: ['SlowDown', 503],
  lambda: ['TooManyRequestsException', 429],
  kinesis: ['ProvisionedThroughputExceededException', 400],
};

/** Calls of a handler that fail in a row where a failure lasts: more than an SDK tries by itself. */
const LASTING = 4;

/** The calls of one invocation. */
export interface CallFates {
  /** Undefined = the call goes well. */
  next(service: string, operation: string): CallFault | undefined;
}

/** `name`: of the delivery. */
export function makeCallFates(plan: Plan, name: string): CallFates {
  const counts = new Map<string, number>();
  const lasting = new Map<string, { fault: CallFault; left: number }>();
  return {
    next(service, operation) {
      const call = `${service}.${operation}`;
      const nth = (counts.get(call) ?? 0) + 1;
      counts.set(call, nth);
      const still = lasting.get(call);
      if (still && still.left > 0) {
        still.left--;
        return still.fault;
      }
      const key = `${name} ${call}.${nth}`;
      const what = `call ${nth} of ${call} in ${name}`;
      const throttled = THROTTLED[service] ?? ['ThrottlingException', 400];
      const failed = ownFailureOf(service);
      const start = (fault: CallFault, hard: number) => {
        if (hard >= 0.5) lasting.set(call, { fault, left: LASTING - 1 });
        return fault;
      };
      const slow = plan.strikes('service-throttle', key, what);
      if (slow !== undefined) return start(answer(throttled, 'Rate exceeded', false), slow);
      const broken = plan.strikes('service-fail', key, what);
      if (broken !== undefined) return start(answer(failed, 'The service is not available', false), broken);
      if (plan.strikes('service-lose', key, what) === undefined) return undefined;
      return answer(failed, 'The answer was lost', true);
    },
  };
}

function answer([code, status]: readonly [string, number], message: string, isDone: boolean): CallFault {
  return { code, status, isDone, message: `${message} (chaos)` };
}
