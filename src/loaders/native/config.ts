/** The shape of a `sls-local.config` file, as people write it. */
import type { SessionSettings } from '../../model/project.ts';

/** `500ms`, `10s`, `5m`, `1h`, `4d`. */
export type Duration = string;

export interface ProjectConfig {
  /** For editors: where the JSON schema is. */
  readonly $schema?: string;
  /** Name of the project; part of the names of its functions, tables and queues. */
  readonly name: string;
  /** Default `us-east-1`. `--region` wins. */
  readonly region?: string;
  /** Default `dev`. `--stage` wins. */
  readonly stage?: string;
  /** For every function; a function's own variables win. */
  readonly env?: EnvConfig;
  /** For every function that does not say otherwise. */
  readonly defaults?: FunctionDefaults;
  /** How `sls-local dev` runs it, where the command line does not say otherwise. */
  readonly dev?: SessionSettings;
  /** Cross-origin requests to the HTTP API; `true` allows everything. */
  readonly cors?: boolean | CorsConfig;
  /** Who may call routes: the key is what a route's `authorizer` names. `iam` is there without being declared. */
  readonly authorizers?: Readonly<Record<string, AuthorizerConfig>>;
  /** Keys that REST routes with `apiKey` take as `x-api-key`; none = any. */
  readonly apiKeys?: readonly string[];
  /** The key is the name you type: `sls-local invoke CreateOrder`. */
  readonly functions?: Readonly<Record<string, FunctionConfig>>;
  readonly tables?: Readonly<Record<string, TableConfig>>;
  readonly queues?: Readonly<Record<string, QueueConfig>>;
  readonly topics?: Readonly<Record<string, TopicConfig>>;
  readonly buckets?: Readonly<Record<string, BucketConfig>>;
  readonly eventBuses?: Readonly<Record<string, EventBusConfig>>;
  /** Kinesis streams. */
  readonly streams?: Readonly<Record<string, StreamConfig>>;
  /** A name, or the ARN of a layer in the cloud → its content here: a folder or a zip file, relative to this file. */
  readonly layers?: Readonly<Record<string, string>>;
}

export interface FunctionDefaults {
  /** `nodejs22.x` (default), `python3.13`, … */
  readonly runtime?: string;
  /** Default 1024. */
  readonly memoryMb?: number;
  /** Size of /tmp in MB; default 512. */
  readonly tmpMb?: number;
  /** Default `6s`. */
  readonly timeout?: Duration;
  readonly timeoutMs?: number;
  readonly architecture?: 'x86_64' | 'arm64';
  /** Folder the handlers' paths are relative to, or the jar or zip that is the package; default: that of this file. */
  readonly codeRoot?: string;
  /** Packages that are not bundled but loaded from node_modules. */
  readonly external?: readonly string[];
  /** What appears at /opt, later over earlier: keys of `layers`, or paths of folders and zip files. */
  readonly layers?: readonly string[];
  /** How its log is written; default: text. */
  readonly logging?: LoggingConfig;
}

export interface LoggingConfig {
  readonly format: 'Text' | 'JSON';
  /** Least level of the function's own records, for JSON; default INFO. */
  readonly applicationLevel?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
  /** Least level of the platform's records, for JSON; default INFO. */
  readonly systemLevel?: 'DEBUG' | 'INFO' | 'WARN';
}

export interface FunctionConfig extends FunctionDefaults {
  /** `src/create-order.handler`: file without extension, then the export. */
  readonly handler: string;
  /** Name in the cloud; default `<project>-<stage>-<key>`. */
  readonly name?: string;
  readonly description?: string;
  readonly env?: EnvConfig;
  /** `'POST /orders'`, one or several. */
  readonly http?: RouteConfig | readonly RouteConfig[];
  /** An HTTP address of its own. With `stream`, what the function writes reaches the client as it is written. */
  readonly url?:
    | boolean
    | { readonly cors?: boolean | CorsConfig; readonly stream?: boolean; readonly authorizer?: 'iam' };
  /** Key of a queue whose messages it handles. */
  readonly queue?: string | QueueSourceConfig | readonly (string | QueueSourceConfig)[];
  /** Key of a topic it is subscribed to. */
  readonly topic?: string | TopicSourceConfig | readonly (string | TopicSourceConfig)[];
  /** Key of a table whose changes it handles. The table gets a stream of both images, unless it says otherwise. */
  readonly stream?: string | StreamSourceConfig | readonly (string | StreamSourceConfig)[];
  /** Key of a Kinesis stream whose records it handles. */
  readonly kinesis?: string | KinesisSourceConfig | readonly (string | KinesisSourceConfig)[];
  /** Key of a bucket whose new objects (or other events) it is told of. */
  readonly bucket?: string | BucketSourceConfig | readonly (string | BucketSourceConfig)[];
  /** Events it is told of: `{ bus: 'orders', pattern: { source: ['shop'] } }`. */
  readonly eventBus?: EventBusSourceConfig | readonly EventBusSourceConfig[];
  /** `'rate(5 minutes)'` or `'cron(0 3 * * ? *)'`. */
  readonly schedule?: string | ScheduleConfig | readonly (string | ScheduleConfig)[];
  /** Instances that may run at once; 0 = it is not run at all. */
  readonly reservedConcurrency?: number;
  /** Its instances are never shared between tenants, and each event names one. */
  readonly tenantIsolation?: boolean;
  /** What becomes of its asynchronous events. */
  readonly async?: AsyncEventsConfig;
}

export interface AsyncEventsConfig {
  /** 0 to 2; default 2. */
  readonly maximumRetryAttempts?: number;
  /** From `1m` to `6h`; default `6h`. */
  readonly maximumEventAge?: Duration;
  readonly maximumEventAgeMs?: number;
  /** Gets a record of each event that was handled. */
  readonly onSuccess?: AsyncDestinationConfig;
  /** Gets a record of each event that was given up. */
  readonly onFailure?: AsyncDestinationConfig | { readonly bucket: string };
  /** Key of the queue that gets the events themselves that were given up. */
  readonly deadLetterQueue?: string;
}

/** Key of a queue, or which of these it is. */
export type AsyncDestinationConfig =
  | string
  | { readonly queue: string }
  | { readonly topic: string }
  | { readonly function: string };

/** Key of a queue, or which of these it is. A bucket gets what was given up itself besides. */
export type StreamFailureConfig =
  | string
  | { readonly queue: string }
  | { readonly topic: string }
  | { readonly bucket: string };

/**
 * Texts may hold `{{ queueUrl orders }}`, `{{ queueArn orders }}`, `{{ topicArn news }}`, `{{ streamName clicks }}`, `{{ streamArn clicks }}`, `{{ tableName Orders }}`, `{{ bucketName uploads }}`, `{{ eventBusName orders }}`, `{{ functionName Create }}`,
 * `{{ env NAME }}`, `{{ stage }}`, `{{ region }}`. In TypeScript a function gets the same as functions.
 */
export type EnvConfig = EnvValues | ((lookup: Lookup) => EnvValues);
export type EnvValues = Readonly<Record<string, string | number | boolean>>;

export interface Lookup {
  readonly stage: string;
  readonly region: string;
  /** Each takes the key under which the thing is declared in this file. */
  queueUrl(key: string): string;
  queueArn(key: string): string;
  topicArn(key: string): string;
  streamName(key: string): string;
  streamArn(key: string): string;
  tableName(key: string): string;
  bucketName(key: string): string;
  eventBusName(key: string): string;
  functionName(key: string): string;
  /** A variable of the shell or of `.env`. */
  env(name: string): string;
}

export type RouteConfig = string | DetailedRouteConfig;

export interface DetailedRouteConfig {
  /** `'POST /orders/{id}'`, `'ANY /files/{path+}'`, or `'$default'`. */
  readonly route: string;
  /** `http` (default): HTTP API; `rest`: REST API. */
  readonly api?: 'http' | 'rest';
  /** Event format of an HTTP API; default `2.0`. */
  readonly payload?: '1.0' | '2.0';
  /** Overrides the project's. */
  readonly cors?: boolean | CorsConfig;
  /** Key of `authorizers`, or `iam`: the request is signed. */
  readonly authorizer?: string | { readonly name: string; readonly scopes?: readonly string[] };
  /** A request needs one of `apiKeys` (REST APIs). */
  readonly apiKey?: boolean;
}

/** A function, tokens of an issuer (HTTP APIs), or tokens of a user pool (REST APIs). */
export type AuthorizerConfig = FunctionAuthorizerConfig | JwtAuthorizerConfig | UserPoolAuthorizerConfig;

interface IdentityConfig {
  /** `header.NAME`, `query.NAME`, `context.NAME`; default `header.Authorization`. */
  readonly identity?: string | readonly string[];
}

export interface FunctionAuthorizerConfig extends IdentityConfig {
  /** Key of the function that decides. */
  readonly function: string;
  /** `token`: it gets the text of the identity alone (REST APIs); default `request`. */
  readonly type?: 'token' | 'request';
  /** Regular expression the token must match; of type `token`. */
  readonly validation?: string;
  /** How long a decision counts for the same identity; default `5m`, `0s` = not at all. */
  readonly cache?: Duration;
  /** Event format of an HTTP API; default `2.0`. */
  readonly payload?: '1.0' | '2.0';
  /** It answers `{ isAuthorized }` instead of a policy (HTTP APIs). */
  readonly simple?: boolean;
}

export interface JwtAuthorizerConfig extends IdentityConfig {
  readonly jwt: {
    readonly issuer: string;
    readonly audience: string | readonly string[];
    /** File with the issuer's keys (a JSON Web Key Set), relative to this file; without it signatures are not checked, but for issuers on this machine. */
    readonly keys?: string;
  };
}

export interface UserPoolAuthorizerConfig extends IdentityConfig {
  readonly userPool: {
    readonly arn: string;
    /** As those of `jwt`. */
    readonly keys?: string;
  };
}

export interface CorsConfig {
  readonly allowOrigins?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly allowCredentials?: boolean;
  readonly maxAgeSeconds?: number;
}

export interface QueueSourceConfig {
  /** Key of the queue. */
  readonly queue: string;
  /** Default 10. */
  readonly batchSize?: number;
  /** How long to collect messages for a batch; default none. */
  readonly batchWindow?: Duration;
  readonly batchWindowMs?: number;
  /** The function answers which messages failed. */
  readonly reportBatchItemFailures?: boolean;
  readonly maximumConcurrency?: number;
  /** Only messages that match one of these: `[{ body: { kind: ['order'] } }]`. The others are deleted. */
  readonly filterPatterns?: readonly FilterPattern[];
  readonly enabled?: boolean;
}

/** The pattern language of event source mappings: lists of values, and operators such as `{ prefix: 'a' }`. */
export type FilterPattern = Readonly<Record<string, unknown>>;

export interface TopicSourceConfig extends TopicFilterConfig {
  /** Key of the topic. */
  readonly topic: string;
}

export interface TopicFilterConfig {
  /** Only messages that match it: `{ kind: ['order'] }`. */
  readonly filterPolicy?: FilterPattern;
  /** What it is about; default `MessageAttributes`. */
  readonly filterPolicyScope?: 'MessageAttributes' | 'MessageBody';
  /** Key of the queue that gets what could not be delivered. */
  readonly deadLetterQueue?: string;
}

export interface StreamSourceConfig extends StreamDeliveryConfig {
  /** Key of the table. */
  readonly table: string;
}

export interface KinesisSourceConfig extends StreamDeliveryConfig {
  /** Key of the stream. */
  readonly stream: string;
}

/** A Kinesis stream. */
export interface StreamConfig {
  /** Name in the cloud; default `<project>-<stage>-<key>`. */
  readonly name?: string;
  /** Default 1; `on-demand` = as the service sees fit. */
  readonly shards?: number | 'on-demand';
  /** From `24h` (default) to `8760h`. */
  readonly retention?: Duration;
}

export interface StreamDeliveryConfig {
  /** Default 100. */
  readonly batchSize?: number;
  /** How long to collect changes for a batch; default none. */
  readonly batchWindow?: Duration;
  readonly batchWindowMs?: number;
  /** `LATEST` (default): changes from now on. `TRIM_HORIZON`: all the stream still has. */
  readonly startingPosition?: 'LATEST' | 'TRIM_HORIZON';
  /** Batches at once; the changes of one item stay in order. Default 1. */
  readonly parallelizationFactor?: number;
  /** Default: until the changes expire after a day. */
  readonly maximumRetryAttempts?: number;
  /** From `1m` to `7d`; default: until the changes expire after a day. */
  readonly maximumRecordAge?: Duration;
  readonly maximumRecordAgeMs?: number;
  /** A failed batch is tried again in halves. */
  readonly bisectBatchOnFunctionError?: boolean;
  /** The function answers which change failed first. */
  readonly reportBatchItemFailures?: boolean;
  /** The function keeps a state over all changes of such a time, up to `15m`. */
  readonly tumblingWindow?: Duration;
  /** Is told of changes that were given up; a text is the key of a queue. */
  readonly onFailure?: StreamFailureConfig;
  /** Only changes that match one of these: `[{ eventName: ['INSERT'] }]`. */
  readonly filterPatterns?: readonly FilterPattern[];
  readonly enabled?: boolean;
}

export interface BucketSourceConfig {
  /** Key of the bucket. */
  readonly bucket: string;
  /** Default `s3:ObjectCreated:*`. */
  readonly events?: string | readonly string[];
  /** Only keys that begin with it. */
  readonly prefix?: string;
  /** Only keys that end in it. */
  readonly suffix?: string;
}

export interface ScheduleConfig {
  readonly expression: string;
  /** Default: made of the function's name. */
  readonly name?: string;
  /** IANA zone; default UTC. */
  readonly timezone?: string;
  /** Handed to the function instead of the usual event. */
  readonly input?: unknown;
  readonly enabled?: boolean;
}

export interface TableConfig {
  /** Name in the cloud; default `<project>-<stage>-<key>`. */
  readonly name?: string;
  /** The attribute that identifies an item, or two of them. */
  readonly key: KeyConfig;
  /** Types of key attributes that are not texts: `{ createdAt: 'N' }`. */
  readonly attributes?: Readonly<Record<string, 'S' | 'N' | 'B'>>;
  readonly indexes?: Readonly<Record<string, IndexConfig>>;
  /** Attribute that holds the second an item expires. */
  readonly ttl?: string;
  /** `true` = both images; so it is too where a function follows the table and nothing is said. */
  readonly stream?: boolean | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';
  /** DeleteTable is refused. */
  readonly deletionProtection?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  /** What it begins with: files (JSON lines or lists, CSV, DynamoDB JSON; relative to this file), items, or both. */
  readonly seed?: string | readonly (string | SeedItem)[];
}

/** Bigints keep all digits; sets of texts, numbers or byte arrays and byte arrays themselves are taken as such. */
export type SeedItem = Readonly<Record<string, unknown>>;

export type KeyConfig = string | { readonly hash: string; readonly range?: string };

/** Of a global index: up to four attributes each. */
export type IndexKeyConfig =
  | string
  | { readonly hash: string | readonly string[]; readonly range?: string | readonly string[] };

export interface IndexConfig {
  readonly key: IndexKeyConfig;
  /** Everything (default), keys only, or these attributes besides the keys. */
  readonly projection?: 'ALL' | 'KEYS_ONLY' | readonly string[];
  /** A local secondary index: same hash key as the table. */
  readonly local?: boolean;
}

export interface QueueConfig {
  /** Name in the cloud; default `<project>-<stage>-<key>`, with `.fifo` where it must be. */
  readonly name?: string;
  readonly fifo?: boolean;
  readonly contentBasedDeduplication?: boolean;
  /** Default `30s`. */
  readonly visibilityTimeout?: Duration;
  readonly visibilityTimeoutMs?: number;
  readonly delay?: Duration;
  readonly delayMs?: number;
  /** Default `4d`. */
  readonly retention?: Duration;
  readonly retentionMs?: number;
  readonly receiveWait?: Duration;
  readonly receiveWaitMs?: number;
  readonly maximumMessageBytes?: number;
  /** Where messages go that were received too often. */
  readonly deadLetter?: { readonly queue: string; readonly maxReceiveCount: number };
}

export interface TopicConfig {
  /** Name in the cloud; default `<project>-<stage>-<key>`, with `.fifo` where it must be. */
  readonly name?: string;
  readonly fifo?: boolean;
  readonly contentBasedDeduplication?: boolean;
  readonly displayName?: string;
  /** Who gets its messages besides functions. */
  readonly subscriptions?: readonly SubscriptionConfig[];
}

export interface SubscriptionConfig extends TopicFilterConfig {
  /** One of these: the key of a queue, the URL of an endpoint, an address, a number. */
  readonly queue?: string;
  readonly http?: string;
  readonly email?: string;
  readonly sms?: string;
  /** The bare message instead of the document it comes in; queues and endpoints. */
  readonly raw?: boolean;
}

export interface BucketConfig {
  /** Name in the cloud; default `<project>-<stage>-<key>` in lower case. */
  readonly name?: string;
  /** Old versions of objects are kept. */
  readonly versioning?: boolean;
  /** Which pages may call it from a browser; `true` allows everything. */
  readonly cors?: boolean | CorsConfig;
  /** Objects go after that many days. */
  readonly expireAfterDays?: number;
}

export interface EventBusConfig {
  /** Name in the cloud; default `<project>-<stage>-<key>`. */
  readonly name?: string;
  /** Its events are kept so long, to be replayed; 0 = for good. */
  readonly archiveDays?: number;
  /** Who gets its events besides functions. */
  readonly rules?: readonly EventRuleConfig[];
}

/** What is told of an event, and what becomes of it where that cannot be done. */
export interface EventDeliveryConfig {
  /** One of these: a constant, a part of the event (`$.detail`), or a template filled with parts; default: the whole event. */
  readonly input?: unknown;
  readonly inputPath?: string;
  readonly inputTransformer?: {
    readonly paths?: Readonly<Record<string, string>>;
    readonly template: string;
  };
  /** 0 to 185; default 185. */
  readonly maximumRetryAttempts?: number;
  /** From `1m` to `24h`; default `24h`. */
  readonly maximumEventAge?: Duration;
  readonly maximumEventAgeMs?: number;
  /** Key of the queue that gets what could not be delivered. */
  readonly deadLetterQueue?: string;
  /** Name of the rule; default: made of the bus's or the function's. */
  readonly name?: string;
  readonly enabled?: boolean;
}

export interface EventRuleConfig extends EventDeliveryConfig {
  /** Only events that match it: `{ source: ['shop'] }`. */
  readonly pattern: FilterPattern;
  /** One of these: the key of a queue, or of a topic. */
  readonly queue?: string;
  readonly topic?: string;
  /** A FIFO queue needs it. */
  readonly messageGroupId?: string;
}

export interface EventBusSourceConfig extends EventDeliveryConfig {
  /** Key of the bus; default: the default bus, which other services tell too. */
  readonly bus?: string;
  /** Only events that match it: `{ source: ['shop'] }`. */
  readonly pattern: FilterPattern;
}

/** What a configuration that is a function is called with. */
export interface ConfigContext {
  readonly stage: string | undefined;
  readonly region: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ConfigExport =
  | ProjectConfig
  | Promise<ProjectConfig>
  | ((context: ConfigContext) => ProjectConfig | Promise<ProjectConfig>);
