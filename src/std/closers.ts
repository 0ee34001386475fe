/** Things to undo, last first. */

export interface Closers {
  /** Adds something to close; if already closed, closes it at once. */
  add(close: () => unknown): void;
  /** Closes everything in reverse order, each even if another fails; throws the first failure at the end. Idempotent. */
  close(): Promise<void>;
}

export function makeClosers(): Closers {
  const stack: (() => unknown)[] = [];
  let closing: Promise<void> | undefined;

  const closeAll = async () => {
    const failures: unknown[] = [];
    for (let close = stack.pop(); close; close = stack.pop()) {
      try {
        await close();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  };

  return {
    add(close) {
      if (closing) void Promise.resolve().then(close);
      else stack.push(close);
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
