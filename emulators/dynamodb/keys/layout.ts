/** Where items and index entries stand in their ordered maps, so that Query is a range and Scan a walk. */
import type { KeySchema } from '../../../src/model/resources.ts';
import { hashNames, rangeNames } from '../../../src/std/key-names.ts';
import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import {
  closedBytes,
  escapeZeros,
  keyBytes,
  partitionHash,
  partitionHashText,
  successor,
} from './key-bytes.ts';
import type { RangeCondition } from './range-condition.ts';

/** From inclusive, to exclusive; an absent end is open. */
export interface KeyBounds {
  readonly from: Uint8Array;
  readonly to?: Uint8Array;
}

/** What is asked of the attributes only an index of several has. */
export interface FurtherParts {
  /** Values of the hash attributes behind the first. */
  readonly hashes: readonly AttributeValue[];
  /** Values of the range attributes before the one the range condition is about. */
  readonly ranges: readonly AttributeValue[];
}

export interface TableLayout {
  /** `item` has the key attributes, in the right types. */
  keyOf(item: Item): Uint8Array;
  bounds(hash: AttributeValue, range: RangeCondition | undefined, further?: FurtherParts): KeyBounds;
}

export interface IndexLayout extends TableLayout {
  /** Undefined when `item` lacks a key attribute of the index: it is not in it. */
  entryKeyOf(item: Item): Uint8Array | undefined;
}

/** Positions within one partition. */
interface Partition {
  readonly start: Uint8Array;
  /** Where range key `bytes` begins. */
  at(bytes: Uint8Array): Uint8Array;
  /** Behind everything with range key `bytes`. */
  after(bytes: Uint8Array): Uint8Array | undefined;
  /** Where range keys that begin with `bytes` begin. */
  atPrefix(bytes: Uint8Array): Uint8Array;
}

const nothing = new Uint8Array();
const ZERO = Uint8Array.of(0);

/** The partition's place, then the range key. */
export function makeTableLayout({ hash, range }: KeySchema): TableLayout {
  return {
    keyOf(item) {
      const rangeBytes = (range !== undefined && partOf(item, range)) || nothing;
      return Buffer.concat([partitionOf(attributeOf(item, hash)), rangeBytes]);
    },
    bounds(hashValue, condition) {
      const start = partitionOf(hashValue);
      const at = (bytes: Uint8Array) => Buffer.concat([start, bytes]);
      const after = (bytes: Uint8Array) => Buffer.concat([start, bytes, ZERO]);
      return boundsOf({ start, at, after, atPrefix: at }, condition);
    },
  };
}

/** In front of the hash key: of its hash and its length. */
const HASH_BYTES = 6;

/** Programs come back to the same partitions, and their hash takes as long as the rest of a key. */
const recentPartitions = new Map<string, Buffer>();
const RECENT_PARTITIONS = 1024;

/** 4 bytes of the hash key's hash, 2 of its length, the hash key. Not to be written to. */
function partitionOf(value: AttributeValue | undefined): Buffer {
  if (!value || !('S' in value)) return makePartition(value ? keyBytes(value) : nothing);
  const known = recentPartitions.get(value.S);
  if (known) return known;
  if (recentPartitions.size >= RECENT_PARTITIONS) recentPartitions.clear();
  const partition = makePartition(keyBytes(value));
  // Not `value.S`, which may be a part of a request that would be kept with it.
  recentPartitions.set(partition.toString('utf8', HASH_BYTES), partition);
  return partition;
}

function makePartition(hashBytes: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(HASH_BYTES + hashBytes.length);
  bytes.write(partitionHashText(hashBytes).slice(0, 4), 'latin1');
  bytes.writeUInt16BE(hashBytes.length, 4);
  bytes.set(hashBytes, HASH_BYTES);
  return bytes;
}

/**
 * The 16-byte hash of the index's hash attributes, its range attributes closed, the 16-byte hash of the table's key and the
 * length of its hash key, which tells keys apart that are the same bytes in a row: entries with equal index keys stand in the
 * order of that hash, as in the service. Hashes keep the length below what a map allows.
 */
export function makeIndexLayout(key: KeySchema, tableKey: KeySchema): IndexLayout {
  const hashes = hashNames(key);
  const ranges = rangeNames(key);
  const entryKeyOf = (item: Item) => {
    const hashParts = partsOf(item, hashes);
    const rangeParts = partsOf(item, ranges);
    if (!hashParts || !rangeParts) return undefined;
    return Buffer.concat([
      indexPartition(hashParts),
      ...rangeParts.map(closedBytes),
      tableKeyHash(item, tableKey),
    ]);
  };
  return {
    entryKeyOf,
    keyOf: (item) => entryKeyOf(item) ?? nothing,
    bounds(hashValue, condition, further) {
      const partition = indexPartition([hashValue, ...(further?.hashes ?? [])].map(keyBytes));
      const start = further
        ? Buffer.concat([partition, ...further.ranges.map((value) => closedBytes(keyBytes(value)))])
        : partition;
      const at = (bytes: Uint8Array) => Buffer.concat([start, closedBytes(bytes)]);
      const atPrefix = (bytes: Uint8Array) => Buffer.concat([start, escapeZeros(bytes)]);
      return boundsOf({ start, at, after: (bytes) => successor(at(bytes)), atPrefix }, condition);
    },
  };
}

function indexPartition(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? partitionHash(...parts) : partitionHash(...parts.map(closedBytes));
}

/** Where a Scan of one of `totalSegments` begins and ends: equal shares of the range of hashes. */
export function segmentBounds(segment: number, totalSegments: number): KeyBounds {
  const to = segment + 1 === totalSegments ? undefined : hashAt((segment + 1) / totalSegments);
  return { from: hashAt(segment / totalSegments), ...(to && { to }) };
}

function hashAt(share: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Math.ceil(2 ** 32 * share));
  return bytes;
}

function boundsOf(partition: Partition, condition: RangeCondition | undefined): KeyBounds {
  const { start, at, after, atPrefix } = partition;
  const first = start;
  const end = successor(start);
  switch (condition?.operator) {
    case undefined:
      return bounds(first, end);
    case '=':
      return bounds(at(keyBytes(condition.value)), after(keyBytes(condition.value)));
    case '<':
      return bounds(first, at(keyBytes(condition.value)));
    case '<=':
      return bounds(first, after(keyBytes(condition.value)));
    case '>':
      return bounds(after(keyBytes(condition.value)) ?? first, end);
    case '>=':
      return bounds(at(keyBytes(condition.value)), end);
    case 'BETWEEN':
      return bounds(at(keyBytes(condition.low)), after(keyBytes(condition.high)));
    case 'begins_with': {
      const begin = atPrefix(keyBytes(condition.value));
      return bounds(begin, successor(begin));
    }
  }
}

function bounds(from: Uint8Array, to: Uint8Array | undefined): KeyBounds {
  return to ? { from, to } : { from };
}

function partOf(item: Item, name: string): Uint8Array | undefined {
  const value = attributeOf(item, name);
  return value && keyBytes(value);
}

function partsOf(item: Item, names: readonly string[]): readonly Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  for (const name of names) {
    const part = partOf(item, name);
    if (!part) return undefined;
    parts.push(part);
  }
  return parts;
}

function tableKeyHash(item: Item, { hash, range }: KeySchema): Uint8Array {
  const hashBytes = partOf(item, hash) ?? nothing;
  if (range === undefined) return partitionHash(hashBytes);
  const bytes = Buffer.allocUnsafe(18);
  bytes.write(partitionHashText(hashBytes, partOf(item, range) ?? nothing), 'latin1');
  bytes.writeUInt16BE(hashBytes.length, 16);
  return bytes;
}
