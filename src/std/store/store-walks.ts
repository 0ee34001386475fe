/** Cursors over a store's maps that outlast the transaction they began in: each is put where it was in the one that follows. */
import type { Range, Table } from './store-writer.ts';

export interface Walks {
  range(table: Table, range: Range): Iterable<{ key: unknown; value: unknown }>;
  keys(table: Table, range: Range): Iterable<unknown>;
  /** To be called before a transaction begins or ends. */
  detach(): void;
}

interface Walk {
  cursor?: Iterator<unknown> | undefined;
}

/** `beforeStep` is called before each reading. */
export function makeWalks(beforeStep: () => void): Walks {
  const attached = new Set<Walk>();

  function* walk<T>(open: (range: Range) => Iterable<T>, keyOf: (step: T) => unknown, range: Range) {
    const own: Walk = {};
    let left = (range.limit as number | undefined) ?? Number.POSITIVE_INFINITY;
    let last: T | undefined;
    try {
      for (; left > 0; left--) {
        beforeStep();
        if (!own.cursor) {
          const isFirst = last === undefined;
          const rest = isFirst ? range : { ...range, start: keyOf(last as T), exclusiveStart: true };
          own.cursor = open(rest)[Symbol.iterator]();
          attached.add(own);
        }
        const step = own.cursor.next() as IteratorResult<T>;
        if (step.done) return;
        last = step.value;
        yield step.value;
      }
    } finally {
      attached.delete(own);
      own.cursor?.return?.();
    }
  }

  return {
    range: ({ db }, range) =>
      walk(
        (rest) => db.getRange(rest),
        ({ key }) => key,
        range,
      ),
    keys: ({ db }, range) =>
      walk(
        (rest) => db.getKeys(rest),
        (key) => key,
        range,
      ),
    detach() {
      for (const own of attached) {
        own.cursor?.return?.();
        own.cursor = undefined;
      }
      attached.clear();
    },
  };
}
