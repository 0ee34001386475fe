/** What `import … from 'sls-local/testing'` gives: the simulator, for tests of a project. */
import { resolve } from 'node:path';
import { runChaos } from './app/chaos.ts';
import { commandCheck } from './app/chaos-check.ts';
import { DEFAULT_LIMITS } from './app/options.ts';
import type { Check } from './chaos/check.ts';
import type { ChaosEvent } from './chaos/events.ts';
import type { FaultKind } from './chaos/fault-kinds.ts';
import { type ChaosReport, failureLines, reportOf } from './chaos/report.ts';
import { checkSeed } from './chaos/seed.ts';

export type { Check, Checked } from './chaos/check.ts';
export type { ChaosEvent, NumberedEvent } from './chaos/events.ts';
export type { FaultKind } from './chaos/fault-kinds.ts';
export type { ChaosReport } from './chaos/report.ts';
export type { Violation } from './chaos/violation.ts';

export interface ChaosSettings {
  /** Project folder; absent = the working folder. */
  readonly project?: string;
  /** Project file in it; absent = the first one found. */
  readonly config?: string;
  readonly stage?: string;
  readonly region?: string;
  /** Absent = made for the project's triggers. */
  readonly events?: readonly ChaosEvent[];
  /** How many events are made; absent = 30. */
  readonly count?: number;
  /** Absent = 5, or 1 with a seed. */
  readonly runs?: number;
  /** Up to sixteen hex digits, as a report has them; absent = a new one. */
  readonly seed?: string;
  /** Absent = all. */
  readonly faults?: readonly FaultKind[];
  /** Keys of the only faults that may strike, as a report has them. */
  readonly only?: readonly string[];
  /** Numbers of the only events, counted from 1. */
  readonly onlyEvents?: readonly number[];
  /** The project's own invariant: a function that throws, or a command with its exit code, where it is broken. */
  readonly check?: Check | string;
  /** Runs to make a failure small; 0 = none. Absent = 100. */
  readonly shrinkRuns?: number;
  /** Absent = process: child processes of this one. */
  readonly backend?: 'auto' | 'docker' | 'process';
}

/** A report that can be shown. */
export interface ChaosFindings extends ChaosReport {
  /** What was found, for people; empty = nothing. */
  readonly text: string;
}

/**
 * Runs the project under faults. Resolves with what was found: `ok` is false where an invariant was broken. Rejects with an
 * `SlsError` for a project, events or a seed that cannot be used.
 */
export async function chaos(settings: ChaosSettings = {}): Promise<ChaosFindings> {
  const { project = '.', config, stage, region, check, seed } = settings;
  const root = resolve(project);
  const simulation = await runChaos({
    session: {
      root,
      ...(config !== undefined && { file: resolve(root, config) }),
      load: {
        ...(stage !== undefined && { stage }),
        ...(region !== undefined && { region }),
        parameters: {},
        options: { ...(stage !== undefined && { stage }), ...(region !== undefined && { region }) },
        env: process.env,
      },
      ...{ backend: settings.backend ?? 'process', host: '127.0.0.1', journal: true, limits: DEFAULT_LIMITS },
    },
    events: settings.events,
    count: settings.count,
    runs: settings.runs ?? (seed === undefined ? 5 : 1),
    ...(seed !== undefined && { seed: checkSeed(seed) }),
    kinds: settings.faults,
    only: settings.only,
    onlyEvents: settings.onlyEvents,
    checks: check === undefined ? [] : [typeof check === 'string' ? commandCheck(check, root) : check],
    mostTries: settings.shrinkRuns,
  });
  const report = reportOf(simulation);
  return { ...report, text: failureLines(report, simulation.eventOf, settingsOf).join('\n') };
}

function settingsOf({ seed, faults, events }: NonNullable<ChaosReport['failure']>): readonly string[] {
  const only = JSON.stringify(faults.map(({ key }) => key));
  return [
    `chaos({ …, seed: '${seed}', only: ${only}, onlyEvents: ${JSON.stringify(events)} })`,
    `chaos({ …, seed: '${seed}' })`,
  ];
}
