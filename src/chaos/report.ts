/** What a simulation found, for people and as JSON. */
import type { ChaosEvent } from './events.ts';
import { FAULT_KINDS, type FaultKind, meaningOf } from './fault-kinds.ts';
import type { Simulation, TrialResult } from './simulate.ts';
import type { Violation } from './violation.ts';

export interface ChaosReport {
  readonly ok: boolean;
  readonly runs: readonly {
    readonly seed: string;
    readonly deliveries: number;
    readonly deadLettered: number;
    readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
    readonly violations: readonly Violation[];
    /** Names of what still waited at the end. */
    readonly waiting: readonly string[];
  }[];
  readonly failure?: {
    readonly seed: string;
    /** Of the smallest run that fails. */
    readonly violations: readonly Violation[];
    readonly faults: readonly { readonly key: string; readonly kind: FaultKind; readonly what: string }[];
    /** Numbers of the events it takes. */
    readonly events: readonly number[];
    readonly isSmallest: boolean;
    /** Runs it took to make it small. */
    readonly tries: number;
    /** Options that reproduce the small run: `--seed … --only …`. */
    readonly reproduce: string;
  };
}

export function reportOf({ runs, failure }: Simulation): ChaosReport {
  return {
    ok: failure === undefined,
    runs: runs.map(({ seed, result }) => ({
      seed,
      deliveries: result.deliveries,
      deadLettered: result.deadLettered,
      faults: countsOf(result),
      violations: result.violations,
      waiting: result.waiting,
    })),
    ...(failure && {
      failure: {
        seed: failure.trial.seed,
        violations: failure.violations,
        faults: failure.faults,
        events: failure.trial.events,
        isSmallest: failure.isSmallest,
        tries: failure.tries,
        reproduce: [
          `--seed ${failure.trial.seed}`,
          `--only '${failure.faults.map(({ key }) => key).join(' ')}'`,
          `--only-events ${failure.trial.events.join(',')}`,
        ].join(' '),
      },
    }),
  };
}

function countsOf({ struck }: TrialResult): Partial<Record<FaultKind, number>> {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of struck) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** `seed 8f3a…: 41 deliveries, 12 faults (4 duplicate, 8 delay)`. */
export function runLine(seed: string, result: TrialResult): string {
  const counts = countsOf(result);
  const kinds = FAULT_KINDS.filter((kind) => counts[kind]).map((kind) => `${counts[kind]} ${kind}`);
  const faults = `${result.struck.length} faults${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}`;
  const waiting = result.waiting.length > 0 ? `, ${result.waiting.length} still waiting` : '';
  const dead = result.deadLettered > 0 ? `, ${result.deadLettered} to dead-letter queues` : '';
  return `seed ${seed}: ${result.deliveries} deliveries, ${faults}${dead}${waiting}`;
}

/** `again`: how the small run and the whole one are made again. */
export function failureLines(
  { failure }: ChaosReport,
  eventOf: (number: number) => ChaosEvent | undefined,
  again: (failure: NonNullable<ChaosReport['failure']>) => readonly string[],
): readonly string[] {
  if (!failure) return [];
  const { violations, faults, events, tries, isSmallest, seed } = failure;
  return [
    `broken with seed ${seed}:`,
    ...violations.map(({ invariant, message }) => `  ${invariant}: ${message}`),
    faults.length === 0
      ? 'without any fault'
      : `by ${faults.length === 1 ? 'this fault' : `these ${faults.length} faults, in this order`}${isSmallest ? '' : ' (perhaps fewer would do)'}:`,
    ...faults.map(({ kind, what }) => `  ${kind}: ${what} (${meaningOf(kind)})`),
    `with ${events.length === 1 ? 'this event' : `these ${events.length} events`}:`,
    ...events.map((number) => `  ${number}: ${JSON.stringify(eventOf(number) ?? null)}`),
    `found in ${tries} further runs; again:`,
    ...again(failure).map((line) => `  ${line}`),
  ];
}
