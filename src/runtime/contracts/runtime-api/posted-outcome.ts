/** What a runtime posted for an event → the Outcome of the invocation. */
import type { IncomingMessage } from 'node:http';
import type { Outcome } from '../../../model/invocation.ts';
import { type StreamedResponse, tooLarge } from '../streamed-response.ts';
import { parseFunctionError, parseTrailerError } from './function-error.ts';
import type { RequestBody, StreamEnd } from './request-body.ts';

export function outcomeOfPost(
  kind: 'response' | 'error',
  request: IncomingMessage,
  body: RequestBody,
  limitBytes: number,
): Outcome {
  if (body.status === 'truncated') return failed(truncated);
  if (body.status === 'too-large') return tooLarge(body.sentBytes, limitBytes);
  const text = body.bytes.toString('utf8');
  if (kind === 'error') return failed(parseFunctionError(text, errorTypeOf(request), 'Function.Unknown'));
  return { status: 'ok', payload: text };
}

/** Of a response that was passed on as it came. A failure midway is named by its trailers. */
export function outcomeOfStream(
  request: IncomingMessage,
  end: StreamEnd,
  response: StreamedResponse,
): Outcome {
  if (end === 'truncated') return failed(truncated);
  const failure = trailerOf(request, 'lambda-runtime-function-error-type');
  const failureBody = trailerOf(request, 'lambda-runtime-function-error-body');
  if (failure !== undefined || failureBody !== undefined)
    return failed(parseTrailerError(failure, failureBody));
  return response.end();
}

const truncated = {
  errorType: 'Runtime.TruncatedResponse',
  errorMessage: 'The runtime hung up in the middle of its response',
};

/** The answer came in a mode there is not. */
export const wrongMode: Outcome = {
  status: 'error',
  phase: 'invoke',
  error: {
    errorType: 'Runtime.InvalidResponseModeHeader',
    errorMessage: 'The runtime answered with an unknown Lambda-Runtime-Function-Response-Mode',
  },
};

export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function errorTypeOf(request: IncomingMessage): string | undefined {
  return headerOf(request, 'lambda-runtime-function-error-type');
}

function trailerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.trailers[name];
  return value === '' ? undefined : value;
}

function failed(error: Extract<Outcome, { status: 'error' }>['error']): Outcome {
  return { status: 'error', phase: 'invoke', error };
}
