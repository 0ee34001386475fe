/** Who still uses something, by name: what is held is not cleared away. */

export interface Holds {
  /** Held until the returned function is called, and by others besides. Releasing twice does nothing. */
  hold(name: string): () => void;
  has(name: string): boolean;
}

export function makeHolds(): Holds {
  const counts = new Map<string, number>();
  return {
    hold(name) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      let released = false;
      return () => {
        if (released) return;
        released = true;
        const left = (counts.get(name) ?? 1) - 1;
        if (left === 0) counts.delete(name);
        else counts.set(name, left);
      };
    },
    has: (name) => counts.has(name),
  };
}
