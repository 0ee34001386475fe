/** Hands every event of a session to whoever listens. */
import type { DevEvent } from '../model/events.ts';

export interface EventHub {
  emit(event: DevEvent): void;
  /** Returns the way to stop listening. */
  on(listener: (event: DevEvent) => void): () => void;
}

export function makeEventHub(first: (event: DevEvent) => void): EventHub {
  const listeners = new Set([first]);
  return {
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    on: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
