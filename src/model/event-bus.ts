/** What a project file says of event buses: the nouns of `project.ts` for EventBridge. */
import type { Place } from './place.ts';

/** Members of a target besides `Id` and `Arn`, as the service's API has them: `InputPath`, `RetryPolicy`, `SqsParameters`, … */
export type EventTargetSettings = Readonly<Record<string, unknown>>;

export interface EventTarget {
  /** Unique among the targets of its rule. */
  readonly id: string;
  readonly arn: string;
  readonly settings: EventTargetSettings;
}

/** What a rule matches: exactly one of both, or both. */
interface RuleCondition {
  /** Event pattern as JSON text. */
  readonly pattern?: string;
  /** `rate(5 minutes)`, `cron(…)`. */
  readonly schedule?: string;
}

/** A function among the targets of a rule. */
export interface EventRuleTrigger extends RuleCondition {
  readonly kind: 'event-rule';
  readonly functionId: string;
  readonly bus: string;
  /** The rule's name. */
  readonly rule: string;
  readonly target: Omit<EventTarget, 'arn'>;
  readonly enabled: boolean;
  readonly place?: Place;
}

/** A rule with what is told of its events besides functions. */
export interface EventRuleResource extends RuleCondition {
  readonly kind: 'event-rule';
  readonly name: string;
  readonly bus: string;
  readonly description?: string;
  readonly enabled: boolean;
  readonly targets: readonly EventTarget[];
  readonly place?: Place;
}

export interface EventBusResource {
  readonly kind: 'event-bus';
  /** What the project file calls it: its logical id or key. */
  readonly id?: string;
  readonly name: string;
  readonly description?: string;
  readonly deadLetterArn?: string;
  readonly place?: Place;
}

export interface EventArchiveResource {
  readonly kind: 'event-archive';
  readonly name: string;
  readonly busArn: string;
  /** JSON text; absent = all events. */
  readonly pattern?: string;
  /** Absent = they are kept for good. */
  readonly retentionDays?: number;
  readonly description?: string;
  readonly place?: Place;
}

/** How an API destination makes itself known. */
export interface EventConnectionResource {
  readonly kind: 'event-connection';
  readonly name: string;
  /** With the opaque id the service adds to the name. */
  readonly arn: string;
  readonly authorizationType: string;
  /** As the service's API has them. */
  readonly authParameters: Readonly<Record<string, unknown>>;
  readonly description?: string;
  readonly place?: Place;
}

export interface ApiDestinationResource {
  readonly kind: 'api-destination';
  readonly name: string;
  /** With the opaque id the service adds to the name. */
  readonly arn: string;
  readonly connectionArn: string;
  readonly url: string;
  readonly method: string;
  readonly invocationsPerSecond?: number;
  readonly description?: string;
  readonly place?: Place;
}

export type EventBusResources =
  | EventBusResource
  | EventRuleResource
  | EventArchiveResource
  | EventConnectionResource
  | ApiDestinationResource;
