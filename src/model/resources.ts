/** What a project has besides functions: tables, queues, topics, streams, buckets, …; plain frozen data. */
import type { RouteGuard } from './authorizers.ts';
import type { EventBusResources } from './event-bus.ts';
import type { IntegrationMapping } from './integration-mapping.ts';
import type { Place } from './place.ts';
import type { RequestCheck } from './request-check.ts';
import type { Cors, HttpMethod } from './routes.ts';

export type Resource =
  | TableResource
  | QueueResource
  | BucketResource
  | TopicResource
  | SubscriptionResource
  | StreamResource
  | StreamConsumerResource
  | ParameterResource
  | SecretResource
  | EventBusResources
  | ScheduleResource
  | ScheduleGroupResource
  | PipeResource
  | RestMockResource;
export type ResourceKind = Resource['kind'];

export type AttributeType = 'S' | 'N' | 'B';

export interface KeySchema {
  readonly hash: string;
  readonly range?: string;
  /** Up to three more of each, of a global index only. */
  readonly furtherHashes?: readonly string[];
  readonly furtherRanges?: readonly string[];
}

export interface Projection {
  readonly type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly nonKeyAttributes: readonly string[];
}

export interface IndexSpec {
  readonly name: string;
  readonly key: KeySchema;
  readonly projection: Projection;
}

/** Capacity units, per second. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

/** What a table or one of its global indexes is given; shown, nothing is throttled here. */
export interface TableCapacity {
  /** Where it is billed by what is provisioned; absent = 1 and 1, of an index what its table has. */
  readonly provisioned?: Units;
  /** Requests per second at most, where it is billed by request. */
  readonly onDemandLimits?: Partial<Units>;
  readonly warm?: Partial<Units>;
}

/** Of which keys contributor insights are kept. */
export type InsightsMode = 'ACCESSED_AND_THROTTLED_KEYS' | 'THROTTLED_KEYS';

export interface GlobalIndexSpec extends IndexSpec, TableCapacity {
  readonly insights?: InsightsMode;
}

/** What a table has besides its keys and indexes; what is absent is off. */
export interface TableSettings extends TableCapacity {
  readonly deletionProtection?: true;
  readonly tags?: Readonly<Record<string, string>>;
  readonly tableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  /** The Kinesis stream its changes are sent to. */
  readonly kinesis?: { readonly streamArn: string; readonly precision?: 'MILLISECOND' | 'MICROSECOND' };
  /** With a key of KMS; no id = the account's own. */
  readonly encryption?: { readonly keyId?: string };
  /** How many days it can be brought back to. */
  readonly recoveryDays?: number;
  readonly insights?: InsightsMode;
  /** JSON text of the document. */
  readonly policy?: string;
}

export interface TableResource extends TableSettings {
  readonly kind: 'table';
  /** What the project file calls it: its logical id or key. Absent = only its name is known. */
  readonly id?: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeType>>;
  readonly key: KeySchema;
  readonly globalIndexes: readonly GlobalIndexSpec[];
  readonly localIndexes: readonly IndexSpec[];
  readonly billingMode: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly ttlAttribute?: string;
  readonly streamView?: 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';
  readonly place?: Place;
}

/**
 * The label loaders write into a stream's ARN. The true one is the time the stream was made, which a project file cannot
 * know; the emulator takes this one for the latest stream of the table.
 */
export const LATEST_STREAM_LABEL = '2026-01-01T00:00:00.000';

export interface QueueResource {
  readonly kind: 'queue';
  /** What the project file calls it: its logical id or key. Absent = only its name is known. */
  readonly id?: string;
  /** Ends in `.fifo` for a FIFO queue. */
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly visibilityTimeoutMs: number;
  readonly delayMs: number;
  readonly retentionMs: number;
  readonly receiveWaitMs: number;
  readonly maximumMessageBytes: number;
  readonly deadLetter?: { readonly queueArn: string; readonly maxReceiveCount: number };
  readonly place?: Place;
}

export interface TopicResource {
  readonly kind: 'topic';
  /** What the project file calls it: its logical id or key. Absent = only its name is known. */
  readonly id?: string;
  /** Ends in `.fifo` for a FIFO topic. */
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  /** As the service names them: `DisplayName`, `ContentBasedDeduplication`, `DeliveryPolicy`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly place?: Place;
}

/** A topic's subscriber that is no function; functions have a `TopicTrigger`. */
export interface SubscriptionResource {
  readonly kind: 'subscription';
  /** `orders → sqs work`: for people. */
  readonly name: string;
  readonly topicArn: string;
  /** `sqs`, `http`, `https`, `email`, `sms`, … */
  readonly protocol: string;
  readonly endpoint: string;
  /** As the service names them: `RawMessageDelivery`, `FilterPolicy`, `RedrivePolicy`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly place?: Place;
}

/** A Kinesis stream. */
export interface StreamResource {
  readonly kind: 'stream';
  /** What the project file calls it: its logical id or key. Absent = only its name is known. */
  readonly id?: string;
  readonly name: string;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  /** Of a provisioned stream. */
  readonly shardCount: number;
  readonly retentionHours: number;
  /** The key its records are said to be encrypted with; absent = none. */
  readonly kmsKeyId?: string;
  readonly place?: Place;
}

/** A consumer of a Kinesis stream with a throughput of its own. */
export interface StreamConsumerResource {
  readonly kind: 'stream-consumer';
  readonly name: string;
  /** With a time it was made, as the project's other parts know it. */
  readonly arn: string;
  readonly streamArn: string;
  readonly place?: Place;
}

/** A parameter of Parameter Store. */
export interface ParameterResource {
  readonly kind: 'parameter';
  /** With its path: `/shop/dev/token`. */
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly tier?: 'Standard' | 'Advanced' | 'Intelligent-Tiering';
  readonly place?: Place;
}

export interface SecretResource {
  readonly kind: 'secret';
  readonly name: string;
  /** With the six letters the service adds to the name. */
  readonly arn: string;
  readonly description?: string;
  /** Absent = generated, or none yet. */
  readonly value?: string;
  readonly generate?: GeneratedSecret;
  readonly place?: Place;
}

/** A schedule of EventBridge Scheduler; rules of EventBridge with a schedule are triggers. */
export interface ScheduleResource {
  readonly kind: 'schedule';
  readonly name: string;
  /** `default` is always there. */
  readonly group: string;
  /** What CreateSchedule takes besides name and group, as JSON text with the API's names; dates are ISO texts. */
  readonly settings: string;
  readonly place?: Place;
}

export interface ScheduleGroupResource {
  readonly kind: 'schedule-group';
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly place?: Place;
}

/** A pipe of EventBridge Pipes. */
export interface PipeResource {
  readonly kind: 'pipe';
  readonly name: string;
  /** What CreatePipe takes besides the name, as JSON text with the API's names. */
  readonly settings: string;
  readonly place?: Place;
}

/** A route of a REST API that answers by itself (MOCK), without a function. */
export interface RestMockResource extends RouteGuard {
  readonly kind: 'rest-mock';
  /** `GET /health`. */
  readonly name: string;
  readonly method: HttpMethod;
  /** As in `RestApiTrigger`, like what follows. */
  readonly path: string;
  readonly stage: string;
  readonly cors?: Cors;
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly requestCheck?: RequestCheck;
  /** Its request templates make `{"statusCode": 200}`, which the patterns of its responses match. */
  readonly mapping: IntegrationMapping;
  readonly place?: Place;
}

/** How a secret's value is made when the secret is. */
export interface GeneratedSecret {
  /** JSON text of a map the password is put into, at `key`; absent = the password is the whole value. */
  readonly template?: string;
  readonly key?: string;
  readonly length?: number;
  readonly excludeCharacters?: string;
  readonly excludeNumbers?: boolean;
  readonly excludePunctuation?: boolean;
  readonly excludeUppercase?: boolean;
  readonly excludeLowercase?: boolean;
  readonly includeSpace?: boolean;
  /** Default true. */
  readonly requireEachIncludedType?: boolean;
}

/** A bucket; what tells functions of its objects are triggers of their own. */
export interface BucketResource {
  readonly kind: 'bucket';
  /** What the project file calls it: its logical id or key. Absent = only its name is known. */
  readonly id?: string;
  readonly name: string;
  /** Absent = never asked for. */
  readonly versioning?: 'Enabled' | 'Suspended';
  readonly objectLock?: true;
  /** Further documents, by the name the service's API has for each (`cors`, `lifecycle`, `website`, …), as its XML. */
  readonly configurations: Readonly<Record<string, string>>;
  /** Who else is told: queues, topics, and the default event bus. */
  readonly notifications: readonly BucketNotification[];
  readonly place?: Place;
}

export interface BucketNotification extends BucketFilter {
  /** Of the queue, topic or event bus. */
  readonly arn: string;
}

export interface BucketFilter {
  /** `s3:ObjectCreated:*`, `s3:ObjectRemoved:Delete`. */
  readonly events: readonly string[];
  /** Of the keys. */
  readonly prefix?: string;
  readonly suffix?: string;
}
