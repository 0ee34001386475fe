/** The APIs of an emulated service, in each protocol: decoded calls in, plain values out. */
import type { TraceContext } from './invocation.ts';
import type { JsonObject } from './json.ts';
import type { Ids } from './platform.ts';

/** A decoded call to an AWS API. */
export interface ApiCall {
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
  /** The span this call is in the trace; hand it on with whatever the call stores. */
  readonly origin: TraceContext;
  /** `http://127.0.0.1:4566`, as the caller wrote it; queue URLs are made of it. */
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  /** Of the credentials it was signed with; absent = unsigned. */
  readonly accessKeyId?: string | undefined;
  /** Aborted when the caller hangs up (long polling). */
  readonly signal: AbortSignal;
}

/** Plain typed function: decoded input in, output out. Throws `ServiceError` for what the service itself answers. */
export type Operation = (
  input: JsonObject,
  call: ApiCall,
) => Promise<JsonObject | undefined> | JsonObject | undefined;

/** An operation that answers its output as JSON text; a promise only where it waits. */
export type TextOperation = (input: JsonObject, call: ApiCall) => Promise<string> | string;

/** Writes one event of a streamed answer; a promise while the caller is slow to read. */
export type WriteEvent = (type: string, event: JsonObject) => Promise<void> | void;

/**
 * An operation that answers an event stream (Kinesis SubscribeToShard). It throws, or settles with, what the service refuses
 * before the first event; what it answers then writes the events and settles after the last one.
 */
export type EventStreamOperation = (
  input: JsonObject,
  call: ApiCall,
) => Promise<(write: WriteEvent) => Promise<void>> | ((write: WriteEvent) => Promise<void>);

/** How one member looks in the query protocol where that differs from its JSON form. */
export interface QueryMember {
  /** `MessageAttributes`. */
  readonly json: string;
  /** `MessageAttribute`, as in `MessageAttribute.1.Name` and `<MessageAttribute>`. */
  readonly query: string;
  readonly kind: 'list' | 'map' | 'number' | 'boolean';
  /** What a map's key and value are called: `Name`, `Value`. */
  readonly entry?: readonly [key: string, value: string];
  /** In outputs a map's entries stand below an `entry` each, in one element of the map's name (SNS); absent = flattened (SQS). */
  readonly wrapped?: true;
  /** Only in inputs or only in outputs; absent = in both. */
  readonly only?: 'input' | 'output';
  /** Only in this operation; absent = in all. */
  readonly operation?: string;
}

/** JSON 1.0/1.1 by `X-Amz-Target`, and the older query protocol (form in, XML out) where `query` is given. */
export interface JsonApi {
  readonly protocol: 'json';
  /** SigV4 signing name: `dynamodb`, `sqs`. */
  readonly service: string;
  /** `DynamoDB_20120810`, `AmazonSQS`. */
  readonly targetPrefix: string;
  readonly jsonVersion: '1.0' | '1.1';
  readonly query?: {
    readonly version: string;
    readonly xmlNamespace: string;
    readonly members?: readonly QueryMember[];
    /** The member that is the request's path when the form leaves it out (SQS: the queue's own URL). */
    readonly pathMember?: string;
  };
  /** Members that are not text and numbers in the CBOR form: base64 text that is bytes there, epoch seconds that are times. */
  readonly cbor?: { readonly blobs?: readonly string[]; readonly timestamps?: readonly string[] };
  readonly operations: Readonly<Record<string, Operation>>;
  /** The same operations answering JSON text, where that is less work than the object the text is of. */
  readonly texts?: Readonly<Record<string, TextOperation>>;
  /** Those that answer an event stream; they stand in no other list. */
  readonly eventStreams?: Readonly<Record<string, EventStreamOperation>>;
  /** The input of an operation read from its text without parsing all of it; undefined: it is to be parsed. */
  readonly scan?: (operation: string, text: string) => JsonObject | undefined;
  /** The service's error for an operation it does not have and for a body that is not JSON. */
  readonly unknownOperation: (name: string) => Error;
  readonly malformedBody: (reason: string) => Error;
  /** How its request ids look where they are no UUIDs. */
  readonly makeRequestId?: (ids: Ids) => string;
  /** Operations without an output answer no body in JSON (Kinesis); others answer `{}`. */
  readonly hasEmptyAnswers?: boolean;
  /** The service refuses a request without a body, as one that is not JSON; others take it for `{}`. */
  readonly needsBody?: boolean;
  /** It takes bodies packed by gzip or deflate, and packs large answers for callers that accept it. */
  readonly packs?: true;
  /** Table or queue a call is about, for traces. */
  readonly targetOf?: (input: JsonObject) => string | undefined;
}

export interface RestRequest {
  readonly method: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface RestReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /**
   * Writes the body bit by bit, in place of `body`. `write` answers a promise while the caller is slow to read. Settles when all
   * is written; a rejection tears the connection, so that the caller knows that something is missing.
   */
  readonly writeBody?: (write: (bytes: Buffer) => void | Promise<void>) => Promise<void>;
}

export interface RestRoute {
  readonly operation: string;
  readonly method: string;
  /** `/2015-03-31/functions/{FunctionName}/invocations`. */
  readonly path: string;
  handle(request: RestRequest, call: ApiCall): Promise<RestReply> | RestReply;
  /** What the call is about, for traces. */
  readonly targetOf?: (request: RestRequest) => string | undefined;
}

/** REST with JSON bodies (Lambda, Scheduler). */
export interface RestApi {
  readonly protocol: 'rest-json';
  readonly service: string;
  readonly routes: readonly RestRoute[];
}

/** The head of a request as it came; nothing of its body is read yet. */
export interface RawHead {
  readonly method: string;
  /** Without the query string, still percent-encoded. */
  readonly path: string;
  /** The query string with its `?`, or empty. */
  readonly search: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface RawRequest extends RawHead {
  /** The body as it comes in; may be left unread. Throws when the caller hangs up. */
  readonly body: AsyncIterable<Buffer>;
}

/** What a request was recognised to be before its body is read. */
export interface RawCall {
  readonly operation: string;
  /** What the call is about, for traces. */
  readonly target?: string;
  serve(request: RawRequest, call: ApiCall): Promise<RestReply> | RestReply;
}

/** What a service refuses a call with. */
export interface RawFailure {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly fields: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

/** A service that reads bodies as they come and writes them as they go, of any size (S3). */
export interface RawApi {
  readonly protocol: 'raw';
  /** Requests signed for this name are for it. */
  readonly service: string;
  /** Whether a request that no signature names a service for, and that no other service would take, is for it. */
  claims(head: RawHead): boolean;
  /** Throws what `serve` would throw. */
  recognise(head: RawHead): RawCall;
  /** How the service words a refusal. */
  refusal(failure: RawFailure, head: RawHead, requestId: string): RestReply;
  /** Headers of every answer. */
  replyHeaders(requestId: string): Readonly<Record<string, string>>;
}

export type ServiceApi = JsonApi | RestApi | RawApi;
