/** What a sample event is made from: ids, a time, a place, and what the person said about it. */
import { isRecord } from '../../model/json.ts';
import type { Ids } from '../../model/platform.ts';
import { SlsError } from '../../std/errors.ts';

/** Everything a source may be asked to vary, with what it is for; a source names those it takes. */
export const SAMPLE_OPTIONS = {
  body: 'The payload: text, @FILE, or - for standard input',
  method: 'HTTP method',
  path: 'HTTP path, percent-encoded, without query',
  resource: 'Route the path belongs to, such as /orders/{id}',
  query: 'Query string, such as a=1&b=2',
  header: 'NAME=VALUE, as often as needed',
  stage: 'Stage of the API',
  queue: 'Name of the queue',
  topic: 'Name of the topic',
  subject: 'Subject of the message or mail',
  attribute: 'NAME=VALUE of a message or user attribute, as often as needed',
  group: 'Message group of a FIFO queue',
  bucket: 'Name of the bucket',
  key: 'Object key, record key or partition key',
  size: 'Bytes of the object',
  table: 'Name of the table',
  stream: 'Name of the stream',
  source: 'The `source` of the event',
  type: 'What happened: a detail-type, INSERT, CONNECT, …',
  name: 'Name of the rule, broker, field, intent, secret, …',
  token: 'What the caller authorizes itself with',
  'log-group': 'Name of the log group',
  from: 'Sender of the mail',
  to: 'Receiver of the mail',
  user: 'Name of the user',
  count: 'How many records the event carries',
} as const;

export type SampleOption = keyof typeof SAMPLE_OPTIONS;

/** As given; lists are `NAME=VALUE` texts. */
export type GivenOptions = Partial<
  Record<Exclude<SampleOption, 'header' | 'attribute' | 'count'>, string>
> & {
  readonly header?: readonly string[] | undefined;
  readonly attribute?: readonly string[] | undefined;
  readonly count?: number | undefined;
};

export interface Sample {
  readonly ids: Ids;
  /** Epoch ms, whole. */
  readonly at: number;
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly given: GivenOptions;
}

export interface SampleSource {
  /** As it is named on the command line. */
  readonly name: string;
  readonly describe: string;
  /** Its type in `@types/aws-lambda`; absent = that package has none. */
  readonly type?: string;
  readonly options: readonly SampleOption[];
  /** JSON value. */
  make(sample: Sample): unknown;
}

export const DEFAULT_BODY = '{"id":1}';

/** One record for each of `count`, 1 unless told. */
export function records<T>({ given: { count = 1 } }: Sample, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** `NAME=VALUE` texts as pairs. Throws `SlsError` `bad-option`. */
export function namedValues(texts: readonly string[] = [], option: string): [string, string][] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new SlsError('bad-option', `--${option} takes NAME=VALUE, found "${text}"`);
  });
}

/** The payload as the JSON value it is, else as text. */
export function bodyValue({ given: { body = DEFAULT_BODY } }: Sample): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** The payload as a JSON map. Throws `SlsError` `bad-option` when it is another value. */
export function bodyMap(sample: Sample): Record<string, unknown> {
  const value = bodyValue(sample);
  if (isRecord(value)) return value;
  throw new SlsError('bad-option', `--body is a JSON map here, found ${JSON.stringify(value).slice(0, 60)}`, {
    hint: `for example --body '{"id":1}'`,
  });
}

/** `2026-01-01T00:00:00Z`, as buses write it. */
export function secondsText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The ARN of something in the sample's account. */
export function arn({ region, accountId }: Sample, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

/** The value if it is one of `allowed`. Throws `SlsError` `bad-option`. */
export function oneOf<T extends string>(value: string, allowed: readonly T[], option: string): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new SlsError('bad-option', `--${option} takes ${allowed.join(', ')} here, found "${value}"`);
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
