/** Runs one operation of a JSON API inside its trace span; every protocol that reaches such an API ends here. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Ids } from '../../src/model/platform.ts';
import type {
  EventStreamOperation,
  JsonApi,
  Operation,
  TextOperation,
  WriteEvent,
} from '../../src/model/service-api.ts';
import type { CallStart, CallTracer } from '../../src/model/tracing.ts';
import { asServiceError, type OnBug } from './failures.ts';
import type { ServiceError } from './service-error.ts';
import { type Exchange, type Place, WireCall } from './wire-call.ts';

export interface Services {
  readonly tracer: CallTracer;
  readonly place: Place;
  readonly ids: Ids;
  readonly onBug: OnBug;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What identifies the caller in a trace; one object per call, so optional members are only set when present. */
export function callStart(
  x: Exchange,
  service: string,
  operation: string,
  input: () => string,
): Mutable<CallStart> {
  const start: Mutable<CallStart> = { service, operation, input };
  const { headers } = x.req;
  const traceHeader = headers['x-amzn-trace-id'];
  if (typeof traceHeader === 'string') start.traceHeader = traceHeader;
  const traceparent = headers.traceparent;
  if (typeof traceparent === 'string') start.traceparent = traceparent;
  if (x.accessKeyId !== undefined) start.accessKeyId = x.accessKeyId;
  return start;
}

/** How one protocol writes results; each answers the text it wrote, for the trace. */
export interface Writer {
  output(output: JsonObject | undefined): () => string;
  /** Writes an output that is JSON text already. Absent = this protocol writes something else. */
  text?(text: string): () => string;
  /** Writes the head of an event stream, then what `write` hands over. Absent = this protocol has none. Never rejects. */
  events?(write: (event: WriteEvent) => Promise<void>): Promise<void>;
  failure(failure: ServiceError): () => string;
}

/** A promise only where the operation waits. */
export function perform(
  services: Services,
  x: Exchange,
  api: JsonApi,
  name: string,
  input: JsonObject,
  inputText: () => string,
  writer: Writer,
): Promise<void> | void {
  const start = callStart(x, api.service, name, inputText);
  const target = targetOf(api, input);
  if (target !== undefined) start.target = target;
  const open = services.tracer.begin(start);
  const call = new WireCall(x, services.place, api.service, name, open.origin);
  const fail = (thrown: unknown) => {
    const failure = asServiceError(thrown, call, services.onBug);
    open.end({ status: 'error', errorCode: failure.code, output: writer.failure(failure) });
  };
  const succeed = (output: JsonObject | undefined) => {
    const isEmpty = output === undefined && api.hasEmptyAnswers === true;
    const written = isEmpty && writer.text ? writer.text('') : writer.output(output);
    open.end({ status: 'ok', output: written });
  };
  const eventStream = api.eventStreams && eventStreamOf(api.eventStreams, name);
  if (eventStream && writer.events) {
    const { events } = writer;
    return performStreamed(eventStream, input, call, events).then(
      () => open.end({ status: 'ok', output: () => '' }),
      fail,
    );
  }
  try {
    const text = writer.text && textOperationOf(api, name)?.(input, call);
    if (writer.text && text !== undefined) {
      const write = writer.text;
      const succeedWith = (json: string) => open.end({ status: 'ok', output: write(json) });
      return typeof text === 'string' ? succeedWith(text) : text.then(succeedWith).catch(fail);
    }
    const output = operationOf(api, name)(input, call);
    if (!(output instanceof Promise)) return succeed(output);
    return output.then(succeed).catch(fail);
  } catch (thrown) {
    fail(thrown);
  }
}

async function performStreamed(
  operation: EventStreamOperation,
  input: JsonObject,
  call: WireCall,
  events: NonNullable<Writer['events']>,
): Promise<void> {
  await events(await operation(input, call));
}

function eventStreamOf(
  operations: NonNullable<JsonApi['eventStreams']>,
  name: string,
): EventStreamOperation | undefined {
  return Object.hasOwn(operations, name) ? operations[name] : undefined;
}

function textOperationOf({ texts }: JsonApi, name: string): TextOperation | undefined {
  return texts && Object.hasOwn(texts, name) ? texts[name] : undefined;
}

function operationOf(api: JsonApi, name: string): Operation {
  const operation = Object.hasOwn(api.operations, name) ? api.operations[name] : undefined;
  if (!operation) throw api.unknownOperation(name);
  return operation;
}

/** The input is not validated yet, so looking for its target may fail; the operation itself will say why. */
function targetOf(api: JsonApi, input: JsonObject): string | undefined {
  try {
    return api.targetOf?.(input);
  } catch {
    return undefined;
  }
}
