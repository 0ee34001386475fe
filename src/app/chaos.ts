/** Runs a project under faults again and again, and makes what fails small. */
import { readFile } from 'node:fs/promises';
import type { Check } from '../chaos/check.ts';
import { type ChaosEvent, readEvents } from '../chaos/events.ts';
import { FAULT_KINDS, type FaultKind } from '../chaos/fault-kinds.ts';
import { makeEvents } from '../chaos/make-events.ts';
import { makeSeed } from '../chaos/seed.ts';
import { type Simulation, simulate, type TrialResult } from '../chaos/simulate.ts';
import { loadProject } from '../loaders/load.ts';
import type { DevEvent } from '../model/events.ts';
import { codeOf, messageOf, SlsError } from '../std/errors.ts';
import { runTrial, type TrialOptions } from './chaos-trial.ts';

export interface ChaosOptions {
  readonly session: Omit<TrialOptions['session'], 'emit'>;
  /** Absent = made for the project's triggers. */
  readonly events?: readonly ChaosEvent[] | undefined;
  /** Absolute path of a file of events; in place of `events`. */
  readonly file?: string | undefined;
  /** How many events; absent = all that are given, or `DEFAULT_EVENTS` made ones. */
  readonly count?: number | undefined;
  readonly runs: number;
  /** Absent = a new one. */
  readonly seed?: string | undefined;
  /** Absent = all. */
  readonly kinds?: readonly FaultKind[] | undefined;
  /** Keys of the only faults that may strike. */
  readonly only?: readonly string[] | undefined;
  /** Numbers of the only events. */
  readonly onlyEvents?: readonly number[] | undefined;
  readonly checks: readonly Check[];
  /** Runs to make a failure small. */
  readonly mostTries?: number | undefined;
  readonly onRun?: (seed: string, result: TrialResult) => void;
  readonly onFailure?: (seed: string, result: TrialResult) => void;
  /** Told of everything that happens in the sessions. */
  readonly emit?: (event: DevEvent) => void;
}

export const DEFAULT_EVENTS = 30;

export interface ChaosOutcome extends Simulation {
  /** The event with this number. */
  readonly eventOf: (number: number) => ChaosEvent | undefined;
}

/** Throws `SlsError` for a project or events that cannot be used. */
export async function runChaos(options: ChaosOptions): Promise<ChaosOutcome> {
  const session = { ...options.session, emit: options.emit ?? (() => {}) };
  const given = options.file === undefined ? options.events : await readEventFile(options.file);
  const events = (given ?? (await eventsOfProject(session, options.count)))
    .slice(0, options.count)
    .map((event, at) => ({ number: at + 1, event }));
  const numbers = events
    .map(({ number }) => number)
    .filter((number) => options.onlyEvents?.includes(number) ?? true);
  const trialOptions: TrialOptions = {
    ...{ session, events, checks: options.checks },
    kinds: options.kinds ?? FAULT_KINDS,
  };
  const simulation = await simulate({
    seed: options.seed ?? makeSeed(),
    runs: options.runs,
    events: numbers,
    ...(options.only && { only: new Set(options.only) }),
    run: (trial) => runTrial(trialOptions, trial),
    mostTries: options.mostTries,
    ...(options.onRun && { onRun: options.onRun }),
    ...(options.onFailure && { onFailure: options.onFailure }),
  });
  return { ...simulation, eventOf: (number) => events[number - 1]?.event };
}

async function readEventFile(file: string): Promise<readonly ChaosEvent[]> {
  const text = await readFile(file, 'utf8').catch((failure: unknown) => {
    const reason = codeOf(failure) === 'ENOENT' ? 'there is no such file' : messageOf(failure);
    throw new SlsError('bad-event', `the events cannot be read: ${reason}`, { file });
  });
  return readEvents(text, file);
}

async function eventsOfProject(
  { root, file, load }: ChaosOptions['session'],
  count = DEFAULT_EVENTS,
): Promise<readonly ChaosEvent[]> {
  const { project } = await loadProject({ root, ...(file === undefined ? {} : { file }), options: load });
  return makeEvents(project, count);
}
