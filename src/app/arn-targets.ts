/** Hands something to what an ARN names, by the API call the service would make. */
import { ServiceError } from '../../emulators/_wire/service-error.ts';
import type { EmulatorContext, JsonObject, ServiceCall, TargetCall } from '../model/emulator.ts';

export type FunctionDoor = Pick<EmulatorContext, 'enqueue' | 'functions' | 'clock'>;
type Call = (call: ServiceCall) => Promise<JsonObject>;
type Made = Pick<ServiceCall, 'service' | 'operation' | 'input'>;

/** Rejects with `ServiceError`. */
export async function deliverToArn(
  target: TargetCall,
  door: FunctionDoor,
  call: Call,
): Promise<{ readonly requestId?: string }> {
  const [, , service = '', , accountId = '', ...rest] = target.arn.split(':');
  if (service === 'lambda') return toFunction(target, door);
  const made = callFor(service, accountId, rest.join(':'), target, door.clock.now());
  if (!made) throw notATarget(target.arn);
  refuseFailures(await call({ ...made, origin: target.origin }));
  return {};
}

function toFunction({ arn, body, cause, origin }: TargetCall, { functions, enqueue }: FunctionDoor) {
  // A qualified ARN names a version or an alias.
  const all = functions();
  const fn = all.find((one) => one.arn === arn) ?? all.find((one) => arn.startsWith(`${one.arn}:`));
  if (!fn) throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, { status: 404 });
  const invokedArn = arn === fn.arn ? {} : { invokedArn: arn };
  return enqueue({ functionId: fn.id, event: body, cause, origin, ...invokedArn });
}

/** Undefined for a service that is no target here. */
function callFor(
  service: string,
  accountId: string,
  resource: string,
  target: TargetCall,
  now: number,
): Made | undefined {
  const { arn, body, groupId, deduplicationId, partitionKey = '', event } = target;
  const group = {
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
  };
  const name = resource.slice(resource.indexOf('/') + 1);
  switch (service) {
    case 'sqs': {
      const url = `http://127.0.0.1/${accountId}/${resource}`;
      return { service, operation: 'SendMessage', input: { QueueUrl: url, MessageBody: body, ...group } };
    }
    case 'sns':
      return { service, operation: 'Publish', input: { TopicArn: arn, Message: body, ...group } };
    case 'events':
      // API destinations are of the same service.
      if (!resource.startsWith('event-bus/')) return undefined;
      return { service, operation: 'PutEvents', input: { Entries: [entryOf(arn, body, event)] } };
    case 'kinesis': {
      const stream = { StreamName: name, StreamARN: arn };
      return {
        service,
        operation: 'PutRecord',
        input: { ...stream, PartitionKey: partitionKey, Data: base64(body) },
      };
    }
    case 'firehose': {
      const input = { DeliveryStreamName: name, Record: { Data: base64(body) } };
      return { service, operation: 'PutRecord', input };
    }
    case 'states':
      return { service, operation: 'StartExecution', input: { stateMachineArn: arn, input: body } };
    case 'logs':
      return { service, operation: 'PutLogEvents', input: logInput(resource, target, now) };
    default:
      return undefined;
  }
}

function entryOf(arn: string, body: string, event: TargetCall['event']): JsonObject {
  return {
    EventBusName: arn,
    Source: event?.source ?? '',
    DetailType: event?.detailType ?? '',
    Detail: body,
    ...(event?.resources && { Resources: [...event.resources] }),
    ...(event?.time !== undefined && { Time: event.time }),
  };
}

function logInput(resource: string, { body, log }: TargetCall, now: number): JsonObject {
  return {
    logGroupName: resource.replace(/^log-group:/, '').replace(/:\*$/, ''),
    logStreamName: log?.stream ?? 'default',
    logEvents: [{ timestamp: log?.timestamp ?? Math.floor(now), message: body }],
  };
}

/** PutEvents tells of what it refuses in an answer of success. */
function refuseFailures({ Entries: entries }: JsonObject): void {
  if (!Array.isArray(entries)) return;
  for (const entry of entries) {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) continue;
    const { ErrorCode: code, ErrorMessage: message } = entry;
    if (typeof code === 'string') throw new ServiceError(code, typeof message === 'string' ? message : code);
  }
}

function notATarget(arn: string): ServiceError {
  return new ServiceError('ServiceNotEmulated', `sls-local cannot deliver to ${arn}`, { status: 501 });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
