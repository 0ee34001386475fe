/** What the caller of a function gets for each outcome. Pure. */
import { errorPayload } from '../../src/model/error-payload.ts';
import { exitReason } from '../../src/model/exit-reason.ts';
import type { FunctionError, Invoked, Outcome } from '../../src/model/invocation.ts';
import { logTexts } from '../../src/model/log-text.ts';
import type { FunctionSpec } from '../../src/model/project.ts';
import type { RestReply } from '../../src/model/service-api.ts';
import { unreachable } from '../../src/std/errors.ts';
import { notReady, recursiveInvocation, tooManyRequests } from './errors.ts';

export interface AnswerOptions {
  readonly fn: FunctionSpec;
  /** The caller asked for the end of the log. */
  readonly tail: boolean;
  readonly traceId: string;
}

/** 6 MiB and 100 bytes, as the runtime has it. */
const MAX_RESPONSE_BYTES = 6_291_556;
const LOG_TAIL_BYTES = 4096;

/** A function's own failure is HTTP 200 with `X-Amz-Function-Error`. Throws the service's error where the function did not run. */
export function answerInvocation(invoked: Invoked, { fn, tail, traceId }: AnswerOptions): RestReply {
  const { payload, failed } = payloadOf(invoked.outcome, invoked.requestId, fn);
  const headers: Record<string, string> = {
    'x-amz-executed-version': fn.version ?? '$LATEST',
    'x-amzn-trace-id': `Root=${traceId};Sampled=1`,
    'x-amzn-requestid': invoked.requestId,
  };
  if (failed) headers['x-amz-function-error'] = 'Unhandled';
  if (tail) headers['x-amz-log-result'] = logTail(invoked, fn);
  return { status: 200, headers, body: payload };
}

interface Payload {
  readonly payload: string;
  readonly failed: boolean;
}

function payloadOf(outcome: Outcome, requestId: string, fn: FunctionSpec): Payload {
  const platform = (errorType: string, reason: string) =>
    failure({ errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` });
  switch (outcome.status) {
    case 'ok':
      return sized(outcome.payload);
    case 'error':
      return failure(outcome.error);
    case 'timeout':
      return platform(
        'Sandbox.Timedout',
        `Task timed out after ${(outcome.afterMs / 1000).toFixed(2)} seconds`,
      );
    case 'crash':
      return platform('Runtime.ExitError', exitReason(outcome));
    case 'out-of-memory':
      return platform('Runtime.OutOfMemory', 'Runtime exited with error: signal: killed');
    case 'throttled':
      throw tooManyRequests(fn.reservedConcurrency !== undefined, outcome.reason);
    case 'unavailable':
      if (outcome.code === 'recursive-invocation') throw recursiveInvocation(outcome.reason);
      throw notReady(outcome.hint === undefined ? outcome.reason : `${outcome.reason} (${outcome.hint})`);
    default:
      return unreachable(outcome);
  }
}

function failure(error: FunctionError): Payload {
  return { payload: errorPayload(error), failed: true };
}

function sized(payload: string): Payload {
  // A text of a third of the limit cannot exceed it, whatever is in it.
  if (payload.length * 3 <= MAX_RESPONSE_BYTES) return { payload, failed: false };
  const sizeBytes = Buffer.byteLength(payload);
  if (sizeBytes <= MAX_RESPONSE_BYTES) return { payload, failed: false };
  return failure({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size (${sizeBytes} bytes) exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
  });
}

function logTail({ logs, requestId }: Invoked, fn: FunctionSpec): string {
  const bytes = Buffer.from(
    logTexts(logs, requestId, fn)
      .map((text) => `${text}\n`)
      .join(''),
  );
  return bytes.subarray(Math.max(0, bytes.length - LOG_TAIL_BYTES)).toString('base64');
}
