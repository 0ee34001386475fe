/**
 * Pages read lately, kept until something in their partition changes: a Query that is made again, as most are, does not walk
 * through the store again.
 */
import type { Entry, PageOptions } from './table-store.ts';

/** Those of one map. */
export interface PageShelf {
  /** What `read` reads, of which as much is kept as is taken. */
  range(options: PageOptions, read: (options: PageOptions) => Iterable<Entry>): Iterable<Entry>;
  /** Called before what stands at `key` is another. */
  changes(key: Uint8Array): void;
  clear(): void;
}

interface Page {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly reverse: boolean;
  readonly rows: readonly Entry[];
  /** Nothing comes behind the rows. */
  readonly isWhole: boolean;
  /** Characters, and what a page takes beside them. */
  readonly size: number;
  readonly hash: number;
  /** Where it stands. */
  readonly partitions: Map<number, Set<Page>>;
}

/** Characters of items, over all shelves. Items that were looked into, by a filter, take some six times as much. */
const MOST = 8 * 1024 * 1024;
const MOST_OF_ONE = 128 * 1024;
/** Pages of one partition, which are looked through: a program may ask for other bounds each time. */
const MOST_PAGES = 8;
const OF_A_PAGE = 500;
/** Bytes at the head of each key that are the hash of its partition, whatever the layout. */
const HASH_BYTES = 4;
const afterKey = Uint8Array.of(0);

/** Makes shelves that share `most` characters; the pages that were not asked for longest go first. */
export function makeRecentPages(most = MOST): () => PageShelf {
  /** The one asked for last at the end. */
  const all = new Set<Page>();
  let size = 0;

  const drop = (page: Page) => {
    const { partitions, hash } = page;
    const partition = partitions.get(hash);
    partition?.delete(page);
    if (partition?.size === 0) partitions.delete(hash);
    all.delete(page);
    size -= page.size;
  };

  const add = (page: Page) => {
    const { partitions, hash } = page;
    const [oldestHere, ...others] = partitions.get(hash) ?? [];
    if (oldestHere && others.length >= MOST_PAGES - 1) drop(oldestHere);
    const partition = partitions.get(hash) ?? new Set();
    partitions.set(hash, partition.add(page));
    all.add(page);
    size += page.size;
    for (const oldest of all) {
      if (size <= most) return;
      drop(oldest);
    }
  };

  const touch = (page: Page) => {
    all.delete(page);
    all.add(page);
  };

  return () => {
    const partitions = new Map<number, Set<Page>>();
    /** Counts the changes: what was read while one happened is not kept. */
    let changes = 0;

    const forget = (hash: number) => {
      for (const page of partitions.get(hash) ?? []) drop(page);
    };

    /** `head` is kept already; `count` of the changes from when it was found. */
    function* readAndKeep(
      { hash, bounds, head, count }: Reading,
      read: () => Iterable<Entry>,
    ): Iterable<Entry> {
      if (head) yield* head.rows;
      const rows = [...(head?.rows ?? [])];
      let characters = head?.size ?? OF_A_PAGE;
      let isWhole = false;
      try {
        for (const entry of read()) {
          rows.push(entry);
          characters += entry.stored.json.length;
          yield entry;
        }
        isWhole = true;
      } finally {
        if (characters <= MOST_OF_ONE && count === changes) {
          const known = found(partitions.get(hash), bounds);
          if (known) drop(known);
          add({ ...copied(bounds), rows, isWhole, size: characters, hash, partitions });
        }
      }
    }

    return {
      range(options, read) {
        const { from, to, reverse = false } = options;
        const hash = to && hashOfBoth(from, to);
        if (to === undefined || hash === undefined) return read(options);
        const bounds = { from, to, reverse };
        const head = found(partitions.get(hash), bounds);
        if (head) touch(head);
        if (head?.isWhole) return head.rows;
        return readAndKeep({ hash, bounds, head, count: changes }, () =>
          read(head ? behind(head, options) : options),
        );
      },
      changes(key) {
        changes++;
        if (partitions.size > 0) forget(hashOf(key));
      },
      clear() {
        changes++;
        for (const hash of partitions.keys()) forget(hash);
      },
    };
  };
}

type Bounds = Pick<Page, 'from' | 'to' | 'reverse'>;

interface Reading {
  readonly hash: number;
  readonly bounds: Bounds;
  readonly head: Page | undefined;
  readonly count: number;
}

function found(partition: Set<Page> | undefined, { from, to, reverse }: Bounds): Page | undefined {
  for (const page of partition ?? [])
    if (page.reverse === reverse && isSame(page.from, from) && isSame(page.to, to)) return page;
  return undefined;
}

/** The part of the bounds that comes behind the rows of the page. */
function behind({ rows }: Page, options: PageOptions): PageOptions {
  const last = rows.at(-1)?.key;
  if (!last) return options;
  return options.reverse ? { ...options, to: last } : { ...options, from: Buffer.concat([last, afterKey]) };
}

/** Undefined for bounds of more than one partition. */
function hashOfBoth(from: Uint8Array, to: Uint8Array): number | undefined {
  if (from.length < HASH_BYTES || to.length < HASH_BYTES) return undefined;
  const hash = hashOf(from);
  return hash === hashOf(to) ? hash : undefined;
}

function hashOf(key: Uint8Array): number {
  let hash = 0;
  for (let i = 0; i < HASH_BYTES; i++) hash = hash * 256 + (key[i] ?? 0);
  return hash;
}

/** Small buffers are parts of larger ones, which would be kept with them. */
function copied({ from, to, reverse }: Bounds): Bounds {
  return { from: new Uint8Array(from), to: new Uint8Array(to), reverse };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
