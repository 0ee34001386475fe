/** Asks a session's services what there is of a kind, for a person who named what is not there. */
import { calledText, cloudName, type NamedKind } from '../../app/resource-names.ts';
import type { Project } from '../../model/project.ts';
import { SlsError } from '../../std/errors.ts';
import { makeTraceId, randomIds } from '../../std/ids.ts';
import type { Endpoint } from './endpoint.ts';
import { jsonRequest, type SendKind, signedFor, type WireRequest } from './wire-request.ts';

/** More are counted. */
const MOST_SHOWN = 20;

/** The project's own, by what it calls them, or whatever else a service knows by this name. */
export function nameFor(project: Project, kind: SendKind, called: string): string {
  return kind === 'function' ? called : (cloudName(project, kind, called) ?? called);
}

/** The service takes an event for a bus that does not exist, and it is lost. Rejects with `SlsError` `send-refused`. */
export async function needBus(endpoint: Endpoint, project: Project, name: string): Promise<void> {
  if (name === 'default' || cloudName(project, 'bus', name) !== undefined) return;
  const known = await namesOf(endpoint, project, 'bus');
  if (name.startsWith('arn:') || known.includes(name)) return;
  throw new SlsError('send-refused', `nothing was sent: there is no event bus "${name}"`, {
    hint: hintFor(project, 'bus', known),
    exitCode: 1,
  });
}

/** The refusal with what there is instead, where nothing has that name. */
export async function withListing(
  refusal: unknown,
  { kind, name }: { readonly kind: SendKind; readonly name: string },
  endpoint: Endpoint,
  project: Project,
): Promise<unknown> {
  if (!(refusal instanceof SlsError) || refusal.code !== 'send-refused' || kind === 'function')
    return refusal;
  const known = await namesOf(endpoint, project, kind);
  if (known.includes(name)) return refusal;
  return new SlsError(refusal.code, refusal.message, {
    hint: hintFor(project, kind, known),
    exitCode: refusal.exitCode,
  });
}

function hintFor(project: Project, kind: NamedKind, known: readonly string[]): string {
  const [one, many] = WORDS[kind];
  if (known.length === 0) return `there is no ${one}: see what there is with: sls-local check`;
  const shown = known.slice(0, MOST_SHOWN).map((name) => calledText(project, kind, name));
  const more = known.length > MOST_SHOWN ? ` and ${known.length - MOST_SHOWN} more` : '';
  return `${known.length === 1 ? `there is one ${one}` : `there are the ${many}`}: ${shown.join(', ')}${more}`;
}

const WORDS: Readonly<Record<NamedKind, readonly [one: string, many: string]>> = {
  queue: ['queue', 'queues'],
  topic: ['topic', 'topics'],
  bus: ['event bus', 'event buses'],
  bucket: ['bucket', 'buckets'],
  stream: ['stream', 'streams'],
  table: ['table', 'tables'],
};

async function namesOf(endpoint: Endpoint, { region }: Project, kind: NamedKind): Promise<readonly string[]> {
  const traceId = makeTraceId({ now: Date.now }, randomIds);
  const { text, status } = await endpoint.send(listRequest(kind, region), traceId);
  if (status >= 300) return [];
  const names =
    kind === 'bucket'
      ? [...text.matchAll(/<Bucket>.*?<Name>([^<]*)<\/Name>/gs)].map(([, name]) => name ?? '')
      : READERS[kind](JSON.parse(text));
  return names.toSorted();
}

function listRequest(kind: NamedKind, region: string): WireRequest {
  if (kind === 'bucket')
    return { method: 'GET', path: '/', headers: signedFor('s3', { region }), body: Buffer.alloc(0) };
  const [target, service] = LISTS[kind];
  return jsonRequest(target, service, { region }, {});
}

type ListedKind = Exclude<NamedKind, 'bucket'>;

const LISTS: Readonly<Record<ListedKind, readonly [target: string, service: string]>> = {
  queue: ['AmazonSQS.ListQueues', 'sqs'],
  topic: ['AmazonSimpleNotificationService.ListTopics', 'sns'],
  bus: ['AWSEvents.ListEventBuses', 'events'],
  stream: ['Kinesis_20131202.ListStreams', 'kinesis'],
  table: ['DynamoDB_20120810.ListTables', 'dynamodb'],
};

const lastPart = (text: string, separator: string) => text.slice(text.lastIndexOf(separator) + 1);

const READERS: Readonly<Record<ListedKind, (answer: unknown) => readonly string[]>> = {
  queue: (answer) => (answer as { QueueUrls?: string[] }).QueueUrls?.map((url) => lastPart(url, '/')) ?? [],
  topic: (answer) =>
    (answer as { Topics?: { TopicArn: string }[] }).Topics?.map(({ TopicArn }) => lastPart(TopicArn, ':')) ??
    [],
  bus: (answer) => (answer as { EventBuses?: { Name: string }[] }).EventBuses?.map(({ Name }) => Name) ?? [],
  stream: (answer) => (answer as { StreamNames?: string[] }).StreamNames ?? [],
  table: (answer) => (answer as { TableNames?: string[] }).TableNames ?? [],
};
