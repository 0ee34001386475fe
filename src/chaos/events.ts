/** The events a run puts in, and how they are read from a file of JSON lines. */
import { isRecord, type JsonObject, type JsonValue } from '../model/json.ts';
import { messageOf, SlsError } from '../std/errors.ts';

export type ChaosEvent =
  | {
      /** Name of the queue. */
      readonly queue: string;
      /** What is no text is sent as JSON. */
      readonly body: JsonValue;
      /** FIFO queues; absent = `chaos`. */
      readonly groupId?: string;
      /** FIFO queues; absent = one of its own. */
      readonly deduplicationId?: string;
    }
  | {
      readonly topic: string;
      readonly message: JsonValue;
      readonly subject?: string;
      readonly groupId?: string;
      readonly deduplicationId?: string;
    }
  | {
      readonly http: {
        readonly method?: string;
        readonly path: string;
        readonly body?: JsonValue;
        readonly headers?: Readonly<Record<string, string>>;
      };
    }
  /** Name of the function as people type it; invoked asynchronously. */
  | { readonly function: string; readonly event?: JsonValue }
  /** Plain JSON; written with PutItem. */
  | { readonly table: string; readonly item: JsonObject }
  | { readonly bucket: string; readonly key: string; readonly body?: JsonValue }
  | {
      /** Name of the event bus. */
      readonly bus: string;
      readonly detail: JsonValue;
      /** Absent = `chaos`. */
      readonly source?: string;
      /** Absent = `chaos`. */
      readonly detailType?: string;
      /** ARNs. */
      readonly resources?: readonly string[];
    }
  | {
      /** Name of the Kinesis stream. */
      readonly stream: string;
      /** What is no text is sent as JSON. */
      readonly data: JsonValue;
      /** Partition key; absent = `chaos`. */
      readonly key?: string;
    };

/** An event and its number, which it keeps when others are left out. */
export interface NumberedEvent {
  /** From 1. */
  readonly number: number;
  readonly event: ChaosEvent;
}

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  queue: ['body'],
  topic: ['message'],
  http: [],
  function: [],
  table: ['item'],
  bucket: ['key'],
  bus: ['detail'],
  stream: ['data'],
};

/** Throws `SlsError` `bad-event` with file and line. */
export function readEvents(text: string, file: string): readonly ChaosEvent[] {
  const events = text
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [readEvent(line, file, at + 1)]));
  if (events.length > 0) return events;
  throw new SlsError('bad-event', 'there is no event in the file', { file, hint: EXAMPLE });
}

const EXAMPLE = 'one JSON object a line, for example {"queue":"orders","body":{"id":"1"}}';

function readEvent(line: string, file: string, at: number): ChaosEvent {
  const refuse = (reason: string) => new SlsError('bad-event', reason, { file, line: at, hint: EXAMPLE });
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (failure) {
    throw refuse(`the event is not JSON: ${messageOf(failure)}`);
  }
  if (!isRecord(event)) throw refuse(`expected a JSON object, found ${line.trim().slice(0, 60)}`);
  const kind = Object.keys(NEEDED).find((one) => Object.hasOwn(event as object, one));
  if (kind === undefined)
    throw refuse(`the event names no source: expected one of ${Object.keys(NEEDED).join(', ')}`);
  for (const field of NEEDED[kind] ?? [])
    if (event[field] === undefined) throw refuse(`an event for a ${kind} needs "${field}"`);
  if (kind === 'http') {
    if (!isRecord(event.http) || typeof event.http.path !== 'string' || !event.http.path.startsWith('/'))
      throw refuse('"http" needs a "path" that begins with a slash');
  } else if (typeof event[kind] !== 'string') throw refuse(`"${kind}" must be a name`);
  if (kind === 'table' && !isRecord(event.item)) throw refuse('"item" must be a JSON object');
  return event as unknown as ChaosEvent;
}
