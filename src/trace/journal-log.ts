/** The file that makes rows safe from a kill before they are in the store: the frames of each turn, overwritten when they are there. */
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { framesOfOneGeneration } from './frames.ts';

export interface JournalLog {
  /** Frames written now carry it. Changes with `restart`, so that what lies behind them from earlier is told from them. */
  readonly generation: number;
  /** Frames a former process left. */
  left(): Iterable<Uint8Array>;
  /** False when the disk took only a part. */
  append(bytes: Buffer, from: number, to: number): boolean;
  /** What was appended is in the store and not wanted any more. The file keeps its pages: giving them back costs more than writing. */
  restart(): void;
  /** Gives back the file's room. */
  clear(): void;
  close(): void;
}

const NOTHING = Buffer.alloc(8);

export function openLog(path: string): JournalLog {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  let generation = 1;
  let end = 0;
  return {
    get generation() {
      return generation;
    },
    left() {
      const bytes = Buffer.alloc(fstatSync(file).size);
      return framesOfOneGeneration(bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0)));
    },
    append(bytes, from, to) {
      const length = to - from;
      const written = writeSync(file, bytes, from, length, end);
      end += length;
      return written === length;
    },
    restart() {
      generation = (generation + 1) % 0xffffffff;
      if (end > 0) writeSync(file, NOTHING, 0, NOTHING.length, 0);
      end = 0;
    },
    clear: () => ftruncateSync(file, 0),
    close() {
      ftruncateSync(file, 0);
      closeSync(file);
    },
  };
}

/** The log beside the store in `folder`. */
export function journalLogOf(folder: string): string {
  return join(folder, 'journal.log');
}

/** Whether a killed process may have left rows in the log at `path`. */
export function hasLeftRows(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
