/** The one model every project file is lowered to. Plain frozen data; nothing here knows which file format it came from. */
import type { ApiKey, IamAuthorizer, RouteAuthorizer, RouteGuard } from './authorizers.ts';
import type { BundleSettings } from './bundle.ts';
import type { EventRuleTrigger } from './event-bus.ts';
import type { IntegrationMapping } from './integration-mapping.ts';
import type { Place } from './place.ts';
import type { RequestCheck } from './request-check.ts';
import type { BucketFilter, Resource } from './resources.ts';
import type { Cors, HttpMethod } from './routes.ts';

export type { Place } from './place.ts';
export type { Cors, HttpMethod } from './routes.ts';

/**
 * Something in a project file the user should know.
 * `error`: the part named by `subject` cannot run; the rest of the project can.
 * `warning`: recognised but not (yet) emulated, or probably not what was meant.
 */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Stable, kebab-case: `unknown-runtime`, `not-emulated`, `unresolved-variable`, … */
  readonly code: string;
  /** Quotes what was found and says what was expected. One line, no trailing full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly place?: Place;
  /** Dotted path of the key in the project file: `functions.create.events[0].websocket`. */
  readonly subject?: string;
}

export interface Project {
  /** Service or stack name. */
  readonly name: string;
  /** Absolute folder everything relative is relative to. */
  readonly root: string;
  /** Absolute path of the project file. */
  readonly file: string;
  /** Absolute paths of every file whose change means: load the project again (the project file, included files, .env). */
  readonly sources: readonly string[];
  readonly stage: string;
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly functions: readonly FunctionSpec[];
  readonly triggers: readonly Trigger[];
  readonly resources: readonly Resource[];
  /** What tables begin with, in the order it is written; absent = nothing. */
  readonly seeds?: readonly TableSeed[];
  /** What the file says of the sessions that run it; absent = nothing. */
  readonly session?: SessionSettings;
}

/** How a session of the project runs, where the command line does not say otherwise. */
export interface SessionSettings {
  /** Where functions run. */
  readonly backend?: 'auto' | 'docker' | 'process';
  /** See `ColdMode`. */
  readonly cold?: 'fast' | 'on-demand' | 'faithful';
  /** Functions stand still between events. */
  readonly freeze?: boolean;
  /** What becomes of a handler that takes too long: it ends with its instance, or runs on. */
  readonly timeoutMode?: 'kill' | 'keep';
  /** MB of all instances above which idle ones are ended. */
  readonly memoryBudget?: number;
  /** Instances of one function at once. */
  readonly maxInstances?: number;
  /** What written data survives. */
  readonly durability?: 'process' | 'power';
  /** Invocations are recorded. */
  readonly journal?: boolean;
  /** 0 = any free one. */
  readonly httpPort?: number;
  readonly awsPort?: number;
}

/** Items for a table; a session writes them once, into a table that has none. */
export interface TableSeed {
  /** The table's name in the cloud. */
  readonly table: string;
  readonly source: SeedSource;
  /** Where the project file names it. */
  readonly place?: Place;
  readonly subject?: string;
}

export type SeedSource =
  /** Absolute path; `form` says whether items are plain JSON or carry types, absent = seen by looking. */
  | { readonly kind: 'file'; readonly file: string; readonly form?: 'plain' | 'typed' }
  /** One item as plain JSON text, numbers to the last digit. */
  | { readonly kind: 'item'; readonly json: string };

export type Architecture = 'x86_64' | 'arm64';

/** One function, independent of how it was declared. */
export interface FunctionSpec {
  /** The short name people type: the key in serverless.yml, the logical id in a template, the construct id in CDK. */
  readonly id: string;
  /** The name the cloud would give it: `shop-dev-create`. What AWS clients and ARNs use. */
  readonly name: string;
  readonly arn: string;
  /** `path/to/file.export`, relative to `codeRoot`, as the provider writes it. */
  readonly handler: string;
  /** The provider's identifier: `nodejs22.x`, `python3.13`, `provided.al2023`, … */
  readonly runtime: string;
  /** Absolute folder the handler path is relative to. */
  readonly codeRoot: string;
  /** What the project file sets; the provider's own variables are added when an instance starts. */
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** Size of /tmp; absent = 512. */
  readonly tmpMb?: number;
  readonly timeoutMs: number;
  readonly architecture: Architecture;
  /** Absolute folders that appear at /opt, in order. */
  readonly layers: readonly string[];
  /** It may run as often as it likes in one chain of events. */
  readonly allowsRecursion?: true;
  /** How its instances come to be; absent = `on-demand`, when they are needed. */
  readonly initializationType?: 'on-demand' | 'provisioned-concurrency' | 'snap-start';
  /** Instances that may run at once; absent = the session's limit. */
  readonly reservedConcurrency?: number;
  /** Its instances are never shared between tenants, and each event names one. */
  readonly tenantIsolation?: true;
  /** What becomes of its asynchronous events; absent = the service's defaults. */
  readonly asyncEvents?: AsyncEventSettings;
  /** The same for those sent to an alias, by its name. */
  readonly aliasAsyncEvents?: Readonly<Record<string, AsyncEventSettings>>;
  /** Instances kept ready for its events; absent = none. */
  readonly provisionedConcurrency?: number;
  /** Absent = text. */
  readonly logging?: LoggingSettings;
  /** How the project says its code is compiled; absent = seen by what lies in the code folder, or not at all. */
  readonly build?: CompileSettings;
  /** Absolute path of the zip or jar that is its package, made by the project's own build; absent = the code is in `codeRoot`. */
  readonly archive?: string;
  /** Container image this function asks for by name; with `imageBuild`, the name without a tag that it gets here. */
  readonly image?: string;
  /** What the image is built from; absent = it is there, or can be pulled. */
  readonly imageBuild?: ImageBuild;
  /** What of the image is overridden. */
  readonly imageSettings?: ImageSettings;
  /** Set where the code came as a package or an image through the Lambda API: it runs as it is, without a build. */
  readonly deployed?: DeployedCode;
  /** Of a published version: `3`. Absent = `$LATEST`, the code there is now. */
  readonly version?: string;
  /** Modules left out of the bundle (resolved from node_modules at run time). */
  readonly external: readonly string[];
  /** How the project says its code is bundled; absent = it says nothing. */
  readonly bundle?: BundleSettings;
  readonly description?: string;
  readonly place?: Place;
}

export interface ImageBuild {
  /** Absolute folder. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  /** Stage of the Dockerfile. */
  readonly target?: string;
}

export interface ImageSettings {
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDirectory?: string;
}

export type BuildMethod = 'go' | 'rust' | 'makefile' | 'maven' | 'gradle' | 'dotnet';

export interface CompileSettings {
  readonly method: BuildMethod;
  /** Of a Makefile: `build-Create`. */
  readonly target?: string;
  /** Of a Cargo package with several. */
  readonly binary?: string;
}

/** An unpacked deployment package, or an image. */
export interface DeployedCode {
  /** Hex hash of the package or image. */
  readonly id: string;
  /** Of an image: the name it was deployed by, and `repository@sha256:…`. The spec's `image` is the engine's id of it. */
  readonly image?: { readonly uri: string; readonly resolved: string };
  /** Absolute files and folders of the source it stands in for, while the source is as it was. */
  readonly insteadOf?: { readonly files: readonly string[]; readonly folders: readonly string[] };
}

/** How often a function is given an asynchronous event, and who is told how it ended. */
export interface AsyncEventSettings {
  /** 0 to 2; absent = 2. */
  readonly maximumRetryAttempts?: number;
  /** From a minute to 6 hours; absent = 6 hours. */
  readonly maximumEventAgeMs?: number;
  /** ARN of the queue, topic or function that gets a record of each event that was handled. */
  readonly onSuccessArn?: string;
  /** The same for events that were given up. */
  readonly onFailureArn?: string;
  /** ARN of the queue or topic that gets the event itself when it was given up. */
  readonly deadLetterArn?: string;
}

/** How a function's log is written. */
export interface LoggingSettings {
  readonly format: 'Text' | 'JSON';
  /** Least level of the function's own records; JSON only, absent = INFO. */
  readonly applicationLevel?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
  /** Least level of the platform's records; JSON only, absent = INFO. */
  readonly systemLevel?: 'DEBUG' | 'INFO' | 'WARN';
  /** Log group it would be written to; absent = the function's own. */
  readonly group?: string;
}

/** What makes a function run. `functionId` names `FunctionSpec.id`. */
export type Trigger =
  | HttpApiTrigger
  | RestApiTrigger
  | FunctionUrlTrigger
  | QueueTrigger
  | TableStreamTrigger
  | StreamTrigger
  | TopicTrigger
  | BucketTrigger
  | EventRuleTrigger
  | ScheduleTrigger;
export type TriggerKind = Trigger['kind'];

export interface HttpApiTrigger {
  readonly kind: 'http-api';
  readonly functionId: string;
  readonly method: HttpMethod;
  /** `/orders/{id}`, `/files/{path+}`, or `$default`. */
  readonly path: string;
  readonly payloadFormat: '1.0' | '2.0';
  /** First path segment of the deployed URL: `v1`; absent = `$default`, which has none. Requests with and without it are served. */
  readonly stage?: string;
  readonly timeoutMs: number;
  readonly cors?: Cors;
  readonly authorizer?: RouteAuthorizer;
  /** Of its stage, for identity sources and events; absent = none. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly place?: Place;
}

export interface RestApiTrigger {
  readonly kind: 'rest-api';
  readonly functionId: string;
  readonly method: HttpMethod;
  /** `/orders/{id}` or `/files/{proxy+}`, without the stage. */
  readonly path: string;
  /** First path segment of the deployed URL: `dev`, `Prod`. Requests with and without it are served. */
  readonly stage: string;
  readonly timeoutMs: number;
  /** Glob media types whose bodies are passed as base64. */
  readonly binaryMediaTypes: readonly string[];
  readonly cors?: Cors;
  readonly authorizer?: RouteAuthorizer;
  /** The function gets an event of templates and returns any JSON; absent = requests and responses are passed through it. */
  readonly mapping?: IntegrationMapping;
  /** A request needs one of these keys, any key where the list is empty; absent = it needs none. */
  readonly apiKeys?: readonly ApiKey[];
  /** What requests are told they are: `requestContext.operationName`; absent = nothing. */
  readonly operationName?: string;
  /** What its validator asks of requests; absent = it has none. */
  readonly requestCheck?: RequestCheck;
  /** Who may call the OPTIONS method that `cors` adds to its path; absent = everybody. */
  readonly preflightGuard?: RouteGuard;
  /** Of its stage, for identity sources and events; absent = none. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly place?: Place;
}

export interface FunctionUrlTrigger {
  readonly kind: 'function-url';
  readonly functionId: string;
  /** What its address is made of; absent = the function's id. */
  readonly address?: string;
  /** Invoke mode RESPONSE_STREAM: what the function writes reaches the client as it is written. */
  readonly streams?: true;
  readonly cors?: Cors;
  readonly authorizer?: IamAuthorizer;
  readonly place?: Place;
}

export interface QueueTrigger {
  readonly kind: 'queue';
  readonly functionId: string;
  /** UUID of the mapping where it was made through the Lambda API. */
  readonly mappingId?: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  readonly reportBatchItemFailures: boolean;
  readonly maximumConcurrency?: number;
  /** Event patterns as JSON text; a message must match one of them. Absent = all messages. */
  readonly filterPatterns?: readonly string[];
  readonly enabled: boolean;
  readonly place?: Place;
}

/** How the records of a stream are handed to a function. */
export interface StreamDelivery {
  readonly functionId: string;
  /** UUID of the mapping where it was made through the Lambda API. */
  readonly mappingId?: string;
  readonly streamArn: string;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** Batches of a shard at once; the records of one key stay in order. */
  readonly parallelizationFactor: number;
  /** Absent = until the records expire. */
  readonly maximumRetryAttempts?: number;
  /** Absent = until the records expire. */
  readonly maximumRecordAgeMs?: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
  /** ARN of the queue or topic that is told of batches that were given up. */
  readonly onFailureArn?: string;
  /** Event patterns as JSON text; a record must match one of them. Absent = all records. */
  readonly filterPatterns?: readonly string[];
  /** The function keeps a state over all records of such a time; absent = it keeps none. */
  readonly tumblingWindowMs?: number;
  readonly enabled: boolean;
  readonly place?: Place;
}

/** Its table counts, whatever the label of the ARN: the function follows the streams the table has one after the other. */
export interface TableStreamTrigger extends StreamDelivery {
  readonly kind: 'table-stream';
  /** Where a function begins that has not followed this table yet. */
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON';
}

/** Of a Kinesis stream, or of a consumer of one. */
export interface StreamTrigger extends StreamDelivery {
  readonly kind: 'stream';
  /** Where a function begins that has not followed this stream yet. */
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON' | 'AT_TIMESTAMP';
  /** Epoch ms, with AT_TIMESTAMP. */
  readonly startingTimestampMs?: number;
}

export interface TopicTrigger {
  readonly kind: 'topic';
  readonly functionId: string;
  readonly topicArn: string;
  /** JSON text; absent = all messages. */
  readonly filterPolicy?: string;
  /** Absent = MessageAttributes. */
  readonly filterPolicyScope?: FilterPolicyScope;
  /** ARN of the queue that gets what could not be handed to the function. */
  readonly deadLetterArn?: string;
  readonly place?: Place;
}

/** What the filter policy of a subscription is about. */
export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

export interface BucketTrigger extends BucketFilter {
  readonly kind: 'bucket';
  readonly functionId: string;
  /** The bucket's name in the cloud. */
  readonly bucket: string;
  readonly place?: Place;
}

export interface ScheduleTrigger {
  readonly kind: 'schedule';
  readonly functionId: string;
  /** The rule's name; unique within the project. */
  readonly name: string;
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)`, `at(2026-01-01T00:00:00)`. */
  readonly expression: string;
  /** IANA zone; the service's default is UTC. */
  readonly timezone: string;
  /** JSON text handed to the function instead of the service's own event. */
  readonly input?: string;
  readonly enabled: boolean;
  readonly place?: Place;
}

/** Reads one family of project files. */
export interface Loader {
  readonly name: string;
  /** The project file in `root` this loader reads, or undefined. Looks, never parses. */
  detect(root: string): Promise<string | undefined>;
  /**
   * Lowers the file. Problems never throw; only a file from which no project can be had at all
   * (not readable, not YAML, …) throws `SlsError` with file and line.
   */
  load(file: string, options: LoadOptions): Promise<LoadedProject>;
}

export interface LoadOptions {
  readonly stage?: string;
  readonly region?: string;
  /** Command line values for `${opt:…}`. */
  readonly options: Readonly<Record<string, string>>;
  /** Values of template parameters given on the command line. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What is stored under `ssm:/path` and `secretsmanager:…`; absent = nothing. */
  readonly stored?: (reference: string) => string | undefined;
  /** The process environment (`${env:…}`); loaders never read `process.env` themselves. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface LoadedProject {
  readonly project: Project;
  readonly problems: readonly Problem[];
}

/**
 * A queue's URL is only known once a session listens, so loaders write this token into environment values
 * (`Ref` of a queue, `{{ queueUrl orders }}`), and the session expands it when an instance starts.
 */
export function queueUrlToken(queueName: string): string {
  return `\${SLS_QUEUE_URL:${queueName}}`;
}

/** Replaces every token in `text` by what `makeUrl` makes of the queue's name. */
export function expandQueueUrls(text: string, makeUrl: (queueName: string) => string): string {
  return text.includes('${SLS_QUEUE_URL:')
    ? text.replace(/\$\{SLS_QUEUE_URL:([^}]+)\}/g, (_, name: string) => makeUrl(name))
    : text;
}

/** What the runtime and the logs are told of how an instance came to be. */
export function initializationTypeOf({
  initializationType = 'on-demand',
  provisionedConcurrency,
}: FunctionSpec): string {
  return initializationType === 'on-demand' && provisionedConcurrency
    ? 'provisioned-concurrency'
    : initializationType;
}
