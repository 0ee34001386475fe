/** Storage of asynchronous events: by function, then by when they are due. */
import type { DeliverRequest } from '../model/emulator.ts';
import type { Store } from '../model/platform.ts';
import type { Progress } from './async-retries.ts';

export interface AsyncJob extends Progress {
  readonly request: DeliverRequest & { readonly requestId: string };
  /** It waits because the function could not take it, not because it failed. */
  readonly postponedNow: boolean;
}

/** A stored job and where it stands. */
export interface DueJob {
  readonly functionId: string;
  /** Epoch ms, whole. */
  readonly dueAt: number;
  /** Order of arrival; stays the same through retries. */
  readonly seq: number;
  readonly job: AsyncJob;
}

export interface AsyncJobs {
  add(functionId: string, dueAt: number, job: AsyncJob): void;
  /** The first `limit` jobs of a function, due or not. */
  first(functionId: string, limit: number): DueJob[];
  move(due: DueJob, dueAt: number, job: AsyncJob): void;
  remove(due: DueJob): void;
  functionIds(): string[];
  all(functionId: string): Iterable<DueJob>;
}

type Key = readonly [functionId: string, dueAt: number, seq: number];

const JOBS = 'async:jobs';

/** Number of events in a store that have not been run to their end. */
export function countAsyncJobs(store: Store): number {
  return store.map(JOBS).count();
}

export function openAsyncJobs(store: Store): AsyncJobs {
  const jobs = store.map<AsyncJob>(JOBS);
  const numbers = store.map<number>('async:numbers');

  const functionIds = () => {
    const ids: string[] = [];
    let from: readonly (string | number)[] | undefined;
    for (;;) {
      const [key] = jobs.keys({ limit: 1, ...(from && { from }) });
      if (key === undefined) return ids;
      const [functionId] = key as Key;
      ids.push(functionId);
      from = [functionId, Number.MAX_VALUE];
    }
  };

  const inLane = function* (functionId: string, limit?: number): Iterable<DueJob> {
    const range = {
      from: [functionId],
      to: [functionId, Number.MAX_VALUE],
      ...(limit !== undefined && { limit }),
    };
    for (const { key, value } of jobs.range(range)) {
      const [, dueAt, seq] = key as Key;
      yield { functionId, dueAt, seq, job: value };
    }
  };

  return {
    functionIds,
    all: (functionId) => inLane(functionId),
    first: (functionId, limit) => [...inLane(functionId, limit)],
    add: (functionId, dueAt, job) =>
      store.write(() => {
        const seq = (numbers.get('last') ?? 0) + 1;
        numbers.put('last', seq);
        jobs.put([functionId, dueAt, seq], job);
      }),
    move: ({ functionId, dueAt: before, seq }, dueAt, job) =>
      store.write(() => {
        jobs.remove([functionId, before, seq]);
        jobs.put([functionId, dueAt, seq], job);
      }),
    remove: ({ functionId, dueAt, seq }) => jobs.remove([functionId, dueAt, seq]),
  };
}
