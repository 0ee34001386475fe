/** Time, identity and storage as arguments, so that tests and simulations can own them. */

/** A timer that can be cancelled; cancelling twice is fine. */
export interface Timer {
  cancel(): void;
}

/** The product's clock. It can be frozen (a debugger is paused): `now` stands still and no timer fires. */
export interface Clock {
  /** Epoch ms; monotonic except for `freeze`, which only makes it stand. */
  now(): number;
  /** Calls back once, `delayMs` of this clock's time from now; never before. Keeps the process alive only if the clock says so. */
  after(delayMs: number, fire: () => void): Timer;
  /** Resolves after `delayMs`, or rejects with the signal's reason. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** UUID v4. */
  uuid(): string;
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
}

/** Strings order by UTF-8 bytes, numbers numerically, arrays element by element. In a `bytes` map keys are Uint8Arrays ordered by byte. */
export type StoreKey = string | number | readonly (string | number)[] | Uint8Array;

export interface RangeOptions {
  /** Inclusive lower end (of the key order, also when `reverse`). */
  readonly from?: StoreKey;
  /** Exclusive upper end. */
  readonly to?: StoreKey;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** One ordered, persistent map. Reads see everything written before, in this process at once. */
export interface StoreMap<V> {
  get(key: StoreKey): V | undefined;
  has(key: StoreKey): boolean;
  /** Entries are read lazily; do not write to the same map while iterating (collect first). */
  range(options?: RangeOptions): Iterable<{ key: StoreKey; value: V }>;
  keys(options?: RangeOptions): Iterable<StoreKey>;
  count(): number;
  /** Outside `write` each of these is a transaction of its own. */
  put(key: StoreKey, value: V): void;
  remove(key: StoreKey): void;
  clear(): void;
}

export interface MapOptions {
  /** `ordered` (default): strings, numbers and arrays of them. `bytes`: Uint8Array keys up to 4,000 bytes. */
  readonly keys?: 'ordered' | 'bytes';
  /** `structured` (default): any structured-cloneable value. `bytes`: Uint8Array as is. `string`: text as is. */
  readonly values?: 'structured' | 'bytes' | 'string';
}

/** How one of several works ended. */
export type Ending<T> = { readonly value: T } | { readonly failure: unknown };

/** An embedded, ordered, transactional key-value store. What was written survives a kill of the process at once. */
export interface Store {
  /** Opens (or creates) a map; the same name gives the same data. */
  map<V>(name: string, options?: MapOptions): StoreMap<V>;
  /** Removes a map and its data. */
  drop(name: string): void;
  /** Names of all maps. */
  names(): readonly string[];
  /** Runs `work` synchronously as one atomic transaction; a throw undoes it and passes on. Nests into the outer one. */
  write<T>(work: () => T): T;
  /**
   * Runs the works one after the other, in one transaction as far as possible: each sees what those before it wrote, and one that
   * throws undoes what it wrote itself. A work may run twice. Answers how each ended; all that is answered is committed.
   */
  writeAll<T>(works: readonly (() => T)[]): readonly Ending<T>[];
  close(): Promise<void>;
}

/** A file being written. Nobody sees it before it is kept. */
export interface BodyWriter {
  /** 32 hex. */
  readonly id: string;
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /** The content is whole and survives what the session's durability promises. */
  finish(): Promise<void>;
  /** Removes it. */
  abandon(): Promise<void>;
}

export interface BodyReader {
  /** Fills `into` from `position` on as far as the file goes; answers the bytes read. */
  read(into: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * Files beside the store for what is too large for it. Once finished a file never changes, so a snapshot can hold the very same.
 * The store says which there are: a file is kept in the turn in which what names it is stored, and what no store names goes.
 */
export interface BodyFiles {
  create(): BodyWriter;
  /** A finished file with this content, at once. To be kept like any new one. */
  write(content: Uint8Array): string;
  /** Another file with the content of a kept one, without copying where the file system can. To be kept like any new one. */
  duplicate(id: string): string;
  /** To be called right after the store's transaction. */
  keep(ids: readonly string[]): void;
  /** To be called right after the transaction that took the last name away. Readers go on reading. */
  discard(ids: readonly string[]): void;
  /** Those discarded meanwhile can still be opened until released. */
  retain(ids: readonly string[]): () => void;
  open(id: string): Promise<BodyReader>;
  /** Removes what a killed session left behind; `named` reads the ids the store names. At once where there is nothing to do. */
  recover(named: () => AsyncIterable<string>): Promise<void>;
}
