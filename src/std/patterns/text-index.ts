/** Finds the beginnings (or ends) a text has among many, with one look-up for each length there is. */

export interface TextIndex<T> {
  add(text: string, entry: T): void;
  find(text: string, found: (entry: T) => void): void;
}

export function makeTextIndex<T>(side: 'start' | 'end' | 'whole'): TextIndex<T> {
  const byLength = new Map<number, Map<string, T[]>>();
  return {
    add(text, entry) {
      const texts = byLength.get(text.length) ?? new Map<string, T[]>();
      byLength.set(text.length, texts);
      const entries = texts.get(text);
      if (entries) entries.push(entry);
      else texts.set(text, [entry]);
    },
    find(text, found) {
      if (side === 'whole') {
        for (const entry of byLength.get(text.length)?.get(text) ?? []) found(entry);
        return;
      }
      for (const [length, texts] of byLength) {
        if (length > text.length) continue;
        const part = side === 'start' ? text.slice(0, length) : text.slice(text.length - length);
        const entries = texts.get(part);
        if (entries) for (const entry of entries) found(entry);
      }
    },
  };
}
