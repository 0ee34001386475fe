/**
 * A map of things that come and go by the thousand. The engine's own map copies itself every few changes, and each copy it
 * has left keeps what was in it alive until the old memory is swept, and that copy's successor too: with a few dozen big
 * things in it, half of all that ever were. Here such a copy holds empty cells.
 */
export interface BriefMap<V> {
  set(key: string, value: V): void;
  get(key: string): V | undefined;
  delete(key: string): void;
  values(): Iterable<V>;
}

interface Cell<V> {
  value: V | undefined;
}

export function makeBriefMap<V extends object>(): BriefMap<V> {
  const cells = new Map<string, Cell<V>>();
  const empty = (key: string) => {
    const cell = cells.get(key);
    if (cell) cell.value = undefined;
  };
  return {
    set(key, value) {
      empty(key);
      cells.set(key, { value });
    },
    get: (key) => cells.get(key)?.value,
    delete(key) {
      empty(key);
      cells.delete(key);
    },
    *values() {
      for (const { value } of cells.values()) if (value) yield value;
    },
  };
}
