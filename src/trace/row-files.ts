/**
 * The files that rows are appended to as they come. They make rows safe from a kill before the store knows them, and hold
 * many for good: the store then knows only where. What the store took over whole is overwritten by what comes next.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { framesOfOneGeneration } from './row-frames.ts';

/** Bytes of one file: `to` is exclusive. */
export interface Extent {
  readonly file: number;
  readonly from: number;
  readonly to: number;
}

export interface RowFiles {
  /** Frames written now carry it. Changes with `keep` and `goBack`, so that what lies behind them from earlier is told from them. */
  readonly generation: number;
  /** Numbers of the files there are, the oldest first. */
  numbers(): number[];
  /** Frames in a file from this byte on: those of one generation. A torn last one is left out. */
  framesFrom(file: number, from: number): Uint8Array[];
  /** False when the disk took only a part. */
  append(bytes: Buffer, from: number, to: number): boolean;
  /** Where what was appended since the last `keep` or `goBack` is. */
  appended(): Extent;
  /** It stays. */
  keep(): void;
  /** What was appended since then is not wanted any more. */
  goBack(): void;
  /** Empty when the file is gone. */
  read(extent: Extent): Uint8Array;
  /** Leaves only the first bytes of a file; none: removes it. Not for the one that is written. */
  shorten(file: number, bytes: number): void;
  /** Whether rows are being appended to this one. */
  isWritten(file: number): boolean;
  /** Removes all files. */
  clear(): void;
  close(): void;
}

/** A file that holds so much is followed by another one, so that old rows go with whole files. */
const FILE_BYTES = 8 * 1024 * 1024;
const NOTHING = Buffer.alloc(8);
const EMPTY = new Uint8Array(0);
const NAME = /^rows-(\d+)$/;
/** Of earlier builds; only ever read. */
const OLDER = 'journal.log';

/** Nothing is made before the first `append`. */
export function openRowFiles(folder: string): RowFiles {
  let written: { readonly file: number; readonly fd: number } | undefined;
  let generation = 1;
  /** In the written file: what stays ends at `kept`, what was appended at `end`, what was ever appended at `high`. */
  let [kept, end, high] = [0, 0, 0];

  /** An old file that the next one writes over: what the kernel has in memory takes a third of the time that new pages take. */
  const spare = join(folder, 'rows-spare');
  let hasSetAside = false;
  const pathOf = (file: number) => join(folder, file === 0 ? OLDER : `rows-${file}`);

  const numbers = () => {
    if (!existsSync(folder)) return [];
    const found = readdirSync(folder).flatMap((name) =>
      name === OLDER ? '0' : (NAME.exec(name)?.[1] ?? []),
    );
    return found.map(Number).sort((a, b) => a - b);
  };

  const begin = () => {
    const file = (numbers().at(-1) ?? 0) + 1;
    try {
      renameSync(spare, pathOf(file));
    } catch {
      return { file, fd: openSync(pathOf(file), 'wx+', 0o644) };
    }
    const fd = openSync(pathOf(file), 'r+');
    high = fstatSync(fd).size;
    return { file, fd };
  };

  /** Answers whether it can be: one that was full. */
  const setAside = (file: number): boolean => {
    try {
      const fd = openSync(pathOf(file), 'r+');
      try {
        if (fstatSync(fd).size < FILE_BYTES) return false;
        // No row of it may be found again.
        writeSync(fd, NOTHING, 0, NOTHING.length, 0);
      } finally {
        closeSync(fd);
      }
      renameSync(pathOf(file), spare);
      hasSetAside = true;
      return true;
    } catch {
      return false;
    }
  };

  /** Answers how many bytes the disk took. */
  const write = (bytes: Buffer, from: number, length: number): number => {
    try {
      written ??= begin();
      return writeSync(written.fd, bytes, from, length, end);
    } catch {
      // The store is asked to take the rows then, and says what is wrong with the disk.
      return 0;
    }
  };

  /** What lies behind must not be taken for rows that were left. */
  const seal = () => {
    generation = (generation + 1) % 0xffffffff;
    if (high > end) write(NOTHING, 0, NOTHING.length);
  };

  const finish = () => {
    if (!written) return;
    const { file, fd } = written;
    written = undefined;
    ftruncateSync(fd, kept);
    closeSync(fd);
    if (kept === 0) rmSync(pathOf(file), { force: true });
    [kept, end, high] = [0, 0, 0];
  };

  /** Opened anew each time: a file may be gone, and another one have its name. */
  const open = (file: number): number | undefined => {
    try {
      return openSync(pathOf(file), 'r');
    } catch {
      return undefined;
    }
  };

  const read = ({ file, from, to }: Extent): Uint8Array => {
    const fd = open(file);
    if (fd === undefined) return EMPTY;
    try {
      const bytes = Buffer.allocUnsafeSlow(to - from);
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
    } finally {
      closeSync(fd);
    }
  };

  return {
    get generation() {
      return generation;
    },
    numbers,
    framesFrom(file, from) {
      const size = statSync(pathOf(file), { throwIfNoEntry: false })?.size ?? 0;
      return size > from ? [...framesOfOneGeneration(read({ file, from, to: size }))] : [];
    },
    append(bytes, from, to) {
      const length = to - from;
      const took = write(bytes, from, length);
      end += length;
      high = Math.max(high, end);
      return took === length;
    },
    appended: () => ({ file: written?.file ?? 0, from: kept, to: end }),
    keep() {
      kept = end;
      if (kept > FILE_BYTES) finish();
      seal();
    },
    goBack() {
      end = kept;
      seal();
    },
    read,
    shorten(file, bytes) {
      if (bytes > 0) truncateSync(pathOf(file), bytes);
      else if (!setAside(file)) rmSync(pathOf(file), { force: true });
    },
    isWritten: (file) => written?.file === file,
    clear() {
      kept = 0;
      finish();
      for (const file of numbers()) rmSync(pathOf(file), { force: true });
      rmSync(spare, { force: true });
    },
    close() {
      finish();
      // Not that of another process, which is at work while this one reads.
      if (hasSetAside) rmSync(spare, { force: true });
    },
  };
}
