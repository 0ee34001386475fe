/** CBOR (RFC 8949) as AWS clients use it: to and from the JSON form operations take. */
import type { JsonValue } from '../../src/model/emulator.ts';

const MAX_DEPTH = 128;
const INDEFINITE = 31;
const BREAK = 0xff;

/** Bytes become base64 text, times epoch seconds; `ticks`: of the caller's times in a second. Throws an Error that says what is wrong. */
export function decodeCbor(bytes: Buffer, ticks = 1): JsonValue {
  const reader = { bytes, at: 0, ticks };
  const value = readValue(reader, 0);
  if (reader.at !== bytes.length) throw new Error('bytes follow the value');
  return value;
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
  readonly ticks: number;
}

function readValue(reader: Reader, depth: number): JsonValue {
  if (depth > MAX_DEPTH) throw new Error('it is nested too deeply');
  const initial = byte(reader);
  const major = initial >> 5;
  const minor = initial & 0x1f;
  switch (major) {
    case 0:
      return readLength(reader, minor);
    case 1:
      return -1 - readLength(reader, minor);
    case 2:
      return readString(reader, minor, 2).toString('base64');
    case 3:
      return readString(reader, minor, 3).toString('utf8');
    case 4:
      return readList(reader, minor, depth);
    case 5:
      return readMap(reader, minor, depth);
    case 6:
      return readTagged(reader, minor, depth);
    default:
      return readSimple(reader, minor);
  }
}

function byte(reader: Reader): number {
  const value = reader.bytes[reader.at++];
  if (value === undefined) throw new Error('it ends too early');
  return value;
}

function take(reader: Reader, length: number): Buffer {
  const from = reader.at;
  reader.at += length;
  if (reader.at > reader.bytes.length) throw new Error('it ends too early');
  return reader.bytes.subarray(from, reader.at);
}

function readLength(reader: Reader, minor: number): number {
  if (minor < 24) return minor;
  if (minor === 24) return byte(reader);
  if (minor === 25) return take(reader, 2).readUInt16BE();
  if (minor === 26) return take(reader, 4).readUInt32BE();
  if (minor === 27) return Number(take(reader, 8).readBigUInt64BE());
  throw new Error(`the length form ${minor} is reserved`);
}

/** Calls `each` per item until the count or the break. */
function items(reader: Reader, minor: number, each: () => void): void {
  if (minor === INDEFINITE) {
    while (reader.bytes[reader.at] !== BREAK) each();
    reader.at++;
    return;
  }
  const count = readLength(reader, minor);
  for (let n = 0; n < count; n++) each();
}

function readString(reader: Reader, minor: number, major: number): Buffer {
  if (minor !== INDEFINITE) return take(reader, readLength(reader, minor));
  const chunks: Buffer[] = [];
  items(reader, minor, () => {
    const initial = byte(reader);
    if (initial >> 5 !== major) throw new Error('a string has a chunk of another kind');
    chunks.push(take(reader, readLength(reader, initial & 0x1f)));
  });
  return Buffer.concat(chunks);
}

function readList(reader: Reader, minor: number, depth: number): JsonValue[] {
  const list: JsonValue[] = [];
  items(reader, minor, () => void list.push(readValue(reader, depth + 1)));
  return list;
}

function readMap(reader: Reader, minor: number, depth: number): JsonValue {
  const entries: [string, JsonValue][] = [];
  items(reader, minor, () => {
    const key = readValue(reader, depth + 1);
    if (typeof key !== 'string') throw new Error('a map has a key that is no text');
    entries.push([key, readValue(reader, depth + 1)]);
  });
  return Object.fromEntries(entries);
}

/** Tag 1 is a time, 2 and 3 are big integers in bytes; others say nothing JSON could. */
function readTagged(reader: Reader, minor: number, depth: number): JsonValue {
  const tag = readLength(reader, minor);
  const value = readValue(reader, depth + 1);
  if (tag === 1 && typeof value === 'number') return value / reader.ticks;
  if ((tag !== 2 && tag !== 3) || typeof value !== 'string') return value;
  const magnitude = BigInt(`0x${Buffer.from(value, 'base64').toString('hex') || '0'}`);
  return Number(tag === 2 ? magnitude : -1n - magnitude);
}

function readSimple(reader: Reader, minor: number): JsonValue {
  if (minor === 20) return false;
  if (minor === 21) return true;
  if (minor === 22 || minor === 23) return null;
  if (minor === 25) return halfFloat(take(reader, 2).readUInt16BE());
  if (minor === 26) return take(reader, 4).readFloatBE();
  if (minor === 27) return take(reader, 8).readDoubleBE();
  throw new Error(`the simple value ${minor} is not known`);
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

export interface CborMembers {
  /** Members whose text is base64 of bytes. */
  readonly blobs: ReadonlySet<string>;
  /** Members whose numbers are epoch seconds. */
  readonly timestamps: ReadonlySet<string>;
  /** How many of them a second has on the wire; absent = 1. */
  readonly ticks?: number;
}

export function encodeCbor(value: JsonValue, members: CborMembers): Buffer {
  const chunks: Buffer[] = [];
  writeValue(chunks, value, undefined, members);
  return Buffer.concat(chunks);
}

/** `member` is the structure member the value is of. */
function writeValue(
  chunks: Buffer[],
  value: JsonValue,
  member: string | undefined,
  members: CborMembers,
): void {
  if (value === null) chunks.push(Buffer.from([0xf6]));
  else if (typeof value === 'boolean') chunks.push(Buffer.from([value ? 0xf5 : 0xf4]));
  else if (typeof value === 'number')
    writeNumber(chunks, value, member !== undefined && members.timestamps.has(member), members.ticks);
  else if (typeof value === 'string')
    writeText(chunks, value, member !== undefined && members.blobs.has(member));
  else if (Array.isArray(value)) {
    chunks.push(head(4, value.length));
    for (const item of value) writeValue(chunks, item, member, members);
  } else {
    const entries = Object.entries(value).filter((entry) => entry[1] !== undefined);
    chunks.push(head(5, entries.length));
    for (const [key, item] of entries) {
      writeText(chunks, key, false);
      writeValue(chunks, item, key, members);
    }
  }
}

function writeText(chunks: Buffer[], text: string, isBase64: boolean): void {
  const bytes = Buffer.from(text, isBase64 ? 'base64' : 'utf8');
  chunks.push(head(isBase64 ? 2 : 3, bytes.length), bytes);
}

function writeNumber(chunks: Buffer[], number: number, isTime: boolean, ticks = 1): void {
  if (isTime) chunks.push(head(6, 1));
  const value = isTime && ticks > 1 ? Math.round(number * ticks) : number;
  if (Number.isSafeInteger(value)) chunks.push(value < 0 ? head(1, -1 - value) : head(0, value));
  else {
    const bytes = Buffer.alloc(9, 0xfb);
    bytes.writeDoubleBE(value, 1);
    chunks.push(bytes);
  }
}

function head(major: number, length: number): Buffer {
  const top = major << 5;
  if (length < 24) return Buffer.from([top | length]);
  if (length < 0x100) return Buffer.from([top | 24, length]);
  if (length < 0x10000) return Buffer.from([top | 25, length >> 8, length & 0xff]);
  if (length < 0x1_0000_0000) {
    const bytes = Buffer.alloc(5, top | 26);
    bytes.writeUInt32BE(length, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(9, top | 27);
  bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}
