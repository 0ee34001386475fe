/** The checksums clients send with bodies, and how those of parts make one of a whole object. */
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { invalidRequest } from '../errors.ts';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from '../model.ts';
import { combineCrc, crc32c, crc64nvme } from './crc.ts';

export const ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];

export interface RunningChecksum {
  readonly algorithm: ChecksumAlgorithm;
  update(bytes: Uint8Array): void;
  /** Base64. */
  value(): string;
}

const BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case 'CRC32':
      return runningCrc(algorithm, (bytes, before) => crc32(bytes, before));
    case 'CRC32C':
      return runningCrc(algorithm, crc32c);
    case 'CRC64NVME':
      return running64();
    default:
      return runningHash(algorithm, createHash(algorithm.toLowerCase()));
  }
}

function runningCrc(
  algorithm: ChecksumAlgorithm,
  step: (bytes: Uint8Array, before: number) => number,
): RunningChecksum {
  let crc = 0;
  return {
    algorithm,
    update(bytes) {
      crc = step(bytes, crc);
    },
    value() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(crc >>> 0);
      return bytes.toString('base64');
    },
  };
}

function running64(): RunningChecksum {
  let crc = 0n;
  return {
    algorithm: 'CRC64NVME',
    update(bytes) {
      crc = crc64nvme(bytes, crc);
    },
    value: () => base64Of(crc, 8),
  };
}

function runningHash(algorithm: ChecksumAlgorithm, hash: Hash): RunningChecksum {
  return { algorithm, update: (bytes) => void hash.update(bytes), value: () => hash.digest('base64') };
}

function base64Of(number: bigint, bytes: number): string {
  return Buffer.from(number.toString(16).padStart(bytes * 2, '0'), 'hex').toString('base64');
}

/** `x-amz-checksum-crc32`. */
export const checksumHeader = (algorithm: ChecksumAlgorithm) => `x-amz-checksum-${algorithm.toLowerCase()}`;

/** Of the names clients write: `CRC32`, `crc32c`. */
export function asAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  const upper = name?.toUpperCase();
  return ALGORITHMS.find((algorithm) => algorithm === upper);
}

export function isChecksumValue(algorithm: ChecksumAlgorithm, value: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) && Buffer.from(value, 'base64').length === BYTES[algorithm];
}

/** Which type an upload in parts has when the client names none. Throws where the two do not go together. */
export function uploadChecksumType(algorithm: ChecksumAlgorithm, asked: string | undefined): ChecksumType {
  const isHash = algorithm === 'SHA1' || algorithm === 'SHA256';
  const isWrong = (asked === 'FULL_OBJECT' && isHash) || (asked === 'COMPOSITE' && algorithm === 'CRC64NVME');
  if (isWrong)
    throw invalidRequest(
      `The ${asked} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  if (asked === 'FULL_OBJECT' || asked === 'COMPOSITE') return asked;
  return algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
}

export interface PartSum {
  readonly sizeBytes: number;
  readonly value: string;
}

export function checksumOfParts(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: readonly PartSum[],
): Checksum {
  return {
    algorithm,
    type,
    value: type === 'COMPOSITE' ? compositeOf(algorithm, parts) : wholeOf(algorithm, parts),
  };
}

function compositeOf(algorithm: ChecksumAlgorithm, parts: readonly PartSum[]): string {
  const sum = startChecksum(algorithm);
  for (const { value } of parts) sum.update(Buffer.from(value, 'base64'));
  return `${sum.value()}-${parts.length}`;
}

function wholeOf(algorithm: ChecksumAlgorithm, parts: readonly PartSum[]): string {
  const [first, ...others] = parts;
  if (!first) return startChecksum(algorithm).value();
  let crc = numberOf(first.value);
  for (const { value, sizeBytes } of others) crc = combineCrc(algorithm, crc, numberOf(value), sizeBytes);
  return base64Of(crc, BYTES[algorithm]);
}

const numberOf = (value: string) => BigInt(`0x${Buffer.from(value, 'base64').toString('hex') || '0'}`);
