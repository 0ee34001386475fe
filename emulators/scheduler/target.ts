/** The target of a schedule: what it is, and what the service refuses of it. */
import type { JsonObject, ServiceCalls } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { constraint, validation } from './errors.ts';
import { integer, neededText, structure, text } from './input.ts';

export interface Target {
  readonly arn: string;
  readonly input?: string;
  readonly deadLetterArn?: string;
  /** Defaults of the service: 185 retries, a day. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
  /** Of a queue. */
  readonly groupId?: string;
  /** Of an event bus. */
  readonly event?: { readonly source: string; readonly detailType: string };
  /** Of a stream. */
  readonly partitionKey?: string;
}

/** `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`. */
export interface UniversalTarget {
  readonly service: string;
  /** As the API has it: `SendMessage`. */
  readonly operation: string;
}

export function universalTarget(arn: string): UniversalTarget | undefined {
  const [, service, operation] = /^arn:[\w-]+:scheduler:::aws-sdk:([\w-]+):(\w+)$/.exec(arn) ?? [];
  if (service === undefined || operation === undefined) return undefined;
  return { service, operation: operation.charAt(0).toUpperCase() + operation.slice(1) };
}

/**
 * Operations that only look are no targets. Source: Scheduler User Guide, "Using universal targets": the prefixes of operation
 * names it lists as not supported.
 */
const LOOKS =
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|invokeModel)/i;

/** Source: API reference, Target. */
const MOST_INPUT_BYTES = 256 * 1024;

const ARN = /^arn:[\w-]+:[\w-]*:[\w-]*:[\w-]*:.+$/;

/** Throws what the service answers for a target it does not take. */
export function readTarget(written: JsonObject, services: ServiceCalls | undefined): Target {
  const at = 'target.';
  const arn = neededText(written, 'Arn', { longest: 1600 }, at);
  neededText(
    written,
    'RoleArn',
    { longest: 1600, pattern: /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/ },
    at,
  );
  if (!ARN.test(arn)) throw validation('Provided Arn is not in correct format.');
  const target = targetOf(arn, written);
  checkUniversal(target, services);
  checkKind(target);
  return target;
}

/** One that was read before, and lies in the store. */
export function storedTarget(written: JsonObject): Target {
  return targetOf(neededText(written, 'Arn'), written);
}

function targetOf(arn: string, written: JsonObject): Target {
  const retry = structure(written, 'RetryPolicy') ?? {};
  const at = 'target.retryPolicy.';
  const ageSeconds = integer(retry, 'MaximumEventAgeInSeconds', [60, 86_400], at) ?? 86_400;
  const deadLetterArn = text(
    structure(written, 'DeadLetterConfig') ?? {},
    'Arn',
    { longest: 1600 },
    'target.deadLetterConfig.',
  );
  const input = text(written, 'Input', {}, 'target.');
  if (input === '')
    throw constraint(input, 'target.input', 'Member must have length greater than or equal to 1');
  if (input !== undefined && Buffer.byteLength(input) > MOST_INPUT_BYTES)
    throw validation(`Input must be at most ${MOST_INPUT_BYTES} bytes, found ${Buffer.byteLength(input)}.`);
  if (deadLetterArn !== undefined && !/^arn:[\w-]+:sqs:[^:]*:\d{12}:[\w-]+$/.test(deadLetterArn))
    throw constraint(
      deadLetterArn,
      'target.deadLetterConfig.arn',
      'Member must satisfy regular expression pattern: ^arn:aws[a-z-]*:sqs:[a-z0-9\\-]+:\\d{12}:[a-zA-Z0-9\\-_]+$',
    );
  const groupId = text(structure(written, 'SqsParameters') ?? {}, 'MessageGroupId', { longest: 128 });
  const kinesis = structure(written, 'KinesisParameters');
  const event = structure(written, 'EventBridgeParameters');
  return {
    arn,
    maximumRetryAttempts: integer(retry, 'MaximumRetryAttempts', [0, 185], at) ?? 185,
    maximumEventAgeMs: ageSeconds * 1000,
    ...(input !== undefined && { input }),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
    ...(groupId !== undefined && { groupId }),
    ...(kinesis && {
      partitionKey: neededText(kinesis, 'PartitionKey', { longest: 256 }, 'target.kinesisParameters.'),
    }),
    ...(event && { event: eventOf(event) }),
  };
}

function eventOf(written: JsonObject): { source: string; detailType: string } {
  const at = 'target.eventBridgeParameters.';
  return {
    source: neededText(
      written,
      'Source',
      { longest: 256, pattern: /^(?=[/.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)$/ },
      at,
    ),
    detailType: neededText(written, 'DetailType', { longest: 128 }, at),
  };
}

function checkUniversal({ arn, input }: Target, services: ServiceCalls | undefined): void {
  if (!/^arn:[\w-]+:scheduler:/.test(arn)) return;
  const universal = universalTarget(arn);
  if (!universal) throw validation('Provided Arn is not in correct format.');
  const { service, operation } = universal;
  if (LOOKS.test(operation) || !services?.has(service, operation))
    throw validation(`${arn} is not a supported target: ${service}:${operation}`);
  if (input !== undefined && !isObject(parsed(input)))
    throw validation('Invalid RequestJson provided. Reason RequestJson must be a valid JSON object');
}

/** Targets that people know from rules, and what there is for them in schedules. */
function refuseTargetsOfRules(arn: string): void {
  if (/:events:[^:]*:\d*:api-destination\//.test(arn))
    throw validation(
      `${arn} is not a supported target: schedules cannot call API destinations. Let the schedule put an event on a bus, and a rule of the bus call it.`,
    );
  if (arn.split(':')[2] === 'execute-api')
    throw validation(
      `${arn} is not a supported target: schedules cannot call REST APIs. Let the schedule put an event on a bus, and a rule of the bus call it.`,
    );
  if (arn.split(':')[2] === 'logs')
    throw validation(
      `${arn} is not a supported target: schedules write to log groups by the universal target arn:aws:scheduler:::aws-sdk:cloudwatchlogs:putLogEvents.`,
    );
}

/** What each templated target needs. */
function checkKind({ arn, input, groupId, event, partitionKey }: Target): void {
  refuseTargetsOfRules(arn);
  const service = arn.split(':')[2];
  if (service === 'sqs' && arn.endsWith('.fifo') && groupId === undefined)
    throw validation('MessageGroupId must be provided for a FIFO queue target.');
  if (service === 'sqs' && !arn.endsWith('.fifo') && groupId !== undefined)
    throw validation('MessageGroupId can only be provided for a FIFO queue target.');
  if (service === 'kinesis' && partitionKey === undefined)
    throw validation('KinesisParameters must be provided for a Kinesis target.');
  if (service !== 'events') {
    if ((service === 'lambda' || service === 'states') && input !== undefined && parsed(input) === undefined)
      throw validation('Input must be valid JSON for this target.');
    return;
  }
  if (!event) throw validation('EventBridgeParameters must be provided for an EventBridge target.');
  if (input !== undefined && !isObject(parsed(input)))
    throw validation('Input must be a valid JSON object for this target.');
}

/** A text with context attributes is JSON when they stand in strings, which they must. */
function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
