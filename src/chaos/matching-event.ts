/** Makes an event that an event pattern matches, where that can be said without searching for one. */
import { isObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { accepts } from '../std/patterns/matcher.ts';
import { parsePattern } from '../std/patterns/parse-pattern.ts';

export interface MatchingEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources?: readonly string[];
  readonly detail: JsonObject;
}

/** Members of an event that whoever sends it cannot choose. */
const GIVEN = ['account', 'region', 'time', 'id', 'version'];

/** `pattern`: JSON text. Undefined where no event comes to mind. */
export function matchingEvent(pattern: string): MatchingEvent | undefined {
  const made = mapFor(JSON.parse(pattern) as JsonObject);
  const { source, 'detail-type': detailType, resources, detail } = made;
  if (GIVEN.some((name) => made[name] !== undefined)) return undefined;
  const event = {
    source: typeof source === 'string' ? source : 'chaos',
    detailType: typeof detailType === 'string' ? detailType : 'chaos',
    ...(typeof resources === 'string' && { resources: [resources] }),
    detail: isObject(detail) ? detail : {},
  };
  return matches(event, pattern) ? event : undefined;
}

function matches({ source, detailType, resources = [], detail }: MatchingEvent, pattern: string): boolean {
  const event = { source, 'detail-type': detailType, resources: [...resources], detail };
  return accepts(parsePattern(pattern), event);
}

function mapFor(pattern: JsonObject): JsonObject {
  const { $or: either, ...fields } = pattern;
  const first = Array.isArray(either) && isObject(either[0]) ? mapFor(either[0]) : {};
  const made = Object.entries(fields).flatMap(([name, wanted]): [string, JsonValue][] => {
    const value = Array.isArray(wanted) ? valueFor(wanted[0]) : isObject(wanted) ? mapFor(wanted) : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return { ...first, ...Object.fromEntries(made) };
}

/** Of the first condition of a list: one is enough. Undefined = the field is to be left out. */
function valueFor(condition: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(condition)) return condition;
  const [operator = '', operand = null] = Object.entries(condition)[0] ?? [];
  switch (operator) {
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
      return isObject(operand) ? valueFor(operand) : operand;
    case 'wildcard':
      return typeof operand === 'string' ? operand.replaceAll('*', '') : undefined;
    case 'exists':
      return operand === true ? 'chaos' : undefined;
    case 'anything-but':
      return 'chaos';
    case 'numeric':
      return Array.isArray(operand) ? numberFor(operand) : undefined;
    default:
      return undefined;
  }
}

/** `[">", 0, "<=", 5]`: in the middle of both bounds, or one from the only one. */
function numberFor(bounds: readonly JsonValue[]): number {
  let low: number | undefined;
  let high: number | undefined;
  for (let at = 0; at + 1 < bounds.length; at += 2) {
    const bound = Number(bounds[at + 1]);
    if (bounds[at] === '=') return bound;
    if (String(bounds[at]).startsWith('>')) low = bound;
    else high = bound;
  }
  if (low !== undefined && high !== undefined) return (low + high) / 2;
  return low === undefined ? (high ?? 0) - 1 : low + 1;
}
