/** What a runtime posted for an event → the Outcome of the invocation. */
import type { IncomingMessage } from 'node:http';
import type { Outcome } from '../../../model/invocation.ts';
import { parseFunctionError, parseTrailerError } from './function-error.ts';
import type { RequestBody } from './request-body.ts';
import { payloadOfStream } from './streamed-payload.ts';

export function outcomeOfPost(
  kind: 'response' | 'error',
  request: IncomingMessage,
  body: RequestBody,
  limitBytes: number,
): Outcome {
  if (body.status !== 'complete') return failed(errorOfLostBody(body, limitBytes));
  if (kind === 'error')
    return failed(parseFunctionError(body.bytes.toString('utf8'), errorTypeOf(request), 'Function.Unknown'));
  const failure = trailerOf(request, 'lambda-runtime-function-error-type');
  const failureBody = trailerOf(request, 'lambda-runtime-function-error-body');
  if (failure !== undefined || failureBody !== undefined)
    return failed(parseTrailerError(failure, failureBody));
  return { status: 'ok', payload: payloadOf(request, body.bytes) };
}

export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function errorTypeOf(request: IncomingMessage): string | undefined {
  return headerOf(request, 'lambda-runtime-function-error-type');
}

function payloadOf(request: IncomingMessage, bytes: Buffer): string {
  return headerOf(request, 'lambda-runtime-function-response-mode') === undefined
    ? bytes.toString('utf8')
    : payloadOfStream(headerOf(request, 'content-type'), bytes);
}

function trailerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.trailers[name];
  return value === '' ? undefined : value;
}

function failed(error: Extract<Outcome, { status: 'error' }>['error']): Outcome {
  return { status: 'error', phase: 'invoke', error };
}

function errorOfLostBody(body: Exclude<RequestBody, { status: 'complete' }>, limitBytes: number) {
  if (body.status === 'truncated')
    return {
      errorType: 'Runtime.TruncatedResponse',
      errorMessage: 'The runtime hung up in the middle of its response',
    };
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size (${body.sentBytes} bytes) exceeded maximum allowed payload size (${limitBytes} bytes).`,
  };
}
