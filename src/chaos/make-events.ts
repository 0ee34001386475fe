/** Makes events for what the functions, pipes and rules of a project wait for. */
import type { JsonObject } from '../model/json.ts';
import type { Project, Trigger } from '../model/project.ts';
import type { Resource, TableResource } from '../model/resources.ts';
import { SlsError } from '../std/errors.ts';
import type { ChaosEvent } from './events.ts';
import { matchingEvent } from './matching-event.ts';

/** `count` events for all that triggers functions of the project, in turn. Throws `SlsError` `no-event-source`. */
export function makeEvents(project: Project, count: number): readonly ChaosEvent[] {
  const makers = [
    ...project.triggers.map((trigger) => makerFor(trigger, project)),
    ...project.resources.map((resource) => makerForResource(resource, project)),
  ].flatMap((maker) => maker ?? []);
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
    case 'queue':
      return makerForSource(trigger.queueArn, project);
    case 'table-stream':
    case 'stream':
      return makerForSource(trigger.streamArn, project);
    case 'topic': {
      const topic = lastPart(trigger.topicArn);
      return (n) => ({
        topic,
        message: { id: `event-${n}` },
        ...(topic.endsWith('.fifo') && { groupId: groupOf(n) }),
      });
    }
    case 'bucket':
      return (n) => ({
        bucket: trigger.bucket,
        key: `${trigger.prefix ?? ''}event-${n}${trigger.suffix ?? ''}`,
        body: { id: `event-${n}` },
      });
    case 'event-rule':
      return trigger.pattern === undefined
        ? scheduled(trigger.functionId)
        : makerForBus(trigger.bus, trigger.pattern);
    case 'http-api':
    case 'rest-api': {
      // Nobody here can make up who an authorizer lets in.
      if (trigger.authorizer && trigger.authorizer.kind !== 'foreign') return undefined;
      const apiKeys = trigger.kind === 'rest-api' ? trigger.apiKeys : undefined;
      const headers = apiKeys && { 'x-api-key': apiKeys[0]?.value ?? 'any' };
      const method = trigger.method === 'ANY' ? 'POST' : trigger.method;
      const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'DELETE';
      const path = trigger.path === '$default' ? '/' : trigger.path;
      return (n) => ({
        http: {
          method,
          path: path.replace(/\{[^}]+\}/g, `event-${n}`),
          ...(hasBody && { body: { id: `event-${n}` } }),
          ...(headers && { headers }),
        },
      });
    }
    case 'schedule':
      return scheduled(trigger.functionId);
    default:
      return undefined;
  }
}

function makerForResource(resource: Resource, project: Project): Maker | undefined {
  if (resource.kind === 'event-rule' && resource.pattern !== undefined)
    return makerForBus(resource.bus, resource.pattern);
  if (resource.kind !== 'pipe') return undefined;
  const { Source: source } = JSON.parse(resource.settings) as { Source?: unknown };
  return typeof source === 'string' ? makerForSource(source, project) : undefined;
}

/** What a function or a pipe follows. */
function makerForSource(arn: string, project: Project): Maker | undefined {
  const service = arn.split(':')[2];
  if (service === 'sqs') {
    const queue = lastPart(arn);
    return (n) => ({
      queue,
      body: { id: `event-${n}` },
      ...(queue.endsWith('.fifo') && { groupId: groupOf(n) }),
    });
  }
  if (service === 'kinesis') {
    const stream = /:stream\/([^/]+)/.exec(arn)?.[1];
    return stream === undefined
      ? undefined
      : (n) => ({ stream, data: { id: `event-${n}` }, key: groupOf(n) });
  }
  const name = /:table\/([^/]+)\//.exec(arn)?.[1];
  const table = project.resources.find(
    (one): one is TableResource => one.kind === 'table' && one.name === name,
  );
  return table && ((n) => ({ table: table.name, item: makeItem(table, n) }));
}

/** Undefined for a rule that waits for what only services tell, or whose pattern nobody can say a match of. */
function makerForBus(bus: string, pattern: string): Maker | undefined {
  const found = matchingEvent(pattern);
  if (!found || found.source.startsWith('aws.')) return undefined;
  const { detail, ...others } = found;
  return (n) => ({ bus, ...others, detail: { id: `event-${n}`, ...detail } });
}

function scheduled(functionId: string): Maker {
  return (n) => ({ function: functionId, event: { id: `event-${n}`, source: 'aws.events' } });
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
