/** Looks at the filters of queue, table and stream triggers, so that what the cloud would refuse is told with its place. */
import { compilePattern, PatternError } from '../std/event-pattern.ts';

export interface FilterFinding {
  readonly severity: 'error' | 'warning';
  /** Position of the pattern in its list. */
  readonly index: number;
  readonly message: string;
  readonly hint: string;
}

/** Source: Lambda API reference, FilterCriteria and Filter. Five filters are usual, ten can be asked for. */
const MOST_FILTERS = 10;
const MOST_CHARACTERS = 4096;

/** What a filter is about. */
export type FilterSource = 'queue' | 'table' | 'stream';

/** `patterns` are JSON texts. Empty when the cloud would take them all. */
export function checkFilters(patterns: readonly string[], source: FilterSource): FilterFinding[] {
  const found = patterns.flatMap((text, index) => checkFilter(text, index, source) ?? []);
  if (patterns.length <= MOST_FILTERS) return found;
  const message = `there are ${patterns.length} filters; the cloud takes ${MOST_FILTERS} at most`;
  return [
    ...found,
    {
      severity: 'error',
      index: MOST_FILTERS,
      message,
      hint: 'a list within one filter matches any of its values',
    },
  ];
}

function checkFilter(text: string, index: number, source: FilterSource): FilterFinding | undefined {
  if (text.length > MOST_CHARACTERS)
    return {
      severity: 'error',
      index,
      message: `the filter has ${text.length} characters; the cloud takes ${MOST_CHARACTERS} at most`,
      hint: 'split it into several',
    };
  try {
    compilePattern(text);
  } catch (failure) {
    if (!(failure instanceof PatternError)) throw failure;
    return {
      severity: 'error',
      index,
      message: `the filter ${shown(text)} is none: ${failure.message}`,
      hint: EXAMPLES[source],
    };
  }
  if (source === 'stream') return undefined;
  return source === 'queue' ? checkQueueFilter(text, index) : checkTableFilter(text, index);
}

const EXAMPLES: Readonly<Record<FilterSource, string>> = {
  queue: 'such as { "body": { "kind": ["order"] } }',
  table: 'such as { "eventName": ["INSERT"], "dynamodb": { "NewImage": { "kind": { "S": ["order"] } } } }',
  stream: 'such as { "data": { "kind": ["order"] } }',
};

/** Source: Lambda guide, "Using event filtering with an Amazon SQS event source". */
function checkQueueFilter(text: string, index: number): FilterFinding | undefined {
  const others = Object.keys(JSON.parse(text) as object).filter((key) => key !== 'body' && key !== '$or');
  if (others.length === 0) return undefined;
  return {
    severity: 'warning',
    index,
    message: `the filter asks for ${others.map((key) => `"${key}"`).join(', ')}: the cloud filters messages of a queue by their body only`,
    hint: 'write { "body": … }',
  };
}

/** Numbers of items are texts in their records. */
function checkTableFilter(text: string, index: number): FilterFinding | undefined {
  if (!/"numeric"\s*:\s*\[/.test(text)) return undefined;
  return {
    severity: 'warning',
    index,
    message:
      'the filter compares with "numeric", which never matches: numbers of an item are texts in its records',
    hint: 'list the values as texts: { "N": ["1", "2"] }',
  };
}

function shown(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
