/** Puts a simulator's events into a session, as a client would: through the AWS endpoint and the HTTP front door. */
import { request } from 'node:http';
import type { ChaosEvent } from '../chaos/events.ts';
import type { JsonObject, JsonValue } from '../model/emulator.ts';
import type { Project } from '../model/project.ts';
import { SlsError } from '../std/errors.ts';
import { cloudName, type NamedKind } from './resource-names.ts';

export interface Sender {
  /** Settles when the service has taken it; of an HTTP request, when it is answered. Rejects with `SlsError` `event-refused`. */
  send(event: ChaosEvent, number: number, traceId: string): Promise<void>;
  /** Messages in a queue, visible or not; undefined = there is no such queue. */
  countOf(queue: string): Promise<number | undefined>;
}

export interface SenderOptions {
  readonly aws: string;
  readonly http: string | null;
  readonly project: Project;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

export function makeSender({ aws, http, project }: SenderOptions): Sender {
  const { accountId, region } = project;
  const queueUrl = (queue: string) => `${aws}/${accountId}/${queue}`;
  const json = (target: string, body: JsonObject, trace?: string) =>
    exchange(`${aws}/`, 'POST', JSON.stringify(body), {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      ...(trace !== undefined && { 'x-amzn-trace-id': trace }),
    });

  const put = (written: ChaosEvent, number: number, trace: string): Promise<Answer> => {
    const event = withCloudName(written, project);
    if ('queue' in event)
      return json(
        'AmazonSQS.SendMessage',
        {
          QueueUrl: queueUrl(event.queue),
          MessageBody: textOf(event.body),
          ...(event.queue.endsWith('.fifo') && {
            MessageGroupId: event.groupId ?? 'chaos',
            MessageDeduplicationId: event.deduplicationId ?? `chaos-${number}`,
          }),
        },
        trace,
      );
    if ('topic' in event) {
      const isFifo = event.topic.endsWith('.fifo');
      const form = new URLSearchParams({
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: `arn:aws:sns:${region}:${accountId}:${event.topic}`,
        Message: textOf(event.message),
        ...(event.subject !== undefined && { Subject: event.subject }),
        ...(isFifo && {
          MessageGroupId: event.groupId ?? 'chaos',
          MessageDeduplicationId: event.deduplicationId ?? `chaos-${number}`,
        }),
      });
      return exchange(`${aws}/`, 'POST', form.toString(), {
        'content-type': 'application/x-www-form-urlencoded',
        'x-amzn-trace-id': trace,
      });
    }
    if ('http' in event) {
      if (http === null)
        throw new SlsError('event-refused', 'the project has no HTTP trigger to send a request to');
      const { method = 'GET', path, body, headers } = event.http;
      return exchange(`${http}${path}`, method, body === undefined ? '' : textOf(body), {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        'x-amzn-trace-id': trace,
      });
    }
    if ('table' in event)
      return json('DynamoDB_20120810.PutItem', { TableName: event.table, Item: typedMap(event.item) }, trace);
    if ('bucket' in event)
      return exchange(`${aws}/${event.bucket}/${encodeURI(event.key)}`, 'PUT', textOf(event.body ?? ''), {
        'x-amzn-trace-id': trace,
      });
    if ('bus' in event)
      return json(
        'AWSEvents.PutEvents',
        {
          Entries: [
            {
              EventBusName: event.bus,
              Source: event.source ?? 'chaos',
              DetailType: event.detailType ?? 'chaos',
              Detail: JSON.stringify(event.detail),
              ...(event.resources && { Resources: [...event.resources] }),
            },
          ],
        },
        trace,
      );
    if ('stream' in event)
      return json(
        'Kinesis_20131202.PutRecord',
        {
          StreamName: event.stream,
          Data: Buffer.from(textOf(event.data)).toString('base64'),
          PartitionKey: event.key ?? 'chaos',
        },
        trace,
      );
    const fn = project.functions.find(({ id, name }) => id === event.function || name === event.function);
    if (!fn)
      throw new SlsError('event-refused', `the project has no function "${event.function}"`, {
        hint: `there are ${project.functions.map(({ id }) => id).join(', ')}`,
      });
    return exchange(
      `${aws}/2015-03-31/functions/${fn.name}/invocations`,
      'POST',
      JSON.stringify(event.event ?? {}),
      { 'x-amz-invocation-type': 'Event', 'x-amzn-trace-id': trace },
    );
  };

  return {
    async send(event, number, traceId) {
      const { status, text } = await put(event, number, `Root=${traceId};Parent=${PARENT};Sampled=1`);
      // What a function answers is its own business.
      if ('http' in event || (status < 400 && !isRefusedEntry(text))) return;
      throw new SlsError(
        'event-refused',
        `event ${number} was refused: ${text.slice(0, 300)} (${JSON.stringify(event).slice(0, 120)})`,
      );
    },
    async countOf(queue) {
      const { status, text } = await json('AmazonSQS.GetQueueAttributes', {
        QueueUrl: queueUrl(queue),
        AttributeNames: ['All'],
      });
      if (status >= 400) return undefined;
      const { Attributes: found = {} } = JSON.parse(text) as { Attributes?: Record<string, string> };
      return ['', 'NotVisible', 'Delayed'].reduce(
        (sum, kind) => sum + Number(found[`ApproximateNumberOfMessages${kind}`] ?? 0),
        0,
      );
    },
  };
}

/** What a project file calls its resources is understood too. */
function withCloudName(event: ChaosEvent, project: Project): ChaosEvent {
  const called = (kind: NamedKind, name: string) => ({ [kind]: cloudName(project, kind, name) ?? name });
  if ('queue' in event) return { ...event, ...called('queue', event.queue) };
  if ('topic' in event) return { ...event, ...called('topic', event.topic) };
  if ('table' in event) return { ...event, ...called('table', event.table) };
  if ('bucket' in event) return { ...event, ...called('bucket', event.bucket) };
  if ('stream' in event) return { ...event, ...called('stream', event.stream) };
  return 'bus' in event ? { ...event, bus: busFor(event.bus, project) } : event;
}

/** A bus that does not exist takes every event, and it is lost. */
function busFor(called: string, project: Project): string {
  const name = called === 'default' ? called : cloudName(project, 'bus', called);
  if (name !== undefined) return name;
  const known = project.resources.flatMap((one) => (one.kind === 'event-bus' ? (one.id ?? one.name) : []));
  throw new SlsError('event-refused', `the project has no event bus "${called}"`, {
    hint: `there are ${['default', ...known].join(', ')}`,
  });
}

/** PutEvents says so of each entry, in an answer that is none. */
function isRefusedEntry(text: string): boolean {
  return text.startsWith('{') && /"FailedEntryCount":[1-9]/.test(text);
}

const PARENT = '53995c3f42cd8ad8';

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function typedMap(item: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, typed(value)]));
}

function typed(value: JsonValue): JsonObject {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return Array.isArray(value) ? { L: value.map(typed) } : { M: typedMap(value) };
}

function exchange(
  url: string,
  method: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const sent = request(
      url,
      { method, headers: { ...headers, 'content-length': bytes.length } },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}
