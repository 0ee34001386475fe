/** Message move tasks under way: they go on after a restart, and with the state that was restored. */
import type { Clock, Ids, Timer } from '../../../src/model/platform.ts';
import { nameOfArn } from '../queue-names.ts';
import type { Queue, Queues } from '../queues.ts';
import { moveSome } from './move-some.ts';
import type { MoveStore, MoveTask } from './move-store.ts';

export interface Moves {
  /** Newest first. */
  of(source: Queue): readonly MoveTask[];
  start(source: Queue, wanted: Pick<MoveTask, 'sourceArn' | 'destinationArn' | 'perSecond'>): MoveTask;
  /** Ends a task that runs; answers it as it is then. */
  cancel(source: Queue, task: MoveTask): MoveTask;
  /** Goes on with every task that runs according to the store, with none else. */
  resume(): void;
  close(): void;
}

export interface MovesOptions {
  readonly queues: Queues;
  readonly store: MoveStore;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Messages moved before others get their turn. */
const STEP = 500;
const SECOND_MS = 1000;

export function makeMoves({ queues, store, clock, ids }: MovesOptions): Moves {
  /** The next step of each task by its id. */
  const next = new Map<string, Timer>();

  const stop = () => {
    for (const timer of next.values()) timer.cancel();
    next.clear();
  };

  const later = (name: string, { id, perSecond, moved }: MoveTask) => {
    const pause = perSecond !== undefined && moved > 0 ? SECOND_MS : 0;
    next.set(
      id,
      clock.after(pause, () => {
        next.delete(id);
        step(name, id);
      }),
    );
  };

  const step = (name: string, id: string) => {
    const source = queues.find(name);
    const task = source && store.of(source.record).find((each) => each.id === id);
    if (!source || task?.status !== 'RUNNING') return;
    const after = moveSome({ queues, ids, source, task, limit: Math.min(task.perSecond ?? STEP, STEP) });
    store.save(source.record, after);
    if (after.status === 'RUNNING') later(name, after);
  };

  const resume = () => {
    stop();
    for (const queue of queues.all())
      for (const task of store.of(queue.record)) if (task.status === 'RUNNING') later(queue.name, task);
  };

  resume();
  return {
    of: (source) => store.of(source.record),
    start(source, wanted) {
      const now = queues.now();
      const { visible } = queues.store.counts(source.record, now);
      const task: MoveTask = {
        ...wanted,
        number: (store.of(source.record)[0]?.number ?? 0) + 1,
        id: ids.uuid(),
        status: 'RUNNING',
        moved: 0,
        toMove: visible,
        startedAt: now,
      };
      store.save(source.record, task);
      later(source.name, task);
      return task;
    },
    cancel(source, task) {
      next.get(task.id)?.cancel();
      next.delete(task.id);
      const cancelled: MoveTask = { ...task, status: 'CANCELLED' };
      store.save(source.record, cancelled);
      return cancelled;
    },
    resume,
    close: stop,
  };
}

/** Whether some queue sends what it cannot get rid of to this one. */
export function isDeadLetterQueue(queues: Queues, { name }: Queue): boolean {
  return queues.all().some(({ settings }) => settings.redrive?.queueName === name);
}

export function queueOfArn(queues: Queues, arn: string): Queue | undefined {
  return queues.find(nameOfArn(arn) ?? '');
}
