/** `schedule` events, and `eventBridge` events that are schedules. */
import type { ScheduleTrigger } from '../../model/project.ts';
import { isMap, listOf, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import type { Path } from '../yaml.ts';
import type { EventContext } from './event-context.ts';
import { scheduleKeys } from './known-keys.ts';

/** `'rate(5 minutes)'`, or `{ rate, enabled, name, input, timezone, … }`. Names are made unique later. */
export function lowerSchedule(value: unknown, path: Path, context: EventContext): ScheduleTrigger[] {
  const resolved = context.resolve(value, path);
  const section = makeFields(isMap(resolved) ? resolved : { rate: resolved }, path, context.fields);
  section.unknownKeys(scheduleKeys);
  return schedulesOf(section, 'rate', context);
}

/** `{ schedule, name, enabled, input }` of an `eventBridge` event. */
export function lowerEventBridgeSchedule(
  value: unknown,
  path: Path,
  context: EventContext,
): ScheduleTrigger[] {
  const resolved = context.resolve(value, path);
  return isMap(resolved) ? schedulesOf(makeFields(resolved, path, context.fields), 'schedule', context) : [];
}

function schedulesOf(section: Fields, key: 'rate' | 'schedule', context: EventContext): ScheduleTrigger[] {
  for (const unread of ['inputPath', 'inputTransformer'])
    if (section.has(unread))
      section.warn({
        code: 'not-emulated',
        key: unread,
        message: `${unread} is not emulated: the function gets the event as it is`,
      });
  const name = section.text('name') ?? `${context.functionName}-schedule`;
  const input = inputOf(section);
  return listOf(section.values[key]).flatMap((written) => {
    const expression = textOf(written)?.trim() ?? '';
    if (!/^(rate|cron|at)\(.+\)$/.test(expression)) {
      section.error({
        code: 'invalid-schedule',
        message: `${section.subject}: expected rate(…), cron(…) or at(…), found "${expression}"`,
        hint: 'such as rate(5 minutes) or cron(0 3 * * ? *)',
      });
      return [];
    }
    return {
      kind: 'schedule' as const,
      functionId: context.functionId,
      name,
      expression,
      timezone: section.text('timezone') ?? 'UTC',
      ...(input === undefined ? {} : { input }),
      enabled: section.flag('enabled') ?? true,
      place: section.place,
    };
  });
}

/** JSON text; a text that is not JSON is handed over as a JSON string. */
function inputOf(section: Fields): string | undefined {
  const { input } = section.values;
  if (input === undefined || input === null) return undefined;
  if (typeof input !== 'string') return JSON.stringify(input);
  try {
    JSON.parse(input);
    return input;
  } catch {
    return JSON.stringify(input);
  }
}
