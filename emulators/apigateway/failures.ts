/** What each kind of API answers when there is no result to make a response of. */
import type { Outcome } from '../../src/model/invocation.ts';
import { unreachable } from '../../src/std/errors.ts';
import { type Answer, headerText, jsonAnswer } from './answer.ts';
import type { Flaw } from './request-check.ts';
import type { HttpApiKind, Target } from './targets.ts';

type Failure = Exclude<Outcome, { status: 'ok' }>;

/**
 * | | HTTP API | REST API | function URL |
 * |---|---|---|---|
 * | function error, crash, out of memory, malformed result | 500 | 502 | 502 |
 * | function's own timeout | 500 | 502 | 504 |
 * | throttled | 503 | 500 | 429 |
 * | integration timeout | 503 | 504 | (none) |
 * | could not be run at all (ours) | 502 | 502 | 502 |
 */
export function failureAnswer(target: Target, outcome: Failure): Answer {
  switch (outcome.status) {
    case 'error':
      return broken(
        target.api,
        'function-error',
        `${outcome.error.errorType}: ${outcome.error.errorMessage}`,
      );
    case 'crash':
      return broken(target.api, 'function-crash', crashText(outcome));
    case 'out-of-memory':
      return broken(target.api, 'out-of-memory', `the function used more than its ${outcome.memoryMb} MB`);
    case 'timeout':
      return timedOut(target.api, outcome.afterMs);
    case 'throttled':
      return throttled(target.api, outcome.reason);
    case 'unavailable':
      return unavailable(target, outcome);
    default:
      return unreachable(outcome);
  }
}

/** The function returned something this kind of API cannot use. */
export function malformedAnswer(target: Target, why: string): Answer {
  return broken(target.api, 'malformed-result', why);
}

/** A template of a REST API, or its choice of a response, cannot be followed. */
export function mappingFailed(why: string): Answer {
  return jsonAnswer(500, { message: 'Internal server error' }, local('mapping-failed', why));
}

/** The gateway stopped waiting; the function runs on. */
export function integrationTimeout(api: HttpApiKind, timeoutMs: number): Answer {
  const why = local('integration-timeout', `the gateway waits ${timeoutMs / 1000} s; the function runs on`);
  return api === 'rest-api'
    ? jsonAnswer(504, { message: 'Endpoint request timed out' }, why)
    : jsonAnswer(503, { message: 'Service Unavailable' }, why);
}

export function notFound(api: HttpApiKind, hint: string): Answer {
  const why = local('no-route', hint);
  return api === 'rest-api'
    ? jsonAnswer(403, { message: 'Missing Authentication Token' }, [
        'x-amzn-errortype',
        'MissingAuthenticationTokenException',
        ...why,
      ])
    : jsonAnswer(404, { message: 'Not Found' }, why);
}

export function tooLarge(api: HttpApiKind, why: string): Answer {
  const message = api === 'rest-api' ? 'Request Too Long' : 'Request Entity Too Large';
  return jsonAnswer(413, { message }, local('request-too-large', why));
}

/** The request validator of a REST route refuses it. */
export function badRequest({ message, why }: Flaw): Answer {
  return jsonAnswer(400, { message }, [
    'x-amzn-errortype',
    'BadRequestException',
    ...local('request-validator', why),
  ]);
}

/** Something of ours went wrong. */
export function internalAnswer(api: HttpApiKind, why: string): Answer {
  return broken(api, 'internal', why);
}

function broken(api: HttpApiKind, code: string, why: string): Answer {
  if (api === 'http-api') return jsonAnswer(500, { message: 'Internal Server Error' }, local(code, why));
  if (api === 'rest-api') return jsonAnswer(502, { message: 'Internal server error' }, local(code, why));
  return {
    status: 502,
    headers: ['content-type', 'application/json', ...local(code, why)],
    body: 'Internal Server Error',
  };
}

function timedOut(api: HttpApiKind, afterMs: number): Answer {
  const why = `the function's timeout of ${afterMs / 1000} s passed`;
  if (api === 'function-url')
    return jsonAnswer(504, { Message: 'Gateway Timeout' }, local('function-timeout', why));
  return broken(api, 'function-timeout', why);
}

function throttled(api: HttpApiKind, reason: string): Answer {
  const why = local('throttled', reason);
  if (api === 'function-url')
    return jsonAnswer(429, { Reason: reason, Type: 'User', message: 'Rate Exceeded.' }, why);
  return api === 'rest-api'
    ? jsonAnswer(500, { message: 'Internal server error' }, why)
    : jsonAnswer(503, { message: 'Service Unavailable' }, why);
}

/** Not a provider's answer: it tells the developer what to mend. */
function unavailable(
  target: Target,
  { code, reason, hint }: Extract<Outcome, { status: 'unavailable' }>,
): Answer {
  return jsonAnswer(
    502,
    {
      message: `function "${target.functionId}" cannot be run`,
      function: target.functionId,
      code,
      reason,
      ...(hint === undefined ? {} : { hint }),
    },
    ['x-sls-local-error', headerText(code)],
  );
}

function crashText({ exitCode, signal }: Extract<Outcome, { status: 'crash' }>): string {
  return signal === null
    ? `the runtime exited with status ${exitCode ?? 'unknown'}`
    : `the runtime died of ${signal}`;
}

function local(code: string, why: string): string[] {
  return ['x-sls-local-error', code, 'x-sls-local-hint', headerText(why)];
}
