/** What is different between the outcome that was recorded and the one of its replay. */
import type { JsonValue } from '../model/emulator.ts';
import type { Outcome } from '../model/invocation.ts';
import { type Difference, diffJson, diffTexts } from './json-diff.ts';

export type { Difference } from './json-diff.ts';

export interface OutcomeDiff {
  readonly identical: boolean;
  /** Nothing is left out: times, ids and stack frames differ as visibly as anything else. */
  readonly differences: readonly Difference[];
}

/** `before` is undefined when the recorded invocation never ended. */
export function diffOutcomes(before: Outcome | undefined, after: Outcome): OutcomeDiff {
  const differences = differencesOf(before, after);
  return { identical: differences.length === 0, differences };
}

function differencesOf(before: Outcome | undefined, after: Outcome): Difference[] {
  if (before === undefined) return [{ kind: 'added', path: 'outcome', after: shown(after) }];
  if (before.status === 'ok' && after.status === 'ok')
    return diffTexts(before.payload, after.payload, 'payload');
  return diffJson(shown(before), shown(after), '');
}

/** An outcome as JSON; a payload as the value it holds. */
function shown(outcome: Outcome): JsonValue {
  if (outcome.status !== 'ok') return JSON.parse(JSON.stringify(outcome, withoutPosted)) as JsonValue;
  try {
    return { status: 'ok', payload: JSON.parse(outcome.payload) as JsonValue };
  } catch {
    return { status: 'ok', payload: outcome.payload };
  }
}

/** It says the same once more, with the id of the request. */
function withoutPosted(name: string, value: unknown): unknown {
  return name === 'posted' ? undefined : value;
}

export interface DiffPaint {
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly dim: (text: string) => string;
}

const same = (text: string) => text;
const noPaint: DiffPaint = { red: same, green: same, dim: same };

/** Lines with `-` for what was and `+` for what is; one line, "identical", when nothing differs. */
export function diffLines({ identical, differences }: OutcomeDiff, paint: DiffPaint = noPaint): string[] {
  if (identical) return ['identical'];
  return differences.flatMap((difference) => linesOf(difference, paint));
}

function linesOf(difference: Difference, paint: DiffPaint): string[] {
  const { path } = difference;
  const head = paint.dim(`  ${path}`);
  const lines = (sign: string, value: JsonValue) =>
    JSON.stringify(value, null, 2)
      .split('\n')
      .map((line) => `${sign} ${line}`);
  switch (difference.kind) {
    case 'changed':
      return [
        head,
        ...lines('-', difference.before).map(paint.red),
        ...lines('+', difference.after).map(paint.green),
      ];
    case 'removed':
      return [head, ...lines('-', difference.before).map(paint.red)];
    case 'added':
      return [head, ...lines('+', difference.after).map(paint.green)];
    case 'formatting':
      return [paint.dim(`  ${path}: the same JSON, written differently`)];
  }
}
