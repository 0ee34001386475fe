/** Runs schedules when they are due, tries again what failed, and tells the dead-letter queue of what was given up. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { Timer } from '../../src/model/platform.ts';
import { messageOf } from '../../src/std/errors.ts';
import { settledWithin } from '../../src/std/grace.ts';
import { makeTraceId } from '../../src/std/ids.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { nextOccurrence, type Occurrence } from './occurrences.ts';
import { payloadOf, runTarget, secondsText } from './run-target.ts';
import type { Execution, ScheduleRecord, SchedulesStore } from './schedule-store.ts';
import { storedTarget } from './target.ts';

export interface Runner {
  /** Begins with all there is in the store; once begun, with what has changed there. */
  start(): void;
  /** A schedule was made, changed or removed. */
  follow(arn: string): void;
  /** When it runs next. */
  next(record: ScheduleRecord): Occurrence | undefined;
  /** Runs the target now, once. Rejects with what its service answers. */
  fire(record: ScheduleRecord): Promise<{ readonly requestId: string }>;
  /** Forgets its timers. */
  stop(): void;
  close(graceMs: number): Promise<void>;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 8 * 60_000;

/**
 * So late a recurring run may begin: the service's own precision is a minute. What was due before, while the machine slept, is left
 * out; what was due while no session ran is left out to the moment.
 */
const LATEST_MS = 60_000;

type Exhausted = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

export function makeRunner(store: SchedulesStore, context: EmulatorContext): Runner {
  const { clock, ids, notice } = context;
  const now = () => Math.floor(clock.now());
  const timers = new Map<string, Timer>();
  const retries = new Map<string, Timer>();
  const underWay = new Set<Promise<void>>();
  /** Changes with everything that makes what is under way count no longer. */
  let era = {};

  /** False until it begins with what is in the store. */
  let begun = false;

  const nextOf = (record: ScheduleRecord, earliest = now() - LATEST_MS) =>
    nextOccurrence(record, earliest, storedTarget(record.target).maximumEventAgeMs);

  const arm = (arn: string, earliest?: number) => {
    timers.get(arn)?.cancel();
    timers.delete(arn);
    const record = store.byArn(arn);
    const next = record && nextOf(record, earliest);
    if (!next) return;
    const timer = clock.after(Math.max(0, next.runAt - clock.now()), () => begin(arn, next));
    timers.set(arn, timer);
  };

  const begin = (arn: string, { dueAt, runAt }: Occurrence) => {
    const record = store.byArn(arn);
    if (!record) return;
    const execution: Execution = {
      ...{ id: ids.hex(8), scheduleArn: arn, dueAt, runAt, attempt: 1, nextAt: runAt },
      traceId: makeTraceId(clock, ids),
    };
    store.write(() => {
      store.save({ ...record, cursor: dueAt });
      store.saveExecution(execution);
    });
    arm(arn);
    attempt(execution);
  };

  const attempt = (execution: Execution) => {
    const mine = era;
    const work = tryOnce(execution, () => era === mine)
      .catch((failure: unknown) => notice(`the schedule ${execution.scheduleArn}: ${messageOf(failure)}`))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };

  const tryOnce = async (execution: Execution, counts: () => boolean) => {
    const record = store.byArn(execution.scheduleArn);
    if (!record || !store.isOpen(execution)) return;
    const target = storedTarget(record.target);
    const failure = await runTarget(context, { record, target, execution, byHand: false }).then(
      () => undefined,
      (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown))),
    );
    // Deleted meanwhile, or the whole state was exchanged.
    if (!counts() || !store.isOpen(execution)) return;
    if (!failure) return over(execution);
    const nextAt = now() + backOffMs(execution.attempt);
    if (execution.attempt > target.maximumRetryAttempts)
      return giveUp(execution, failure, 'MaximumRetryAttempts');
    if (nextAt > execution.runAt + target.maximumEventAgeMs)
      return giveUp(execution, failure, 'MaximumEventAgeInSeconds');
    const again = { ...execution, attempt: execution.attempt + 1, nextAt };
    store.saveExecution(again);
    if (execution.attempt === 1)
      notice(`the schedule ${record.name} failed: ${messageOf(failure)}; it is tried again`);
    retryLater(again);
  };

  const retryLater = (execution: Execution) => {
    const timer = clock.after(Math.max(0, execution.nextAt - clock.now()), () => {
      retries.delete(execution.id);
      attempt(execution);
    });
    retries.set(execution.id, timer);
  };

  /** The run has ended; a schedule that will not run again may go with it. */
  const over = (execution: Execution) => {
    store.removeExecution(execution);
    removeIfDone(execution.scheduleArn);
  };

  const removeIfDone = (arn: string) => {
    const record = store.byArn(arn);
    if (!record?.deletesAfter || !record.enabled || store.executions(arn).length > 0) return;
    if (!nextOf(record)) store.remove(record);
  };

  const giveUp = (execution: Execution, failure: Error, exhausted: Exhausted) => {
    const record = store.byArn(execution.scheduleArn);
    if (record) tellOf(context, record, execution, failure, exhausted);
    over(execution);
  };

  const stop = () => {
    era = {};
    begun = false;
    for (const timer of [...timers.values(), ...retries.values()]) timer.cancel();
    timers.clear();
    retries.clear();
  };

  return {
    start() {
      if (context.eventSources === false) return;
      const all = store.all().map(({ arn }) => arn);
      for (const arn of new Set([...timers.keys(), ...all])) arm(arn, begun ? undefined : now());
      if (!begun) for (const execution of store.executions()) retryLater(execution);
      begun = true;
    },
    follow(arn) {
      if (context.eventSources === false) return;
      arm(arn);
    },
    next: (record) => nextOf(record),
    fire(record) {
      const target = storedTarget(record.target);
      const traceId = makeTraceId(clock, ids);
      const execution = { id: ids.hex(8), dueAt: now(), attempt: 1, traceId };
      return runTarget(context, { record, target, execution, byHand: true });
    },
    stop,
    async close(graceMs) {
      for (const timer of [...timers.values(), ...retries.values()]) timer.cancel();
      await settledWithin(graceMs, [...underWay]);
      stop();
    },
  };
}

function backOffMs(attempt: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 16));
}

/** Source: Scheduler User Guide, "Configuring a schedule's dead-letter queue". */
function tellOf(
  context: EmulatorContext,
  record: ScheduleRecord,
  execution: Execution,
  failure: Error,
  exhausted: Exhausted,
): void {
  const target = storedTarget(record.target);
  const { deadLetterArn } = target;
  const string = (value: string) => ({ type: 'String', value });
  const told =
    deadLetterArn !== undefined &&
    context.send?.({
      arn: deadLetterArn,
      body: payloadOf(context, { record, target, execution }),
      origin: { traceId: execution.traceId },
      attributes: {
        ERROR_CODE: string(failure instanceof ServiceError ? failure.code : failure.name),
        ERROR_MESSAGE: string(failure.message || failure.name),
        EXECUTION_ID: string(execution.id),
        EXHAUSTED_RETRY_CONDITION: string(exhausted),
        IS_PAYLOAD_TRUNCATED: string('false'),
        RETRY_ATTEMPTS: string(String(execution.attempt - 1)),
        SCHEDULED_TIME: string(secondsText(execution.dueAt)),
        SCHEDULE_ARN: string(record.arn),
        TARGET_ARN: string(target.arn),
      },
    });
  const where = told ? `its payload went to ${deadLetterArn}` : 'its payload was dropped';
  const queue = deadLetterArn !== undefined && !told ? `: there is no ${deadLetterArn}` : '';
  context.notice(`the schedule ${record.name} failed: ${messageOf(failure)}; ${where}${queue}`);
}
