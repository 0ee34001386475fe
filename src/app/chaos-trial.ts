/** One run of a project under faults: a session of its own in a temporary folder, the events put in, time passed until all is quiet. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, Checked } from '../chaos/check.ts';
import type { NumberedEvent } from '../chaos/events.ts';
import type { FaultKind } from '../chaos/fault-kinds.ts';
import { type FaultyRun, makeFaultyRun } from '../chaos/faults.ts';
import { roll, rollBetween } from '../chaos/seed.ts';
import type { Trial, TrialResult } from '../chaos/simulate.ts';
import { messageOf } from '../std/errors.ts';
import { makeSender, type Sender } from './chaos-send.ts';
import type { SessionOptions } from './options.ts';
import { openSession } from './session.ts';
import type { Session } from './session-seam.ts';

export interface TrialOptions {
  readonly session: Omit<
    SessionOptions,
    'stateFolder' | 'faults' | 'eventSources' | 'watch' | 'httpPort' | 'awsPort'
  >;
  readonly events: readonly NumberedEvent[];
  readonly kinds: readonly FaultKind[];
  readonly checks: readonly Check[];
}

/** Of the services' time, which passes as fast as the functions let it. */
const LONGEST_MS = 6 * 3_600_000;
const FIRST_STEP_MS = 1000;
const LONGEST_STEP_MS = 300_000;
const LONGEST_GAP_MS = 2000;
/** Of the events that come together with the one before. */
const TOGETHER = 0.6;

export async function runTrial(options: TrialOptions, trial: Trial): Promise<TrialResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sls-local-chaos-'));
  let session: Session | undefined;
  try {
    const run = makeFaultyRun({
      seed: trial.seed,
      kinds: options.kinds,
      only: trial.only,
      triggers: () => session?.project().triggers ?? [],
      resources: () => session?.project().resources ?? [],
    });
    session = await openSession({
      ...options.session,
      ...{
        stateFolder: folder,
        faults: run.faults,
        eventSources: true,
        watch: false,
        httpPort: 0,
        awsPort: 0,
      },
    });
    return await play(session, run, options, trial, join(folder, 'events.jsonl'));
  } finally {
    await session?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function play(
  session: Session,
  run: FaultyRun,
  { events, checks }: TrialOptions,
  trial: Trial,
  eventFile: string,
): Promise<TrialResult> {
  const { ready } = session.status();
  const project = session.project();
  const sender = makeSender({ aws: ready.aws, http: ready.http, project });
  const wanted = events.filter(({ number }) => trial.events.includes(number));
  await putIn(session, run, sender, wanted, trial.seed);
  await passTime(session, run);
  const waiting = run.pending();
  await run.finish(sender.countOf);
  const checked: Checked = {
    endpoint: ready.aws,
    http: ready.http,
    region: project.region,
    accountId: project.accountId,
    events: wanted,
    eventFile,
  };
  await writeFile(eventFile, wanted.map(({ event }) => `${JSON.stringify(event)}\n`).join(''));
  const broken = await askChecks(checks, checked);
  return {
    violations: [...run.violations, ...broken.map((message) => ({ invariant: 'check' as const, message }))],
    struck: run.struck,
    deliveries: run.deliveries,
    deadLettered: run.deadLettered,
    waiting,
  };
}

/** One after the other, at moments the seed chooses; what comes together meets in batches and at once in functions. */
async function putIn(
  session: Session,
  run: FaultyRun,
  sender: Sender,
  events: readonly NumberedEvent[],
  seed: string,
): Promise<void> {
  const answers: Promise<void>[] = [];
  for (const { event, number } of events) {
    if (roll(seed, `together ${number}`) >= TOGETHER)
      await session.time.advance(rollBetween(seed, `gap ${number}`, 0, LONGEST_GAP_MS));
    const begun = run.arrived();
    const sent = sender.send(event, number, run.names.traceOf(number));
    // Who waits for an answer may wait for time to pass.
    if ('http' in event) {
      answers.push(sent);
      sent.catch(() => {});
      await Promise.race([sent, begun]);
    } else await sent;
  }
  let open = answers.length;
  const all = Promise.allSettled(answers).then(() => {
    open = 0;
  });
  for (let step = 0; open > 0 && step < 60; step++) {
    await session.time.advance(FIRST_STEP_MS);
    await Promise.race([all, new Promise<void>((resolve) => setImmediate(resolve))]);
  }
  for (const answer of answers) await answer;
}

async function passTime(session: Session, run: FaultyRun): Promise<void> {
  let passedMs = 0;
  for (let stepMs = FIRST_STEP_MS; passedMs < LONGEST_MS; stepMs = Math.min(LONGEST_STEP_MS, stepMs * 2)) {
    await session.time.advance(stepMs);
    passedMs += stepMs;
    // A table's changes are known once a function has got them, and windows last seconds.
    if (run.pending().length === 0 && passedMs >= 4 * FIRST_STEP_MS) return;
  }
}

async function askChecks(checks: readonly Check[], checked: Checked): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const check of checks)
    try {
      await check(checked);
    } catch (failure) {
      broken.push(messageOf(failure));
    }
  return broken;
}
