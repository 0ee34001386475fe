/** `eventBridge` and `cloudwatchEvent` events: rules of an event bus. */
import type { Trigger } from '../../model/project.ts';
import { mapOf, textOf } from '../cloudformation/template.ts';
import { busNameOf, patternFlaw, patternHint, patternText } from '../event-rules.ts';
import { type Fields, makeFields } from '../fields.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import type { EventContext } from './event-context.ts';
import { cloudwatchKeys, eventBridgeKeys } from './known-keys.ts';
import { ruleSettings } from './rule-settings.ts';
import { expressionsOf, lowerEventBridgeSchedule } from './timed-events.ts';

/** `{ eventBus, pattern | schedule, name, enabled, input | inputPath | inputTransformer, retryPolicy, deadLetterQueueArn }`. */
export function lowerEventBridgeEvent(value: unknown, path: Path, context: EventContext): Trigger[] {
  const resolved = context.resolve(value, path);
  const section = makeFields(mapOf(resolved), path, context.fields);
  section.unknownKeys(eventBridgeKeys);
  const { pattern, schedule } = section.values;
  if (pattern === undefined && schedule === undefined) {
    if (isUnresolved(resolved)) return [];
    section.error({
      code: 'invalid-value',
      message: `${section.subject}: expected a pattern or a schedule, found neither`,
      hint: 'write eventBridge: { pattern: { source: [shop] } }',
    });
    return [];
  }
  const shaped = ['inputPath', 'inputTransformer', 'retryPolicy', 'deadLetterQueueArn'];
  if (pattern === undefined && !shaped.some((key) => section.has(key)))
    return lowerEventBridgeSchedule(resolved, path, context);
  return ruleOf(section, 'pattern', context);
}

/** `{ event: <pattern>, name, enabled, input | inputPath | inputTransformer }`, on the default bus. */
export function lowerCloudwatchEvent(value: unknown, path: Path, context: EventContext): Trigger[] {
  const section = makeFields(mapOf(context.resolve(value, path)), path, context.fields);
  section.unknownKeys(cloudwatchKeys);
  return ruleOf(section, 'event', context);
}

function ruleOf(section: Fields, key: 'pattern' | 'event', context: EventContext): Trigger[] {
  const pattern = patternText(section.values[key]);
  const [schedule] = key === 'event' ? [] : expressionsOf(section, 'schedule');
  if (schedule === undefined && key === 'pattern' && section.has('schedule')) return [];
  const flaw = flawOf(pattern, schedule);
  if (flaw !== undefined) {
    if (!isUnresolved(section.values[key]))
      section.error({
        code: 'invalid-pattern',
        key,
        message: `${section.subject}.${key}: ${flaw}`,
        hint: patternHint,
      });
    return [];
  }
  const bus = busOf(section, context);
  if (bus === undefined) return [];
  return [
    {
      kind: 'event-rule',
      functionId: context.functionId,
      bus,
      rule: section.text('name') ?? `${context.functionName}-rule-${context.ruleNumber ?? 1}`,
      ...(pattern !== undefined && { pattern }),
      ...(schedule !== undefined && { schedule }),
      target: { id: `${context.functionName}-target`.slice(-64), settings: ruleSettings(section) },
      enabled: section.flag('enabled') ?? true,
      place: section.place,
    },
  ];
}

function flawOf(pattern: string | undefined, schedule: string | undefined): string | undefined {
  if (pattern === undefined) return schedule === undefined ? 'expected a pattern, found nothing' : undefined;
  return patternFlaw(pattern);
}

/** A bus that is named is made; one given by its ARN or by reference exists. */
function busOf(section: Fields, context: EventContext): string | undefined {
  const { eventBus } = section.values;
  if (isUnresolved(eventBus)) return undefined;
  const written = textOf(eventBus);
  const bus = busNameOf(written);
  if (written !== undefined && !written.startsWith('arn:') && bus !== 'default')
    context.declare({ kind: 'event-bus', name: bus, place: section.place });
  return bus;
}
