/**
 * Changes a store has not committed yet, in a file of their own: to write them there costs a fraction of a commit, and a kill of
 * the process leaves them to be found. What is written in one go is one record, which counts as a whole or not at all.
 *
 * A record: CRC-32 of what follows, generation, length of the changes in bytes (u32 each), the changes.
 * A change: what it is (u8, with 128 where keys are bytes), lengths of the map's name and of the key (u16 each) and of the value
 * (u32), then the three.
 * Numbers are little-endian. Each generation is written from the file's beginning; what is left of an older one ends the reading.
 */
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { BugError } from '../errors.ts';

export interface LoggedChange {
  readonly kind: 'put' | 'remove' | 'clear';
  readonly map: string;
  readonly keys: KeyEncoding;
  /** Key and value as the bytes that the store holds; empty where the kind has none. */
  readonly key: Buffer;
  readonly value: Buffer;
}

export type KeyEncoding = 'ordered' | 'bytes';

/** A map as the log knows it. */
export interface LoggedMap {
  /** Its name in UTF-8. */
  readonly name: Uint8Array;
  readonly keys: KeyEncoding;
}

export interface WriteLog {
  /** These three add a change to the next record. Text is logged in UTF-8. */
  put(map: LoggedMap, key: Uint8Array, value: Uint8Array | string): void;
  remove(map: LoggedMap, key: Uint8Array): void;
  clear(map: LoggedMap): void;
  /** Where the next change goes: more than before when something has been added and is not written. */
  mark(): number;
  /** Forgets what was added since `mark` was so. */
  discard(mark: number): void;
  /**
   * Writes what was added, if anything; a kill of the process does not take it away any more. Throws as `fs.writeSync`: nothing
   * of it counts then.
   */
  write(): void;
  /** What is written of this generation, oldest first. */
  changes(): Iterable<LoggedChange>;
  /** Bytes written of this generation. */
  bytes(): number;
  /** The number of what is written now. */
  generation(): number;
  /** What is written counts no more; the next generation begins. */
  restart(): void;
  /** Removes the file unless something in it still counts. */
  close(): void;
}

const KINDS = ['put', 'remove', 'clear'] as const;
const [PUT, REMOVE, CLEAR] = [0, 1, 2];
const BYTE_KEYS = 128;

const RECORD_HEADER_BYTES = 12;
const GENERATION_AT = 4;
const BYTES_AT = 8;
const CHANGE_HEADER_BYTES = 9;
const VALUE_BYTES_AT = 5;
const FIRST_BUFFER_BYTES = 64 * 1024;
/** A single large record does not keep its memory. */
const KEPT_BUFFER_BYTES = 1024 * 1024;
const NOTHING = new Uint8Array(0);

/** What the log at `path` holds of a generation, oldest first; nothing where there is no log. */
export function loggedIn(path: string, generation: number): readonly LoggedChange[] {
  if (!existsSync(path)) return [];
  const file = openSync(path, 'r');
  try {
    return [...changesIn(file, generation)];
  } finally {
    closeSync(file);
  }
}

/** Opens the log at `path`, or creates it, to be written from its beginning. */
export function openWriteLog(path: string, firstGeneration: number): WriteLog {
  let generation = firstGeneration;
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT);
  let buffer = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);
  let end = RECORD_HEADER_BYTES;
  let position = 0;
  let isClosed = false;

  const makeRoom = (wholeBytes: number): void => {
    const larger = Buffer.allocUnsafeSlow(Math.max(wholeBytes, buffer.length * 2));
    buffer.copy(larger, 0, 0, end);
    buffer = larger;
  };

  /** Adds a change without its value, for which there is room then. Answers where the change begins. */
  const addHead = (kind: number, { name, keys }: LoggedMap, key: Uint8Array, valueBytes: number): number => {
    const at = end;
    const nameAt = at + CHANGE_HEADER_BYTES;
    const keyAt = nameAt + name.length;
    const headEnd = keyAt + key.length;
    if (headEnd + valueBytes > buffer.length) makeRoom(headEnd + valueBytes);
    buffer[at] = keys === 'bytes' ? kind | BYTE_KEYS : kind;
    buffer.writeUInt16LE(name.length, at + 1);
    buffer.writeUInt16LE(key.length, at + 3);
    buffer.writeUInt32LE(0, at + VALUE_BYTES_AT);
    buffer.set(name, nameAt);
    buffer.set(key, keyAt);
    end = headEnd;
    return at;
  };

  const empty = (): void => {
    end = RECORD_HEADER_BYTES;
    if (buffer.length > KEPT_BUFFER_BYTES) buffer = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);
  };

  return {
    put(map, key, value) {
      const mostBytes = typeof value === 'string' ? value.length * 3 : value.length;
      const at = addHead(PUT, map, key, mostBytes);
      const bytes = typeof value === 'string' ? buffer.write(value, end) : value.length;
      if (typeof value !== 'string') buffer.set(value, end);
      buffer.writeUInt32LE(bytes, at + VALUE_BYTES_AT);
      end += bytes;
    },
    remove(map, key) {
      addHead(REMOVE, map, key, 0);
    },
    clear(map) {
      addHead(CLEAR, map, NOTHING, 0);
    },
    mark: () => end,
    discard(mark) {
      end = mark;
    },
    write() {
      if (isClosed) throw new BugError('a store was written to after it was closed');
      if (end === RECORD_HEADER_BYTES) return;
      const record = buffer.subarray(0, end);
      record.writeUInt32LE(generation, GENERATION_AT);
      record.writeUInt32LE(end - RECORD_HEADER_BYTES, BYTES_AT);
      record.writeUInt32LE(checkOf(record), 0);
      empty();
      writeWhole(file, record, position);
      position += record.length;
    },
    changes: () => changesIn(file, generation),
    bytes: () => position,
    generation: () => generation,
    restart() {
      generation = (generation + 1) >>> 0;
      position = 0;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      closeSync(file);
      if (position === 0) rmSync(path, { force: true });
    },
  };
}

function checkOf(record: Buffer): number {
  return crc32(record.subarray(GENERATION_AT));
}

function writeWhole(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

function* changesIn(file: number, generation: number): Iterable<LoggedChange> {
  const size = fstatSync(file).size;
  for (let position = 0; ; ) {
    const record = readRecord(file, position, size);
    if (record?.readUInt32LE(GENERATION_AT) !== generation) return;
    yield* changesOf(record);
    position += record.length;
  }
}

/** Undefined where there is no whole record. */
function readRecord(file: number, position: number, size: number): Buffer | undefined {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  if (position + header.length > size) return undefined;
  readSync(file, header, 0, header.length, position);
  const bytes = header.length + header.readUInt32LE(BYTES_AT);
  if (position + bytes > size) return undefined;
  const record = Buffer.alloc(bytes);
  readSync(file, record, 0, bytes, position);
  return record.readUInt32LE(0) === checkOf(record) ? record : undefined;
}

function* changesOf(record: Buffer): Iterable<LoggedChange> {
  for (let at = RECORD_HEADER_BYTES; at < record.length; ) {
    const what = record[at] ?? 0;
    const mapEnd = at + CHANGE_HEADER_BYTES + record.readUInt16LE(at + 1);
    const keyEnd = mapEnd + record.readUInt16LE(at + 3);
    const end = keyEnd + record.readUInt32LE(at + VALUE_BYTES_AT);
    yield {
      kind: KINDS[what & ~BYTE_KEYS] ?? 'put',
      keys: what & BYTE_KEYS ? 'bytes' : 'ordered',
      map: record.toString('utf8', at + CHANGE_HEADER_BYTES, mapEnd),
      key: record.subarray(mapEnd, keyEnd),
      value: record.subarray(keyEnd, end),
    };
    at = end;
  }
}
