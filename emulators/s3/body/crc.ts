/** Cyclic redundancy checks Node.js has none of: CRC-32C, CRC-64/NVME, and the check of two pieces from those of each. */
import type { ChecksumAlgorithm } from '../model.ts';

/** Reflected polynomials. Sources: RFC 3720 (CRC-32C), NVM Express NVM Command Set 1.0 (CRC-64), ISO 3309 (CRC-32). */
const CRC32C = 0x82f63b78;
const CRC32 = 0xedb88320;
const CRC64_HIGH = 0x9a6c9329;
const CRC64_LOW = 0xac4bc9b5;

/** Bytes looked up at once. */
const SLICES = 8;

const tables32 = lazily(() => {
  const tables = Array.from({ length: SLICES }, () => new Uint32Array(256));
  for (let n = 0; n < 256; n++) {
    let crc = n;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CRC32C : crc >>> 1;
    table(tables, 0)[n] = crc;
  }
  for (let n = 0; n < 256; n++)
    for (let slice = 1; slice < SLICES; slice++) {
      const before = at(table(tables, slice - 1), n);
      table(tables, slice)[n] = (before >>> 8) ^ at(table(tables, 0), before & 0xff);
    }
  return tables;
});

export function crc32c(bytes: Uint8Array, before = 0): number {
  const tables = tables32();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = Array.from({ length: SLICES }, (_, slice) => table(tables, slice));
  if (!t0 || !t1 || !t2 || !t3 || !t4 || !t5 || !t6 || !t7) return 0;
  let crc = ~before;
  let n = 0;
  for (const end = bytes.length - (bytes.length % SLICES); n < end; n += SLICES) {
    const low =
      crc ^ (at(bytes, n) | (at(bytes, n + 1) << 8) | (at(bytes, n + 2) << 16) | (at(bytes, n + 3) << 24));
    crc =
      at(t7, low & 0xff) ^
      at(t6, (low >>> 8) & 0xff) ^
      at(t5, (low >>> 16) & 0xff) ^
      at(t4, low >>> 24) ^
      at(t3, at(bytes, n + 4)) ^
      at(t2, at(bytes, n + 5)) ^
      at(t1, at(bytes, n + 6)) ^
      at(t0, at(bytes, n + 7));
  }
  for (; n < bytes.length; n++) crc = (crc >>> 8) ^ at(t0, (crc ^ at(bytes, n)) & 0xff);
  return ~crc >>> 0;
}

interface Halves {
  readonly high: readonly Uint32Array[];
  readonly low: readonly Uint32Array[];
}

const tables64 = lazily((): Halves => {
  const high = Array.from({ length: SLICES }, () => new Uint32Array(256));
  const low = Array.from({ length: SLICES }, () => new Uint32Array(256));
  for (let n = 0; n < 256; n++) {
    let h = 0;
    let l = n;
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (carry) {
        h ^= CRC64_HIGH;
        l ^= CRC64_LOW;
      }
    }
    table(high, 0)[n] = h;
    table(low, 0)[n] = l;
  }
  for (let n = 0; n < 256; n++)
    for (let slice = 1; slice < SLICES; slice++) {
      const h = at(table(high, slice - 1), n);
      const l = at(table(low, slice - 1), n);
      table(high, slice)[n] = (h >>> 8) ^ at(table(high, 0), l & 0xff);
      table(low, slice)[n] = ((l >>> 8) | (h << 24)) ^ at(table(low, 0), l & 0xff);
    }
  return { high, low };
});

/** In two halves of 32 bits: big integers are a hundred times slower. */
export function crc64nvme(bytes: Uint8Array, before = 0n): bigint {
  const { high, low } = tables64();
  let h = ~Number(before >> 32n);
  let l = ~Number(before & 0xffffffffn);
  let n = 0;
  for (const end = bytes.length - (bytes.length % SLICES); n < end; n += SLICES) {
    const a =
      l ^ (at(bytes, n) | (at(bytes, n + 1) << 8) | (at(bytes, n + 2) << 16) | (at(bytes, n + 3) << 24));
    const b =
      h ^ (at(bytes, n + 4) | (at(bytes, n + 5) << 8) | (at(bytes, n + 6) << 16) | (at(bytes, n + 7) << 24));
    h = eight(high, a, b);
    l = eight(low, a, b);
  }
  for (; n < bytes.length; n++) {
    const index = (l ^ at(bytes, n)) & 0xff;
    l = ((l >>> 8) | (h << 24)) ^ at(table(low, 0), index);
    h = (h >>> 8) ^ at(table(high, 0), index);
  }
  return (BigInt(~h >>> 0) << 32n) | BigInt(~l >>> 0);
}

function eight(tables: readonly Uint32Array[], a: number, b: number): number {
  return (
    at(table(tables, 7), a & 0xff) ^
    at(table(tables, 6), (a >>> 8) & 0xff) ^
    at(table(tables, 5), (a >>> 16) & 0xff) ^
    at(table(tables, 4), a >>> 24) ^
    at(table(tables, 3), b & 0xff) ^
    at(table(tables, 2), (b >>> 8) & 0xff) ^
    at(table(tables, 1), (b >>> 16) & 0xff) ^
    at(table(tables, 0), b >>> 24)
  );
}

const POLYNOMIALS: Partial<Record<ChecksumAlgorithm, { readonly bits: number; readonly value: bigint }>> = {
  CRC32: { bits: 32, value: BigInt(CRC32) },
  CRC32C: { bits: 32, value: BigInt(CRC32C) },
  CRC64NVME: { bits: 64, value: (BigInt(CRC64_HIGH) << 32n) | BigInt(CRC64_LOW) },
};

/** The check of two pieces after each other; `lengthBytes` is that of the second. */
export function combineCrc(
  algorithm: ChecksumAlgorithm,
  first: bigint,
  second: bigint,
  lengthBytes: number,
): bigint {
  const polynomial = POLYNOMIALS[algorithm];
  if (!polynomial) throw new Error(`${algorithm} checks cannot be combined`);
  const { bits, value } = polynomial;
  // The first check moves on by 8 × length zero bits: a matrix over GF(2), squared as the length is halved.
  let matrix = Array.from({ length: bits }, (_, bit) => (bit === 0 ? value : 1n << BigInt(bit - 1)));
  for (let doubled = 0; doubled < 3; doubled++) matrix = squared(matrix);
  let moved = first;
  for (let left = BigInt(lengthBytes); left > 0n; left >>= 1n) {
    if (left & 1n) moved = times(matrix, moved);
    matrix = squared(matrix);
  }
  return moved ^ second;
}

function squared(matrix: readonly bigint[]): bigint[] {
  return matrix.map((row) => times(matrix, row));
}

function times(matrix: readonly bigint[], vector: bigint): bigint {
  let sum = 0n;
  let left = vector;
  for (let bit = 0; left > 0n; bit++, left >>= 1n) if (left & 1n) sum ^= matrix[bit] ?? 0n;
  return sum;
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Indexes stay within bounds by their masks; the types cannot know. */
const at = (values: Uint32Array | Uint8Array, index: number): number => values[index] as number;
const table = (tables: readonly Uint32Array[], index: number): Uint32Array => tables[index] as Uint32Array;
