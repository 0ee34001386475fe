/** Runs under many seeds until one fails, then looks for the fewest faults and events that still fail. */
import type { Struck } from './plan.ts';
import { seedOfRun } from './seed.ts';
import { shrink } from './shrink.ts';
import type { Violation } from './violation.ts';

/** One run that is wanted. */
export interface Trial {
  readonly seed: string;
  /** Numbers of the events to put in. */
  readonly events: readonly number[];
  /** Keys of the only faults that may strike; absent = all of the seed. */
  readonly only?: ReadonlySet<string>;
}

export interface TrialResult {
  readonly violations: readonly Violation[];
  readonly struck: readonly Struck[];
  readonly deliveries: number;
  readonly deadLettered: number;
  /** Names of what still waited when the run ended. */
  readonly waiting: readonly string[];
}

export interface Failure {
  readonly trial: Trial;
  /** What the smallest run that fails broke. */
  readonly violations: readonly Violation[];
  readonly faults: readonly Struck[];
  /** Runs it took to make it small. */
  readonly tries: number;
  /** Nothing more can be left out. */
  readonly isSmallest: boolean;
  /** Faults of the run before it was made small. */
  readonly faultsBefore: number;
}

export interface Simulation {
  readonly runs: readonly { readonly seed: string; readonly result: TrialResult }[];
  readonly failure?: Failure;
}

export interface SimulateOptions {
  readonly seed: string;
  readonly runs: number;
  /** Numbers of the events. */
  readonly events: readonly number[];
  readonly only?: ReadonlySet<string> | undefined;
  readonly run: (trial: Trial) => Promise<TrialResult>;
  /** Runs to make a failure small; 0 = it is left as it is. Absent = 100. */
  readonly mostTries?: number | undefined;
  readonly onRun?: (seed: string, result: TrialResult) => void;
  readonly onFailure?: (seed: string, result: TrialResult) => void;
}

const MOST_TRIES = 100;

export async function simulate(options: SimulateOptions): Promise<Simulation> {
  const { seed, events, only } = options;
  const runs: Simulation['runs'][number][] = [];
  for (let run = 0; run < options.runs; run++) {
    const trial: Trial = { seed: seedOfRun(seed, run), events, ...(only && { only }) };
    const result = await options.run(trial);
    runs.push({ seed: trial.seed, result });
    options.onRun?.(trial.seed, result);
    if (result.violations.length === 0) continue;
    options.onFailure?.(trial.seed, result);
    return { runs, failure: await makeSmall(trial, result, options) };
  }
  return { runs };
}

async function makeSmall(trial: Trial, first: TrialResult, options: SimulateOptions): Promise<Failure> {
  const { mostTries = MOST_TRIES } = options;
  const broken = new Set(first.violations.map(({ invariant }) => invariant));
  let tries = 0;
  let smallest = { trial, result: first };
  const mayTry = () => tries < mostTries;
  const fails = async (changed: Trial) => {
    tries++;
    const result = await options.run(changed);
    const isSame = result.violations.some(({ invariant }) => broken.has(invariant));
    if (isSame) smallest = { trial: changed, result };
    return isSame;
  };
  await shrink(keysOf(first), { mayTry, fails: (keys) => fails({ ...trial, only: new Set(keys) }) });
  // What never struck does not matter; fewer events may make further faults pointless.
  const withFaults = { ...smallest.trial, only: new Set(keysOf(smallest.result)) };
  await shrink(withFaults.events.map(String), {
    mayTry,
    fails: (numbers) =>
      numbers.length === 0 ? Promise.resolve(false) : fails({ ...withFaults, events: numbers.map(Number) }),
  });
  const fewer = smallest.trial;
  if (fewer.events.length < withFaults.events.length)
    await shrink(keysOf(smallest.result), {
      mayTry,
      fails: (keys) => fails({ ...fewer, only: new Set(keys) }),
    });
  const { result } = smallest;
  return {
    trial: { ...smallest.trial, only: new Set(keysOf(result)) },
    violations: result.violations,
    faults: result.struck,
    tries,
    isSmallest: mayTry(),
    faultsBefore: first.struck.length,
  };
}

const keysOf = ({ struck }: TrialResult) => [...new Set(struck.map(({ key }) => key))];
