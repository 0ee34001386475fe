/** A function's response → the event stream that InvokeWithResponseStream answers. */

import type { Invoked, ResponseListener } from '../../src/model/invocation.ts';
import type { RestReply } from '../../src/model/service-api.ts';
import { EVENT_STREAM_TYPE, encodeEvent } from '../_wire/event-stream.ts';
import { type AnswerOptions, answerInvocation } from './answer.ts';

export interface StreamOptions extends AnswerOptions {
  /** Whether the caller has hung up. */
  readonly isGone: () => boolean;
}

type Write = (bytes: Buffer) => void | Promise<void>;

/**
 * `deliver` runs the function with the listener. Settles when the response has begun, or with the whole of one that is not
 * streamed; throws the service's error where the function did not run.
 */
export async function streamReply(
  deliver: (listener: ResponseListener) => Promise<Invoked>,
  options: StreamOptions,
): Promise<RestReply> {
  const begun = deferred<void>();
  const writing = deferred<Write>();
  let write: Write | undefined;
  const ended = deliver({
    begin: () => begun.resolve(),
    take(bytes) {
      const chunk = payloadChunk(bytes);
      return write ? write(chunk) : writing.promise.then((ready) => ready(chunk));
    },
    isGone: options.isGone,
  });
  const whole = await Promise.race([begun.promise, ended]);
  // A function that failed before its first byte is told of within the stream too; one that did not run is not.
  const reply = whole && answerInvocation(whole, options);
  return {
    status: 200,
    headers: {
      'content-type': EVENT_STREAM_TYPE,
      'x-amz-executed-version': options.fn.version ?? '$LATEST',
      'x-amzn-trace-id': `Root=${options.traceId};Sampled=1`,
    },
    async writeBody(to) {
      write = to;
      writing.resolve(to);
      if (reply && !isFailure(reply)) await to(payloadChunk(Buffer.from(reply.body ?? '')));
      const last = reply ?? endOf(await ended, options);
      await to(invokeComplete(last));
    },
  };
}

/** Once the response has begun there is no other way to tell that the function could not be run to its end. */
function endOf(invoked: Invoked, options: AnswerOptions): RestReply {
  try {
    return answerInvocation(invoked, options);
  } catch (thrown) {
    const failure = { errorType: 'ServiceException', errorMessage: String(thrown) };
    return { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: JSON.stringify(failure) };
  }
}

function payloadChunk(bytes: Buffer): Buffer {
  return encodeEvent('PayloadChunk', 'application/octet-stream', bytes);
}

function invokeComplete(reply: RestReply): Buffer {
  const logResult = reply.headers?.['x-amz-log-result'];
  const end = {
    ...(isFailure(reply) ? errorOf(String(reply.body)) : {}),
    ...(logResult === undefined ? {} : { LogResult: logResult }),
  };
  return encodeEvent('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(end)));
}

/** `error`: JSON text of `{errorType, errorMessage, trace}`. */
function errorOf(error: string): { ErrorCode: string; ErrorDetails: string } {
  const { errorType } = JSON.parse(error) as { readonly errorType: string };
  return { ErrorCode: errorType, ErrorDetails: error };
}

function isFailure({ headers }: RestReply): boolean {
  return headers?.['x-amz-function-error'] !== undefined;
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
