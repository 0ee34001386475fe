/** Work that goes on after an operation has answered: copies of tables, exports and imports. */

export interface Jobs {
  /** Runs `steps` up to the first `yield` now, the rest in later turns of the event loop. */
  step(steps: Iterator<void>, failed: (thrown: unknown) => void): void;
  /** Work that waits for files. Its signal is aborted when the session ends; what it throws from then on is its end. */
  run(work: (signal: AbortSignal) => Promise<void>, failed: (thrown: unknown) => void): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Gives up what is under way: what it read is void. */
  giveUp(): void;
  /** Gives up what is under way; resolves when it is given up. */
  close(): Promise<void>;
}

export function startJobs(): Jobs {
  let stop = new AbortController();
  const running = new Set<Promise<void>>();

  const run: Jobs['run'] = (work, failed) => {
    const { signal } = stop;
    const job = work(signal).catch((thrown: unknown) => {
      if (!signal.aborted) failed(thrown);
    });
    running.add(job);
    void job.finally(() => running.delete(job));
  };

  const settled = async () => {
    while (running.size > 0) await Promise.all(running);
  };

  return {
    run,
    settled,
    step(steps, failed) {
      try {
        if (steps.next().done) return;
      } catch (thrown) {
        failed(thrown);
        return;
      }
      run(async (signal) => {
        do await nextTurn(signal);
        while (!steps.next().done);
      }, failed);
    },
    giveUp() {
      stop.abort();
      stop = new AbortController();
    },
    close() {
      stop.abort();
      return settled();
    },
  };
}

/** Lets the event loop serve others. Throws when the session ends. */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
