/** Lowers the `Events` of SAM functions to triggers. */
import type { Trigger } from '../../model/project.ts';
import { byHand } from '../by-hand.ts';
import { lowerS3Event } from './buckets.ts';
import { lowerQueueSource } from './event-sources.ts';
import { asText } from './plain-functions.ts';
import type { SamApis } from './sam-apis.ts';
import { lowerHttpApiEvent, lowerRestApiEvent } from './sam-routes.ts';
import { lowerRuleEvent, lowerScheduleEvent } from './sam-rules.ts';
import { lowerTopicEvent } from './sam-topics.ts';
import { lowerStreamSource } from './stream-sources.ts';
import { isMap, mapOf, type TemplateResource, textOf, type Values } from './template.ts';
import { fail, type SamEvent, type TriggerContext, warn } from './trigger-context.ts';

const notEmulated = new Set(
  `AlexaSkill CloudWatchLogs Cognito DocumentDB IoTRule MQ MSK
  SelfManagedKafka WebSocket`.split(/\s+/),
);

export function lowerSamEvents(
  resource: TemplateResource,
  functionId: string,
  apis: SamApis,
  context: TriggerContext,
): Trigger[] {
  const at = [...resource.path, 'Properties', 'Events'];
  return Object.entries(eventsOf(resource, context)).flatMap(([name, written]) => {
    const path = [...at, name];
    // What is not emulated is not resolved either: it might not resolve, and nobody would miss it.
    const known = textOf(mapOf(written).Type) ?? '';
    const event = notEmulated.has(known) ? { Type: known } : context.intrinsics.resolve(written, path);
    if (event === undefined) return [];
    const type = textOf(mapOf(event).Type) ?? '';
    const given = mapOf(event).Properties;
    if (given !== undefined && given !== null && !isMap(given))
      fail(
        context,
        'invalid-event',
        [...path, 'Properties'],
        `Properties of event "${name}" of function "${resource.id}" is "${asText(given)}", where a map is expected`,
        `write the properties of ${type} below it`,
      );
    const properties = mapOf(given);
    return lowerEvent(
      type,
      { functionId, owner: resource.id, name, properties, path: [...path, 'Properties'] },
      apis,
      context,
    );
  });
}

/** As written, so that each event can be looked at by itself; resolved where the whole is one function (`Fn::If`). */
function eventsOf(resource: TemplateResource, { intrinsics }: TriggerContext): Values {
  const events = mapOf(resource.properties.Events);
  const isWhole = Object.keys(events).some((key) => key.startsWith('Fn::'));
  return isWhole ? mapOf(intrinsics.properties(resource, ['Events']).Events) : events;
}

function lowerEvent(type: string, event: SamEvent, apis: SamApis, context: TriggerContext): Trigger[] {
  switch (type) {
    case 'Api':
      return lowerRestApiEvent(event, apis, context);
    case 'HttpApi':
      return lowerHttpApiEvent(event, apis, context);
    case 'SQS':
      return lowerQueueSource({ ...event, queue: event.properties.Queue, queueKey: 'Queue' }, context);
    case 'DynamoDB':
    case 'Kinesis':
      return lowerStreamSource(
        {
          ...{ ...event, stream: event.properties.Stream, streamKey: 'Stream' },
          of: type === 'Kinesis' ? 'stream' : 'table',
        },
        context,
      );
    case 'SNS':
      return lowerTopicEvent(event, context);
    case 'S3':
      return lowerS3Event(event, context);
    case 'EventBridgeRule':
    case 'CloudWatchEvent':
      return lowerRuleEvent(event, context);
    case 'Schedule':
      return lowerScheduleEvent(event, context);
    case 'ScheduleV2':
      // A resource beside the function.
      return [];
    default:
      reportEvent(type, event, context);
      return [];
  }
}

function reportEvent(type: string, event: SamEvent, context: TriggerContext): void {
  const path = event.path.slice(0, -1);
  if (notEmulated.has(type))
    warn(
      context,
      'not-emulated',
      path,
      `event "${event.name}" (${type}) of function "${event.owner}" is not emulated`,
      byHand(event.functionId, type),
    );
  else
    fail(
      context,
      'unknown-event',
      path,
      `event "${event.name}" of function "${event.owner}" has the unknown type "${asText(type)}"`,
      'see EventSource in the SAM specification: Api, HttpApi, SQS, DynamoDB, Kinesis, S3, Schedule, …',
    );
}
