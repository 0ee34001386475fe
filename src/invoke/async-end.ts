/** What destinations and dead-letter queues are told of an asynchronous event that has come to its end. Pure. */
import type { DeliverRequest, ServiceMessage } from '../model/emulator.ts';
import { errorPayload } from '../model/error-payload.ts';
import type { AsyncEndCondition, FunctionError, Outcome, TraceContext } from '../model/invocation.ts';
import type { FunctionSpec } from '../model/project.ts';
import { platformErrorOf } from './platform-log.ts';

export interface AsyncEnd {
  readonly fn: FunctionSpec;
  readonly request: DeliverRequest & { readonly requestId: string };
  readonly condition: AsyncEndCondition;
  /** How often the function ran. */
  readonly invokeCount: number;
  /** Of the last attempt; undefined when there was no answer at all. */
  readonly outcome: Outcome | undefined;
  /** Span of the last attempt. */
  readonly span: TraceContext;
  /** Epoch ms. */
  readonly at: number;
}

/** The service keeps as much of an error message in a dead-letter queue. */
const MAX_ERROR_MESSAGE_BYTES = 1024;

/** JSON text; event and answer stand in it as they are. Source: "Capturing records of Lambda asynchronous invocations", version 1.0. */
export function destinationRecord(end: AsyncEnd): string {
  const { fn, request, condition, invokeCount } = end;
  const requestContext = {
    requestId: request.requestId,
    functionArn: qualifiedArn(fn),
    condition,
    approximateInvokeCount: invokeCount,
  };
  const parts = [
    '"version":"1.0"',
    `"timestamp":"${new Date(end.at).toISOString()}"`,
    `"requestContext":${JSON.stringify(requestContext)}`,
    `"requestPayload":${request.event}`,
    ...responseParts(end),
  ];
  return `{${parts.join(',')}}`;
}

/** That of a version names it already. */
export function qualifiedArn({ arn, version }: FunctionSpec): string {
  return version === undefined ? `${arn}:$LATEST` : arn;
}

/** Nothing where the function did not run. */
function responseParts({ fn, outcome, request }: AsyncEnd): string[] {
  const executed = { statusCode: 200, executedVersion: fn.version ?? '$LATEST' };
  if (outcome?.status === 'ok')
    return [`"responseContext":${JSON.stringify(executed)}`, `"responsePayload":${outcome.payload}`];
  const error = outcome && errorOf(outcome, request.requestId);
  if (!error) return [];
  return [
    `"responseContext":${JSON.stringify({ ...executed, functionError: 'Unhandled' })}`,
    `"responsePayload":${errorPayload(error)}`,
  ];
}

function errorOf(outcome: Outcome, requestId: string): FunctionError | undefined {
  if (outcome.status === 'error') return outcome.error;
  const error = platformErrorOf(outcome);
  return error && { ...error, errorMessage: `RequestId: ${requestId} Error: ${error.errorMessage}` };
}

/** The event itself, with what was wrong as attributes. Source: Lambda guide, "Dead-letter queues". */
export function deadLetter(end: AsyncEnd): Omit<ServiceMessage, 'arn'> {
  const { request, outcome, span } = end;
  const message = outcome ? errorMessageOf(outcome, request.requestId) : end.condition;
  return {
    body: request.event,
    attributes: {
      RequestID: { type: 'String', value: request.requestId },
      ErrorCode: { type: 'Number', value: String(outcome ? statusCodeOf(outcome) : 500) },
      ErrorMessage: { type: 'String', value: shortened(message) },
    },
    origin: span,
  };
}

function errorMessageOf(outcome: Outcome, requestId: string): string {
  if (outcome.status === 'throttled' || outcome.status === 'unavailable') return outcome.reason;
  return errorOf(outcome, requestId)?.errorMessage ?? '';
}

function statusCodeOf({ status }: Outcome): number {
  if (status === 'throttled') return 429;
  return status === 'unavailable' ? 502 : 200;
}

/** An attribute must not be empty, nor end within a character. */
function shortened(text: string): string {
  const bytes = Buffer.from(text === '' ? ' ' : text);
  if (bytes.length <= MAX_ERROR_MESSAGE_BYTES) return bytes.toString();
  let end = MAX_ERROR_MESSAGE_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString();
}
