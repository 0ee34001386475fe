/** What the wire tells the tracer about each call to an emulated service. */
import type { TraceContext } from './invocation.ts';

export interface CallStart {
  readonly service: string;
  readonly operation: string;
  readonly target?: string;
  /** The caller's `X-Amzn-Trace-Id`, whose `Parent` is the span of the invocation that made the call. */
  readonly traceHeader?: string;
  /** Access key id of the signature: names the instance when there is no trace header. */
  readonly accessKeyId?: string;
  readonly traceparent?: string;
  /** Lazily the decoded request as JSON text; only asked for when it is kept. */
  readonly input: () => string;
}

export type CallEnd =
  | { readonly status: 'ok'; readonly output: () => string }
  | { readonly status: 'error'; readonly errorCode: string; readonly output: () => string };

export interface OpenCall {
  /** Goes with whatever the call stores: trace of the caller, span of this call. */
  readonly origin: TraceContext;
  end(result: CallEnd): void;
}

export interface CallTracer {
  begin(call: CallStart): OpenCall;
}
