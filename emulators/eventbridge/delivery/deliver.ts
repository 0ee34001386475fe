/** Hands an event to one target, each service in its way, and to the dead-letter queue where that cannot be done. */
import type { EmulatorContext, JsonObject, ServiceMessage } from '../../../src/model/emulator.ts';
import type { RoutedEvent, RouteFault } from '../../../src/model/faults.ts';
import { isObject } from '../../../src/model/json.ts';
import { serviceOf } from '../arns.ts';
import type { BusEvent } from '../event.ts';
import { valueAt } from '../json-path.ts';
import type { RuleRecord } from '../store.ts';
import { inputFor } from '../transform.ts';

export interface Delivery {
  readonly rule: RuleRecord;
  readonly target: JsonObject;
  readonly event: BusEvent;
}

export interface DeliveryFailure {
  /** `NO_RESOURCE`, `ERROR_FROM_TARGET`, … Source: user guide, "Using dead-letter queues to process undelivered events". */
  readonly code: string;
  readonly message: string;
  /** Absent = it was not tried again. */
  readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
  readonly retries?: number;
}

export interface Deliveries {
  /** The event is stored where the target finds it, or whence it is sent on, when this returns. */
  deliver(delivery: Delivery): void;
  /** Now, to a target that is no endpoint elsewhere. */
  hand(delivery: Delivery, body: string): void;
  /** What was called has answered as it should; as `BusFaults.delivered`. */
  delivered(delivery: Delivery, answer?: 'lost'): void;
  giveUp(delivery: Delivery, failure: DeliveryFailure): void;
}

/** `fault`: what a simulator wants. */
export type Keep = (delivery: Delivery, body: string, fault?: Omit<RouteFault, 'copyAfterMs'>) => void;

export interface DeliveriesOptions {
  readonly context: Pick<EmulatorContext, 'send' | 'enqueue' | 'functions' | 'notice' | 'faults'>;
  /** Keeps what a simulator wants to come late, or after tries that fail; to be handed over by `hand`. */
  readonly keep: Keep | undefined;
  /** Calls an API destination or a REST API. */
  readonly toDestination: Keep;
}

/** API destinations and methods of REST APIs. */
function isCalled(service: string, arn: string): boolean {
  return service === 'execute-api' || (service === 'events' && arn.includes(':api-destination/'));
}

/** Services whose resources take what `send` gives them. */
const SENT: ReadonlySet<string> = new Set(['sqs', 'sns', 'kinesis', 'firehose', 'logs']);

export function makeDeliveries({ context, keep, toDestination }: DeliveriesOptions): Deliveries {
  const { notice } = context;
  const faults = context.faults?.buses;
  const send = (message: ServiceMessage) => context.send?.(message) ?? false;
  const warned = new Set<string>();

  const giveUp = ({ rule, target, event }: Delivery, failure: DeliveryFailure) => {
    const arn = String(target.Arn);
    const { DeadLetterConfig: config } = target;
    const deadLetterArn = isObject(config) && typeof config.Arn === 'string' ? config.Arn : undefined;
    const from = `${rule.name} → ${shortName(arn)}`;
    const message =
      deadLetterArn === undefined ? undefined : deadLetter(deadLetterArn, rule, arn, event, failure);
    const told = message && send(message);
    faults?.givenUp(routed({ rule, target, event }), {
      ...{ reason: failure.exhausted ?? failure.code, retries: failure.retries ?? 0, told },
    });
    if (message && told)
      return notice(`${from}: ${failure.message} The event went to ${shortName(message.arn)}`);
    const why = deadLetterArn === undefined ? '' : `: there is no ${deadLetterArn}`;
    notice(`${from}: ${failure.message} The event was dropped${why}`);
  };

  const toFunction = (delivery: Delivery, body: string) => {
    const { rule, target, event } = delivery;
    const arn = String(target.Arn);
    // A qualified ARN names a version or an alias of the function.
    const fn = context.functions().find((one) => arn === one.arn || arn.startsWith(`${one.arn}:`));
    if (!fn) return giveUp(delivery, noResource('There is no such function in this project.'));
    context.enqueue({
      functionId: fn.id,
      event: body,
      cause: { kind: 'event-rule', bus: rule.bus, rule: rule.name, eventId: event.id },
      ...(event.origin && { origin: event.origin }),
      ...(arn !== fn.arn && { invokedArn: arn }),
    });
    faults?.delivered(routed(delivery));
  };

  const toService = (delivery: Delivery, body: string) => {
    const { target, event } = delivery;
    const message = {
      arn: String(target.Arn),
      body,
      ...parametersOf(target, event),
      ...(event.origin && { origin: event.origin }),
    };
    if (send(message)) faults?.delivered(routed(delivery));
    else
      giveUp(delivery, noResource(`Nothing here answers to ${message.arn}, or it does not take this event.`));
  };

  const hand = (delivery: Delivery, body: string) =>
    serviceOf(String(delivery.target.Arn)) === 'lambda'
      ? toFunction(delivery, body)
      : toService(delivery, body);

  const handOrKeep = (delivery: Delivery, body: string) => {
    const fault = faults?.routing(routed(delivery));
    if (fault && keep) keepTwice(keep, delivery, body, fault);
    else hand(delivery, body);
  };

  const call = (delivery: Delivery, body: string) => {
    const fault = faults?.routing({ ...routed(delivery), isCalled: true });
    if (fault) keepTwice(toDestination, delivery, body, fault);
    else toDestination(delivery, body);
  };

  return {
    giveUp,
    hand,
    delivered: (delivery, answer) => faults?.delivered(routed(delivery), answer),
    deliver(delivery) {
      const { rule, target, event } = delivery;
      const arn = String(target.Arn);
      const service = serviceOf(arn) ?? '';
      const body = inputFor(target, event, rule);
      if (body === undefined) return giveUp(delivery, NO_JSON);
      if (service === 'lambda' || SENT.has(service)) return handOrKeep(delivery, body);
      if (isCalled(service, arn)) return call(delivery, body);
      if (warned.has(arn)) return;
      warned.add(arn);
      notice(
        `${rule.name} → ${shortName(arn)}: targets of "${service}" are not emulated; their events are dropped`,
      );
    },
  };
}

function keepTwice(keep: Keep, delivery: Delivery, body: string, fault: RouteFault): void {
  const { copyAfterMs, ...settings } = fault;
  keep(delivery, body, settings);
  if (copyAfterMs !== undefined) keep(delivery, body, { delayMs: copyAfterMs });
}

function routed({ rule, target, event }: Delivery): RoutedEvent {
  const { id, origin } = event;
  return { bus: rule.bus, rule: rule.name, targetId: String(target.Id), eventId: id, origin };
}

const NO_JSON: DeliveryFailure = {
  code: 'INVALID_JSON',
  message: 'What its input transformer made of the event is no JSON: maps and lists stand outside of quotes.',
};

function noResource(message: string): DeliveryFailure {
  return { code: 'NO_RESOURCE', message };
}

function parametersOf({ SqsParameters: sqs, KinesisParameters: kinesis }: JsonObject, event: BusEvent) {
  const groupId = isObject(sqs) && typeof sqs.MessageGroupId === 'string' ? sqs.MessageGroupId : undefined;
  const path =
    isObject(kinesis) && typeof kinesis.PartitionKeyPath === 'string' ? kinesis.PartitionKeyPath : undefined;
  const key = path === undefined ? undefined : valueAt(event.json, path);
  return {
    ...(groupId !== undefined && { groupId }),
    partitionKey: typeof key === 'string' ? key : key === undefined ? event.id : JSON.stringify(key),
  };
}

/** The event as it was, with what became of it as attributes. */
function deadLetter(
  arn: string,
  rule: RuleRecord,
  targetArn: string,
  event: BusEvent,
  { code, message, exhausted, retries = 0 }: DeliveryFailure,
): ServiceMessage {
  const text = (value: string) => ({ type: 'String', value });
  return {
    arn,
    body: event.text,
    attributes: {
      RULE_ARN: text(rule.arn),
      TARGET_ARN: text(targetArn),
      ERROR_CODE: text(code),
      ERROR_MESSAGE: text(message),
      ...(exhausted && { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
      RETRY_ATTEMPTS: { type: 'Number', value: String(retries) },
    },
    ...(event.origin && { origin: event.origin }),
  };
}

function shortName(arn: string): string {
  return arn.split(':').slice(5).join(':') || arn;
}
