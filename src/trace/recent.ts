/** A map that forgets its oldest entries. */

export interface Recent<V> {
  add(key: string, value: V): void;
  get(key: string): V | undefined;
}

export function makeRecent<V>(limit: number): Recent<V> {
  const entries = new Map<string, V>();
  // The order is kept beside the map: finding a map's oldest entry walks over all the deleted ones before it.
  const ring: string[] = [];
  let at = 0;
  return {
    add(key, value) {
      if (entries.has(key)) return void entries.set(key, value);
      const oldest = ring[at];
      if (oldest !== undefined) entries.delete(oldest);
      ring[at] = key;
      at = (at + 1) % limit;
      entries.set(key, value);
    },
    get: (key) => entries.get(key),
  };
}
