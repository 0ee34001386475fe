/** Runs one task at a time; a newer request aborts the running one and is the one whose result counts. */

export interface LatestWins<T> {
  /** Starts `task` anew. Earlier callers get the result of the newest run too. */
  run(task: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The promise of the newest run, if any was started. */
  readonly current: Promise<T> | undefined;
}

export function makeLatestWins<T>(): LatestWins<T> {
  let controller: AbortController | undefined;
  let settled:
    | { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void }
    | undefined;
  let current: Promise<T> | undefined;

  return {
    get current() {
      return current;
    },
    run(task) {
      controller?.abort(new Error('a newer run has started'));
      const mine = new AbortController();
      controller = mine;
      settled ??= deferred<T>();
      const outer = settled;
      current = outer.promise;
      const finish = (deliver: () => void) => {
        if (controller !== mine) return;
        settled = undefined;
        deliver();
      };
      task(mine.signal).then(
        (value) => finish(() => outer.resolve(value)),
        (failure) => finish(() => outer.reject(failure)),
      );
      return outer.promise;
    },
  };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}
