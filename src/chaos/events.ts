/** The events a run puts in: read from a file of JSON lines, or made for what the project's functions wait for. */
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Project, TableResource, Trigger } from '../model/project.ts';
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
  | { readonly bucket: string; readonly key: string; readonly body?: JsonValue };

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
  if (!isObject(event)) throw refuse(`expected a JSON object, found ${line.trim().slice(0, 60)}`);
  const kind = Object.keys(NEEDED).find((one) => Object.hasOwn(event as object, one));
  if (kind === undefined)
    throw refuse(`the event names no source: expected one of ${Object.keys(NEEDED).join(', ')}`);
  for (const field of NEEDED[kind] ?? [])
    if (event[field] === undefined) throw refuse(`an event for a ${kind} needs "${field}"`);
  if (kind === 'http') {
    if (!isObject(event.http) || typeof event.http.path !== 'string' || !event.http.path.startsWith('/'))
      throw refuse('"http" needs a "path" that begins with a slash');
  } else if (typeof event[kind] !== 'string') throw refuse(`"${kind}" must be a name`);
  if (kind === 'table' && !isObject(event.item)) throw refuse('"item" must be a JSON object');
  return event as unknown as ChaosEvent;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `count` events for all that triggers functions of the project, in turn. Throws `SlsError` `no-event-source`. */
export function makeEvents(project: Project, count: number): readonly ChaosEvent[] {
  const makers = project.triggers.flatMap((trigger) => makerFor(trigger, project) ?? []);
  const plain = project.functions.map(
    ({ id }) =>
      (n: number): ChaosEvent => ({ function: id, event: { id: `event-${n}` } }),
  );
  const used = makers.length > 0 ? makers : plain;
  if (used.length === 0)
    throw new SlsError('no-event-source', 'the project has no function to send events to');
  return Array.from({ length: count }, (_, at) => {
    const make = used[at % used.length];
    if (!make) throw new SlsError('no-event-source', 'the project has no function to send events to');
    return make(at + 1);
  });
}

type Maker = (n: number) => ChaosEvent;

const GROUPS = 3;
const groupOf = (n: number) => `group-${n % GROUPS}`;

function makerFor(trigger: Trigger, project: Project): Maker | undefined {
  switch (trigger.kind) {
    case 'queue': {
      const queue = lastPart(trigger.queueArn);
      return (n) => ({
        queue,
        body: { id: `event-${n}` },
        ...(queue.endsWith('.fifo') && { groupId: groupOf(n) }),
      });
    }
    case 'topic': {
      const topic = lastPart(trigger.topicArn);
      return (n) => ({
        topic,
        message: { id: `event-${n}` },
        ...(topic.endsWith('.fifo') && { groupId: groupOf(n) }),
      });
    }
    case 'table-stream': {
      const name = /:table\/([^/]+)\//.exec(trigger.streamArn)?.[1];
      const table = project.resources.find(
        (one): one is TableResource => one.kind === 'table' && one.name === name,
      );
      return table && ((n) => ({ table: table.name, item: makeItem(table, n) }));
    }
    case 'bucket':
      return (n) => ({
        bucket: trigger.bucket,
        key: `${trigger.prefix ?? ''}event-${n}${trigger.suffix ?? ''}`,
        body: { id: `event-${n}` },
      });
    case 'http-api':
    case 'rest-api': {
      const method = trigger.method === 'ANY' ? 'POST' : trigger.method;
      const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'DELETE';
      const path = trigger.path === '$default' ? '/' : trigger.path;
      return (n) => ({
        http: {
          method,
          path: path.replace(/\{[^}]+\}/g, `event-${n}`),
          ...(hasBody && { body: { id: `event-${n}` } }),
        },
      });
    }
    case 'schedule':
      return (n) => ({ function: trigger.functionId, event: { id: `event-${n}`, source: 'aws.events' } });
    default:
      return undefined;
  }
}

/** Items change again and again: their order matters. */
function makeItem(table: TableResource, n: number): JsonObject {
  const keys = [table.key.hash, ...(table.key.range === undefined ? [] : [table.key.range])];
  const values = keys.map((name) => [
    name,
    table.attributes[name] === 'N' ? n % GROUPS : `item-${n % GROUPS}`,
  ]);
  return { ...Object.fromEntries(values), version: n };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
