/** Callbacks that are told of something until they stop. */

export interface Followers<T> {
  /** Answers how to stop. */
  add(listener: (value: T) => void): () => void;
  tell(value: T): void;
}

export function makeFollowers<T>(): Followers<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(value) {
      for (const listener of listeners) listener(value);
    },
  };
}
