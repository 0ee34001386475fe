/** The seam every emulated service stands behind. */
import type { ServiceFaults } from './faults.ts';
import type { Cause, Invoked, ResponseListener, TraceContext } from './invocation.ts';
import type { JsonObject } from './json.ts';
import type { CallOutside } from './outward.ts';
import type { BodyFiles, Clock, Ids, Store } from './platform.ts';
import type { FunctionSpec, Trigger } from './project.ts';
import type { Resource, ResourceKind } from './resources.ts';
import type { FoundImage } from './runtime.ts';
import type { ServiceApi } from './service-api.ts';

export type { JsonObject, JsonValue } from './json.ts';

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

/**
 * One call of an API destination (`arn:aws:events:…:api-destination/…`), or of a REST API's method
 * (`arn:aws:execute-api:…:<api>/<stage>/<METHOD>/<path>`), by another service.
 */
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
  /** The same as soon as its code is known to be old. */
  readonly onStale?: (listener: (functionId: string) => void) => () => void;
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
  /** Calls servers elsewhere: they take real time, and who lets time pass waits for them. Absent = calls on `clock`. */
  readonly callOutside?: CallOutside;
  /** Base URL of the project's HTTP and REST APIs; null while it has none. Absent = there is no front door. */
  readonly frontDoor?: () => string | null;
  /** Where emulators may write files for the user to look at (exports); absolute, made by whoever writes into it. */
  readonly folder: string;
  /** Bodies too large for the store; a snapshot covers those the store names. Absent = there is no place for any. */
  readonly files?: BodyFiles;
  /** Something the user should see once. */
  readonly notice: (message: string) => void;
  /** Of a simulator; absent = nothing goes wrong by itself. */
  readonly faults?: ServiceFaults;
}

/** A rule that fires at times, for people: to list, and to fire by hand. */
export interface TimedRule {
  readonly name: string;
  readonly expression: string;
  /** Its targets. */
  readonly arns: readonly string[];
  /** Epoch ms; absent when it will not fire by itself. */
  readonly nextAt?: number;
  /** Fires it now, disabled or not; answers the event's id. */
  fire(): string;
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
  /** Rules of this service that fire at times. */
  timedRules?(): readonly TimedRule[];
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
