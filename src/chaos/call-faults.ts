/** What goes wrong with the calls functions make: each service's own words for too many calls and for its own mistakes. */
import type { CallFault } from '../model/faults.ts';
import type { Plan } from './plan.ts';

interface Words {
  readonly throttled: readonly [code: string, status: number];
  readonly failed: readonly [code: string, status: number];
}

const USUAL: Words = { throttled: ['ThrottlingException', 400], failed: ['InternalFailure', 500] };

/** Source: the services' API references, "Common errors" and the operations' own. */
const WORDS: Readonly<Record<string, Words>> = {
  dynamodb: {
    throttled: ['ProvisionedThroughputExceededException', 400],
    failed: ['InternalServerError', 500],
  },
  sqs: { throttled: ['RequestThrottled', 403], failed: ['ServiceUnavailable', 503] },
  sns: { throttled: ['Throttled', 429], failed: ['InternalError', 500] },
  s3: { throttled: ['SlowDown', 503], failed: ['InternalError', 500] },
  lambda: { throttled: ['TooManyRequestsException', 429], failed: ['ServiceException', 500] },
  kinesis: {
    throttled: ['ProvisionedThroughputExceededException', 400],
    failed: ['InternalFailure', 500],
  },
  events: { throttled: ['ThrottlingException', 400], failed: ['InternalException', 500] },
  ssm: { throttled: ['ThrottlingException', 400], failed: ['InternalServerError', 500] },
  secretsmanager: { throttled: ['ThrottlingException', 400], failed: ['InternalServiceError', 500] },
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
      const { throttled, failed } = WORDS[service] ?? USUAL;
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
