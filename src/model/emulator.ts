/** The seam every emulated service stands behind. */

import type { ServiceFaults } from './faults.ts';
import type { Cause, Invoked, ResponseListener, TraceContext } from './invocation.ts';
import type { JsonObject } from './json.ts';
import type { BodyFiles, Clock, Ids, Store } from './platform.ts';
import type { FunctionSpec, Resource, ResourceKind, Trigger } from './project.ts';
import type { FoundImage } from './runtime.ts';

export type { JsonObject, JsonValue } from './json.ts';

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
  /** The service's error for an operation it does not have and for a body that is not JSON. */
  readonly unknownOperation: (name: string) => Error;
  readonly malformedBody: (reason: string) => Error;
  /** How its request ids look where they are no UUIDs. */
  readonly makeRequestId?: (ids: Ids) => string;
  /** The service refuses a request without a body, as one that is not JSON; others take it for `{}`. */
  readonly needsBody?: boolean;
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

/** What an emulator hands to the door; ids and trace are completed by `deliver`. */
export interface DeliverRequest {
  readonly functionId: string;
  /** JSON text. */
  readonly event: string;
  readonly cause: Cause;
  /** The span that caused this. Absent = a new trace begins. */
  readonly origin?: TraceContext;
  readonly links?: readonly TraceContext[];
  /** Repeated on a retry of the same event. */
  readonly requestId?: string;
  readonly attempt?: number;
  readonly clientContext?: string;
  /** JSON text: `{cognitoIdentityId, cognitoIdentityPoolId}` of a caller with such credentials. */
  readonly identity?: string;
  /** Of a function with `tenantIsolation`: whose event it is. */
  readonly tenantId?: string;
  /** Hears a streamed response as it is written. */
  readonly response?: ResponseListener;
  /** 16 hex: chosen by whoever hands on what comes of it. Absent = made by `deliver`. */
  readonly spanId?: string;
  /** What the caller named, with its version or alias, as the function is told. Absent = the function's own ARN. */
  readonly invokedArn?: string;
}

export type Deliver = (request: DeliverRequest) => Promise<Invoked>;

/** What one service sends to a resource of another: the record of a failed batch, a topic's message. */
export interface ServiceMessage {
  /** Of the queue, topic, stream or bucket it is for. */
  readonly arn: string;
  readonly body: string;
  /** Of a topic's message; queues have none. */
  readonly subject?: string;
  /** Types as message attributes have them: `String`, `Number`, `Binary` (then the value is base64), `String.Array`, … */
  readonly attributes?: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  /** FIFO queues and topics need it. */
  readonly groupId?: string;
  /** Of a stream's record; absent = the group, or a fresh one. */
  readonly partitionKey?: string;
  /** Absent = made of the body. */
  readonly deduplicationId?: string;
  /** What an object in a bucket is called; buckets need it. */
  readonly key?: string;
  /** Of an event for a bus whose body is its detail; absent = the body is a whole event. */
  readonly event?: {
    readonly source: string;
    readonly detailType: string;
    readonly resources?: readonly string[];
  };
  /** The span it comes of. */
  readonly origin?: TraceContext;
}

export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
  /** Absent = the newest. */
  readonly versionId?: string | undefined;
}

/** An object of a bucket, for another service. */
export interface StoredObject {
  readonly sizeBytes: number;
  /** All its bytes; to be called in the turn it was found in. */
  read(): Promise<Buffer>;
}

/** A call one service makes to another, in this process. */
export interface ServiceCall {
  /** As SDKs name it: `sqs`, `eventbridge`, `sfn`. */
  readonly service: string;
  /** `SendMessage`. */
  readonly operation: string;
  readonly input: JsonObject;
  readonly origin: TraceContext;
}

/** Something for whatever an ARN names: a function, queue, topic, stream, event bus. */
export interface TargetCall {
  readonly arn: string;
  /** JSON text, or any text for queues, topics and streams. */
  readonly body: string;
  /** Why a function runs. */
  readonly cause: Cause;
  readonly origin: TraceContext;
  /** Queues and topics. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** Streams. */
  readonly partitionKey?: string;
  /** Event buses. */
  readonly event?: {
    readonly source: string;
    readonly detailType: string;
    readonly resources?: readonly string[];
    /** Epoch seconds. */
    readonly time?: number;
  };
  /** Log groups. */
  readonly log?: { readonly stream?: string; readonly timestamp?: number };
}

/** One call of an API destination (`arn:aws:events:…:api-destination/…`) by another service. */
export interface DestinationCall {
  readonly arn: string;
  readonly body: string;
  /** `HttpParameters` as the service's API has them, paths in them already followed. */
  readonly parameters: JsonObject;
  readonly origin: TraceContext;
}

/** The API operations of the services that run here, for the services themselves. */
export interface ServiceCalls {
  /**
   * Hands something to what an ARN names, a function asynchronously. Answers its request id, where it has one. Rejects with
   * `ServiceError`: what the service refuses, or `ServiceNotEmulated`.
   */
  deliver(target: TargetCall): Promise<{ readonly requestId?: string }>;
  has(service: string, operation: string): boolean;
  /** Rejects with `ServiceError`: what the called service refuses, or `ServiceNotEmulated`. */
  call(call: ServiceCall): Promise<JsonObject>;
}

/** Who follows a queue or a stream besides functions: a pipe. */
export interface FollowRequest {
  readonly sourceArn: string;
  /** Keeps its place in a stream, over restarts. */
  readonly id: string;
  /** For notices: `the pipe orders`. */
  readonly name: string;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** Event patterns as JSON text; a message or record must match one of them. Absent = all. */
  readonly filterPatterns?: readonly string[];
  /** Of streams, like everything below; absent = what comes from now on. */
  readonly startingPosition?: 'LATEST' | 'TRIM_HORIZON' | 'AT_TIMESTAMP';
  /** Epoch ms, for `AT_TIMESTAMP`. */
  readonly startingAt?: number;
  readonly parallelizationFactor?: number;
  /** Absent = until the records expire, like their age. */
  readonly maximumRetryAttempts?: number;
  readonly maximumRecordAgeMs?: number;
  readonly bisects?: boolean;
  /** ARN of the queue or topic that `send` tells of what was given up. */
  readonly onFailureArn?: string;
  /** Handles a batch, `{"Records":[…]}` as a function gets it. The outcome counts as that of a function that reports batch item failures. */
  readonly consume: Deliver;
  readonly send: (message: ServiceMessage) => boolean;
}

export interface Following {
  /** What is under way counts no longer: the state it came of is gone. */
  abandon(): void;
  /** Takes no further batch and gives those under way `graceMs` of real time. */
  close(graceMs: number): Promise<void>;
}

/** What came through the Lambda API and stands in for a function of the project in this session. */
export interface FunctionOverride {
  /** The project's own function, as it was then: when the project says something else, this ends. */
  readonly base: FunctionSpec;
  readonly changes: Partial<FunctionSpec>;
  /** What the service tells of it besides. */
  readonly told: JsonObject;
}

/** The same for a queue or table trigger of the project. */
export interface TriggerOverride {
  readonly base: Trigger;
  /** Null = it was deleted. */
  readonly changed: Trigger | null;
}

/** How functions get into the running session besides the project file. */
export interface Deployments {
  /** Absolute folder for unpacked packages. */
  readonly folder: string;
  /** By function id. */
  readonly overrides: Map<string, FunctionOverride>;
  /** By the UUID of the event source mapping. */
  readonly triggerOverrides: Map<string, TriggerOverride>;
  /** The project's own triggers. */
  readonly ownTriggers: () => readonly Trigger[];
  /** The project's own functions, nothing of what was deployed among them. */
  readonly ownFunctions: () => readonly FunctionSpec[];
  /** Brings the session to what the service has stored; the next event sees it when this resolves. */
  follow(): Promise<void>;
  /** The files and folders the function's code is built of now. Rejects where it cannot be built. */
  sourceOf(
    functionId: string,
  ): Promise<{ readonly files: readonly string[]; readonly folders: readonly string[] }>;
  /** The container image of this name, pulled where it is not there. Rejects with `SlsError` where it is not, or nothing here runs images. */
  findImage(name: string): Promise<FoundImage>;
  /** Base URL of the HTTP front door; null while there is none. */
  readonly http: () => string | null;
  /** Instances of a function that are up. */
  readonly instancesOf: (functionId: string) => number;
  /** How many instances a function may have. */
  readonly mostInstances: number;
}

/** Whose credentials a call was signed with. */
export interface Credentials {
  /** The function of the instance that was given these, or was lent them. */
  functionOf(accessKeyId: string): FunctionSpec | undefined;
  /** Calls signed with `issued` count from now on as calls of whoever has `of`. */
  lend(issued: string, of: string): void;
}

/** When a schedule is next due strictly after `after` (epoch ms); undefined = never again. */
export type NextDue = (after: number) => number | undefined;

/** All an emulator may use of the world. */
export interface EmulatorContext {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: Store;
  /** Runs the function and answers its outcome. */
  readonly deliver: Deliver;
  /** Asynchronous invocation: the event is stored before this returns, then run with the service's retries. */
  readonly enqueue: (request: DeliverRequest) => { readonly requestId: string };
  /** Stores a message at another service before it returns; false when there is no such resource. Absent = there is no other service. */
  readonly send?: (message: ServiceMessage) => boolean;
  /** When a schedule expression is due, `since` epoch ms. Throws for one that is none. Absent = there are no schedules. */
  readonly parseSchedule?: (expression: string, timezone: string, since: number) => NextDue;
  /** Whether a service here has the resource of this ARN (a queue, a table's stream). Absent = there is no other service. */
  readonly exists?: (arn: string) => boolean;
  /** An object of a bucket here; throws what GetObject answers. Absent = there is no other service. */
  readonly object?: (address: ObjectAddress) => StoredObject;
  /** Absent = there is no other service. */
  readonly services?: ServiceCalls;
  /** Undefined where no service here has such a source. A queue or table that is not there yet is followed when it is. */
  readonly follow?: (request: FollowRequest) => Following | undefined;
  /** Answers the body the destination answered. Rejects with `ServiceError`. Absent = there are no API destinations. */
  readonly callDestination?: (call: DestinationCall) => Promise<string>;
  /** False = nothing is to run by itself (one-shot commands). Absent = true. */
  readonly eventSources?: boolean;
  /** Calls back with the id of each function that has been built. Returns the way to stop it. */
  readonly onBuilt?: (listener: (functionId: string) => void) => () => void;
  /** The project's functions as of now. */
  readonly functions: () => readonly FunctionSpec[];
  /** Absent = functions are those of the project alone. */
  readonly deployments?: Deployments;
  /** Absent = nobody's credentials are known. */
  readonly credentials?: Credentials;
  readonly region: string;
  readonly accountId: string;
  /** Base URL of the AWS endpoint as programs on this machine reach it; absent = not known. */
  readonly endpoint?: () => string;
  /** Where emulators may write files for the user to look at (exports); absolute, made by whoever writes into it. */
  readonly folder: string;
  /** Bodies too large for the store; a snapshot covers those the store names. Absent = there is no place for any. */
  readonly files?: BodyFiles;
  /** Something the user should see once. */
  readonly notice: (message: string) => void;
  /** Of a simulator; absent = nothing goes wrong by itself. */
  readonly faults?: ServiceFaults;
}

export interface RunningEmulator {
  readonly api?: ServiceApi;
  /** What it serves besides: DynamoDB Streams beside DynamoDB. */
  readonly furtherApis?: readonly ServiceApi[];
  /** Takes a message another service sends to one of its resources; false when it has no such resource. */
  accept?(message: ServiceMessage): boolean;
  /** Whether it has the resource of this ARN. */
  has?(arn: string): boolean;
  /** The object; throws what GetObject answers. Of the service that has buckets. */
  object?(address: ObjectAddress): StoredObject;
  /** As `EmulatorContext.follow`, for sources of this service. */
  follow?(request: FollowRequest): Following | undefined;
  /** As `EmulatorContext.callDestination`. */
  callDestination?(call: DestinationCall): Promise<string>;
  /** What `ssm:/path` or `secretsmanager:…` in a project file stands for; undefined when it is not of this service, or not there. */
  stored?(reference: string): string | undefined;
  /** Brings the running service to what the project now says; keeps data. Called at start and after each project reload. */
  apply(resources: readonly Resource[], triggers: readonly Trigger[]): Promise<void>;
  /**
   * The store's whole content was exchanged: a snapshot was restored. Whatever was read from it or remembered about it (caches,
   * positions, timers, batches being filled) is void and is to be read anew; what deliveries under way do to the old state no
   * longer counts. Synchronous; `apply` follows in the same turn of the event loop, so that no request comes in between.
   * Absent = nothing is kept between two calls.
   */
  reload?(): void;
  /** Stops timers and deliveries; resolves when none is under way or after they were given up. */
  close(): Promise<void>;
}

export interface Emulator {
  readonly name: string;
  /** Resource kinds it owns; each kind is owned by exactly one emulator. */
  readonly kinds: readonly ResourceKind[];
  start(context: EmulatorContext): Promise<RunningEmulator>;
}
