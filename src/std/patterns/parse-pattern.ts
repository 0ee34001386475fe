/**
 * Event patterns, JSON text → clauses. What is refused, and with which words, is as in aws/event-ruler, which the service
 * runs on. Source: its README, and "Comparison operators" of the EventBridge user guide.
 */
import type { JsonValue } from '../../model/emulator.ts';
import { isObject } from '../../model/json.ts';
import { messageOf } from '../errors.ts';
import { PatternError } from '../event-pattern.ts';
import type { Clause, Condition, FieldCondition } from './condition.ts';
import { parseCondition } from './parse-condition.ts';

/** Source: EventBridge user guide, "Using $or": "more than 1000 rule combinations". */
const MOST_CLAUSES = 1000;

/** A clause while it is put together; a path that is there twice is what it is the second time. */
type Draft = ReadonlyMap<string, readonly Condition[]>;

/** One of the clauses must hold. Throws `PatternError`. */
export function parsePattern(text: string): readonly Clause[] {
  let pattern: JsonValue;
  try {
    pattern = JSON.parse(text) as JsonValue;
  } catch (failure) {
    throw new PatternError(`it is not JSON: ${messageOf(failure)}`);
  }
  return patternClauses(pattern);
}

/** The same for a pattern that is parsed already. */
export function patternClauses(pattern: JsonValue): readonly Clause[] {
  if (!isObject(pattern)) throw new PatternError('Filter is not an object');
  return withMap([new Map()], [], pattern, false).map(clauseOf);
}

function clauseOf(draft: Draft): Clause {
  const fields: FieldCondition[] = [...draft].map(([path, any]) => ({ path, any }));
  return fields.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function withMap(
  drafts: readonly Draft[],
  path: readonly string[],
  map: { readonly [key: string]: JsonValue },
  insideOr: boolean,
): readonly Draft[] {
  const entries = Object.entries(map);
  if (entries.length === 0) throw new PatternError('Empty objects are not allowed');
  let all = drafts;
  for (const [key, value] of entries) {
    if (key === '$or') all = withAlternatives(all, path, value);
    else if (insideOr && RESERVED.has(key))
      throw new PatternError(`${key} is Ruler reserved fieldName which cannot be used inside $or.`);
    else if (isObject(value)) all = withMap(all, [...path, key], value, insideOr);
    else if (Array.isArray(value)) all = withField(all, [...path, key].join('.'), value);
    else throw new PatternError(`"${key}" must be an object or an array`);
  }
  return all;
}

function withField(drafts: readonly Draft[], path: string, values: readonly JsonValue[]): readonly Draft[] {
  if (values.length === 0) throw new PatternError(`Empty arrays are not allowed: "${path}"`);
  const any = values.map((value) => parseCondition(path, value));
  return drafts.map((draft) => new Map(draft).set(path, any));
}

function withAlternatives(
  drafts: readonly Draft[],
  path: readonly string[],
  value: JsonValue,
): readonly Draft[] {
  if (!Array.isArray(value)) throw new PatternError('It must be an Array followed with $or.');
  if (value.length < 2) throw new PatternError('There must have at least 2 Objects in $or relationship.');
  const all = value.flatMap((one) => {
    if (!isObject(one)) throw new PatternError('Only JSON object is allowed in array of $or relationship.');
    return withMap(drafts, path, one, true);
  });
  if (all.length > MOST_CLAUSES)
    throw new PatternError(`$or makes ${all.length} combinations; the cloud takes ${MOST_CLAUSES} at most`);
  return all;
}

const RESERVED: ReadonlySet<string> = new Set([
  'exactly',
  'prefix',
  'suffix',
  'anything-but',
  'numeric',
  'exists',
  'cidr',
  'wildcard',
  'equals-ignore-case',
]);
