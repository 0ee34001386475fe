/** One run of a function: what is asked, what came of it, and what the journal keeps. */

/** Where in a trace something happens. Ids have the X-Ray form. */
export interface TraceContext {
  /** `1-<8 hex epoch seconds>-<24 hex>`. */
  readonly traceId: string;
  /** 16 hex of the span that caused this, if any. */
  readonly parentId?: string;
  /** How often each function has run in this chain of events: `<8 hex of the function>:<count>`, several parted by `|`. */
  readonly lineage?: string;
}

/** Why a function runs. */
export type Cause =
  | {
      readonly kind: 'http';
      readonly api: 'http-api' | 'rest-api' | 'function-url';
      readonly method: string;
      readonly path: string;
      readonly route: string;
    }
  /** Asked whether a request may go on to its route. */
  | {
      readonly kind: 'authorizer';
      readonly authorizer: string;
      readonly method: string;
      readonly path: string;
    }
  | { readonly kind: 'queue'; readonly queue: string; readonly messageIds: readonly string[] }
  | {
      readonly kind: 'table-stream';
      readonly table: string;
      readonly records: number;
      /** Sequence number of the first record. */
      readonly from: string;
    }
  | {
      readonly kind: 'stream';
      readonly stream: string;
      readonly records: number;
      /** Sequence number of the first record; empty for the end of a window. */
      readonly from: string;
    }
  | { readonly kind: 'topic'; readonly topic: string; readonly messageId: string }
  | { readonly kind: 'bucket'; readonly bucket: string; readonly key: string; readonly event: string }
  | { readonly kind: 'event-rule'; readonly bus: string; readonly rule: string; readonly eventId: string }
  | {
      readonly kind: 'pipe';
      readonly pipe: string;
      readonly step: 'enrichment' | 'target';
      readonly records: number;
    }
  | { readonly kind: 'schedule'; readonly name: string; readonly byHand: boolean }
  | { readonly kind: 'api'; readonly type: 'RequestResponse' | 'Event' }
  /** Told how an asynchronous event of another function ended. */
  | { readonly kind: 'destination'; readonly of: string; readonly condition: AsyncEndCondition }
  | { readonly kind: 'cli' }
  | { readonly kind: 'replay'; readonly of: string };

/** How an asynchronous event ended, as its destinations are told. */
export type AsyncEndCondition =
  | 'Success'
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency';

export interface InvokeRequest {
  readonly functionId: string;
  /** The event as JSON text; never re-encoded on its way to the function. */
  readonly event: string;
  readonly cause: Cause;
  readonly trace: TraceContext;
  /** The span this invocation itself is: 16 hex. Handed to the function as `Parent`. */
  readonly spanId: string;
  /** Id of its journal row. */
  readonly recordId: string;
  /** Provider-visible request id (UUID). A retry repeats it. */
  readonly requestId: string;
  /** 1 for the first delivery. */
  readonly attempt: number;
  /** JSON text of the caller's client context. */
  readonly clientContext?: string;
  /** JSON text: `{cognitoIdentityId, cognitoIdentityPoolId}` of a caller with such credentials. */
  readonly identity?: string;
  /** Of a function with `tenantIsolation`: whose event it is. */
  readonly tenantId?: string;
  /** What the caller named, with its version or alias. Absent = the function's own ARN. */
  readonly invokedArn?: string;
  /** When the caller stops waiting for an answer; the function runs on. */
  readonly signal?: AbortSignal;
  /** Hears a streamed response as it is written; without it the outcome holds the whole of it. */
  readonly response?: ResponseListener;
  /** Spans of further messages in the same batch whose trace is another one. */
  readonly links?: readonly TraceContext[];
}

/**
 * Takes a streamed response while the function writes it. Not called at all for a result that is returned in one piece,
 * nor after the invocation's outcome is known.
 */
export interface ResponseListener {
  /** Before the first bytes, once; also when there will be none. */
  begin(contentType: string): void;
  /** A promise holds the function back until it settles; it must not reject. */
  take(bytes: Buffer): void | Promise<void>;
  /** Whether there is nobody to pass it on to any more; the function runs on. */
  isGone?(): boolean;
}

/** Of a response a listener has heard, so much is kept in the outcome, in bytes. */
export const STREAM_KEPT_BYTES = 256 * 1024;

/** What a listener has heard of a response. */
export interface Streamed {
  readonly sizeBytes: number;
  /** The outcome's payload holds only the first `STREAM_KEPT_BYTES`. */
  readonly cut?: true;
  /** The client hung up before the end. */
  readonly hungUp?: true;
}

/** What a function's own failure looks like to the provider's clients. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Frames with source-mapped positions, one string each. */
  readonly trace?: readonly string[];
  readonly cause?: unknown;
  /** JSON text the runtime told of it, where that says more or other things; clients get it unchanged. */
  readonly posted?: string;
}

/** How one invocation ended. Exactly one of these; the first reason wins. */
export type Outcome =
  /**
   * `payload` is the JSON text the handler's result serialised to (`null` for undefined). Of a streamed response: an HTTP
   * response as a proxy integration has it, other text as a JSON string; see `Streamed` for what of it is kept.
   */
  | { readonly status: 'ok'; readonly payload: string }
  | { readonly status: 'error'; readonly phase: 'init' | 'invoke'; readonly error: FunctionError }
  | { readonly status: 'timeout'; readonly afterMs: number }
  | {
      readonly status: 'crash';
      readonly phase: 'init' | 'invoke';
      readonly exitCode: number | null;
      readonly signal: string | null;
    }
  | { readonly status: 'out-of-memory'; readonly memoryMb: number }
  | { readonly status: 'throttled'; readonly reason: string }
  /** The function could not be run at all: its build failed, its runtime is missing, the engine is gone. */
  | {
      readonly status: 'unavailable';
      readonly code: string;
      readonly reason: string;
      readonly hint?: string;
    };

/** Durations in milliseconds; absent = the phase did not happen. */
export interface Phases {
  /** From the request to a leased instance (including waiting for a build). */
  readonly queuedMs: number;
  /** Starting the container or process until the runtime runs. */
  readonly startMs?: number;
  /** From the runtime's start of loading user code to ready. */
  readonly initMs?: number;
  /** Event handed over → result back. */
  readonly handlerMs: number;
}

export interface LogLine {
  /** Epoch ms. */
  readonly at: number;
  readonly stream: 'stdout' | 'stderr' | 'platform';
  readonly level?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
  /** Without the trailing newline. */
  readonly text: string;
}

/** What the door answers. */
export interface Invoked {
  readonly requestId: string;
  readonly outcome: Outcome;
  readonly phases: Phases;
  readonly coldStart: boolean;
  readonly instanceId?: string;
  /** Build that ran. */
  readonly artifactId?: string;
  readonly memoryPeakBytes?: number;
  /** CPU time of the event in ms, where it is counted. */
  readonly cpuMs?: number;
  /** Set when a listener heard at least the beginning of a response. */
  readonly streamed?: Streamed;
  readonly logs: readonly LogLine[];
  /** Set when extensions are still at work for the event: what there is to tell when they have done, log and durations complete. */
  readonly settled?: Promise<Invoked>;
}

/** The only way user code runs. Never rejects for anything the user's code or project did; those are Outcomes. */
export type Invoke = (request: InvokeRequest) => Promise<Invoked>;
export type InvokeLayer = (next: Invoke) => Invoke;

/** A call an invocation made to an emulated service; a span in the trace. */
export interface CallRecord {
  readonly spanId: string;
  /** `dynamodb`, `sqs`, … */
  readonly service: string;
  readonly operation: string;
  /** The table, queue or function it went to, where there is one. */
  readonly target?: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: 'ok' | 'error';
  readonly errorCode?: string;
  /** The call came after its invocation had ended. */
  readonly late?: true;
  /** Request and answer as JSON text, cut to the journal's payload limit. */
  readonly input?: string;
  readonly output?: string;
}

/** One journal row. */
export interface InvocationRecord {
  /** Sortable by start: 11 hex of epoch ms + 8 random hex; what people type. Unique. */
  readonly id: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly links?: readonly TraceContext[];
  readonly functionId: string;
  readonly functionName: string;
  readonly cause: Cause;
  /** JSON text. */
  readonly event: string;
  readonly clientContext?: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Absent while running, or when the session was killed before it ended. */
  readonly endedAt?: number;
  /** Told by the journal when it is read: the row has no end, and the session that wrote it is gone. */
  readonly interrupted?: true;
  readonly outcome?: Outcome;
  readonly phases?: Phases;
  readonly coldStart?: boolean;
  readonly instanceId?: string;
  readonly memoryPeakBytes?: number;
  readonly cpuMs?: number;
  readonly streamed?: Streamed;
  readonly memoryMb: number;
  readonly artifactId?: string;
  readonly logs: readonly LogLine[];
  readonly calls: readonly CallRecord[];
}
