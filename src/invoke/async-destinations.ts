/** Hands on what came of an asynchronous event: to the function's destinations and its dead-letter queue. */
import type { DeliverRequest, EmulatorContext } from '../model/emulator.ts';
import { failureObjectKey, isBucketArn } from '../model/failure-object.ts';
import type { FunctionSpec } from '../model/project.ts';
import { type AsyncEnd, deadLetter, destinationRecord, qualifiedArn } from './async-end.ts';

export interface DestinationOptions {
  readonly functions: () => readonly FunctionSpec[];
  readonly send: NonNullable<EmulatorContext['send']>;
  readonly enqueue: (request: DeliverRequest) => void;
  /** Told of a destination that is not there. */
  readonly notice: (message: string) => void;
  readonly uuid: () => string;
}

/** Stores at each place that is to be told, and answers their names; empty where nobody is. */
export function handOn(end: AsyncEnd, options: DestinationOptions): string[] {
  const { onSuccessArn, onFailureArn, deadLetterArn } = end.fn.asyncEvents ?? {};
  const isSuccess = end.condition === 'Success';
  const destination = isSuccess ? onSuccessArn : onFailureArn;
  const told: string[] = [];
  if (destination !== undefined && tell(destination, end, options)) told.push(nameOf(destination));
  if (isSuccess || deadLetterArn === undefined) return told;
  if (options.send({ arn: deadLetterArn, ...deadLetter(end) })) told.push(nameOf(deadLetterArn));
  else missing(deadLetterArn, end, options);
  return told;
}

function tell(arn: string, end: AsyncEnd, options: DestinationOptions): boolean {
  const body = destinationRecord(end);
  const functions = options.functions();
  // Versions and aliases that are not known here mean the code there is.
  const target =
    functions.find((fn) => arn === fn.arn) ?? functions.find((fn) => arn.startsWith(`${fn.arn}:`));
  if (target) {
    const cause = { kind: 'destination', of: end.fn.id, condition: end.condition } as const;
    options.enqueue({ functionId: target.id, event: body, cause, origin: end.span });
    return true;
  }
  const event = arn.includes(':event-bus/') ? { event: eventOf(arn, end) } : {};
  const object = isBucketArn(arn) ? { key: keyOf(end, options) } : {};
  if (options.send({ arn, body, origin: end.span, ...event, ...object })) return true;
  missing(arn, end, options);
  return false;
}

function keyOf({ fn, at }: AsyncEnd, { uuid }: DestinationOptions): string {
  return failureObjectKey(`async/${fn.name}`, at, uuid());
}

/** Source: Lambda guide, "Capturing records of Lambda asynchronous invocations": destinations that are event buses. */
function eventOf(arn: string, { fn, condition }: AsyncEnd) {
  return {
    source: 'lambda',
    detailType: `Lambda Function Invocation Result - ${condition === 'Success' ? 'Success' : 'Failure'}`,
    resources: [arn, qualifiedArn(fn)],
  };
}

function missing(arn: string, { fn, request }: AsyncEnd, { notice }: DestinationOptions): void {
  notice(
    `${fn.id}: there is no ${arn} here to be told how an asynchronous event ended (request ${request.requestId})`,
  );
}

function nameOf(arn: string): string {
  return arn.split(':').at(5 + Number(arn.split(':')[2] === 'lambda')) ?? arn;
}
