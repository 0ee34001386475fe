/** Remembers what the most recently used expression texts were parsed to. */

export interface TextCache<T> {
  /** Parses `text` once; what `parse` throws is thrown each time. */
  get(text: string): T;
}

const CAPACITY = 1000;
/** Longer texts are written by programs and rarely twice. */
const MAX_TEXT_LENGTH = 4096;

export function makeTextCache<T>(parse: (text: string) => T): TextCache<T> {
  // A Map keeps the order of insertion: the first entry is the one unused for longest.
  const entries = new Map<string, T>();
  return {
    get(text) {
      const known = entries.get(text);
      if (known !== undefined) {
        entries.delete(text);
        entries.set(text, known);
        return known;
      }
      const parsed = parse(text);
      if (text.length > MAX_TEXT_LENGTH) return parsed;
      entries.set(text, parsed);
      if (entries.size > CAPACITY) {
        const [oldest = ''] = entries.keys();
        entries.delete(oldest);
      }
      return parsed;
    },
  };
}
