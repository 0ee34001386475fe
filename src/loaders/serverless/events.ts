/** Lowers the `events` of a function to triggers, and names those that are not emulated. */
import type { Trigger } from '../../model/project.ts';
import { byHand } from '../by-hand.ts';
import { isMap } from '../cloudformation/template.ts';
import { makeFields, nearest } from '../fields.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { lowerS3Event } from './bucket-events.ts';
import type { EventContext } from './event-context.ts';
import { lowerHttpApiEvent, lowerHttpEvent } from './http-events.ts';
import { eventsNotEmulated } from './known-keys.ts';
import { lowerSqsEvent } from './queue-events.ts';
import { lowerCloudwatchEvent, lowerEventBridgeEvent } from './rule-events.ts';
import { lowerStreamEvent } from './stream-events.ts';
import { lowerSchedule } from './timed-events.ts';
import { lowerTopicEvent } from './topic-events.ts';

type LowerEvent = (value: unknown, path: Path, context: EventContext) => Trigger[];

const emulated: Readonly<Record<string, LowerEvent>> = {
  cloudwatchEvent: lowerCloudwatchEvent,
  eventBridge: lowerEventBridgeEvent,
  http: lowerHttpEvent,
  httpApi: lowerHttpApiEvent,
  s3: lowerS3Event,
  schedule: lowerSchedule,
  sns: lowerTopicEvent,
  sqs: lowerSqsEvent,
  stream: lowerStreamEvent,
};

/** `path` is that of the list. */
export function lowerEvents(events: unknown, path: Path, context: EventContext): Trigger[] {
  if (events === undefined || events === null) return [];
  if (!Array.isArray(events)) {
    makeFields({ events }, path.slice(0, -1), context.fields).wrong('events', 'a list of events');
    return [];
  }
  return events.flatMap((event: unknown, index) => {
    const ruleNumber = events.slice(0, index + 1).filter(isRule).length;
    return lowerEvent(event, [...path, index], { ...context, ruleNumber });
  });
}

function isRule(event: unknown): boolean {
  return isMap(event) && ('eventBridge' in event || 'cloudwatchEvent' in event);
}

function lowerEvent(event: unknown, path: Path, context: EventContext): Trigger[] {
  // `- alexaSkill` alone is an event too.
  const section = makeFields(isMap(event) ? event : { [String(event)]: {} }, path, context.fields);
  return Object.entries(section.values).flatMap(([kind, value]) => {
    const lower = emulated[kind];
    if (lower) return isUnresolved(value) ? [] : lower(value, [...path, kind], context);
    const known = eventsNotEmulated.has(kind);
    section.warn({
      code: known ? 'not-emulated' : 'unknown-key',
      key: kind,
      message: known
        ? `"${kind}" events are not emulated: ${context.functionId} is not run by them`
        : `"${kind}" is not a known event`,
      hint: known
        ? byHand(context.functionId, kind)
        : nearest(kind, [...Object.keys(emulated), ...eventsNotEmulated]),
    });
    return [];
  });
}
