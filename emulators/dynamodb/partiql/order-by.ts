/** ORDER BY: what of it can be served, and in which order the reads are then made. */
import type { KeySchema } from '../../../src/model/resources.ts';
import { namesOf } from '../../../src/std/key-names.ts';
import { validationError } from '../errors.ts';
import { keyBytes } from '../keys/key-bytes.ts';
import type { Read } from './read-plan.ts';
import type { OrderKey, Select } from './statement.ts';

export interface OrderedReads {
  readonly reads: readonly Read[];
  /** Within each read, from the last range key to the first. */
  readonly reverse: boolean;
}

/** Throws for an order no query can give. */
export function orderReads(reads: readonly Read[], { orderBy, where }: Select, key: KeySchema): OrderedReads {
  if (orderBy.length === 0) return { reads, reverse: false };
  checkOrder(reads, orderBy, where !== undefined, key);
  const byRange = orderBy.find(({ name }) => name === key.range);
  // Left to itself behind an order of the hash key, the range key descends: measured, not documented.
  const reverse = byRange?.descending ?? true;
  const hashReverse = orderBy.find(({ name }) => name === key.hash)?.descending ?? false;
  const sorted = reads.toSorted(
    (a, b) =>
      turned(hashReverse, compareHashes(a, b)) ||
      turned(reverse, Buffer.compare(a.bounds.from, b.bounds.from)),
  );
  return { reads: sorted, reverse };
}

function checkOrder(
  reads: readonly Read[],
  orderBy: readonly OrderKey[],
  filtered: boolean,
  key: KeySchema,
): void {
  if (!filtered) throw validationError('Must have WHERE clause in the statement when using ORDER BY clause.');
  const stranger = orderBy.find(({ name }) => !namesOf(key).includes(name));
  if (stranger)
    throw validationError(`Attribute ${stranger.name} in ORDER BY clause must be part of the primary key`);
  if (reads.some(({ hash }) => !hash))
    throw validationError(
      'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
    );
  const severalHashes = reads.some((read, i) => i > 0 && compareHashes(read, reads[0]) !== 0);
  if (severalHashes && !orderBy.some(({ name }) => name === key.hash))
    throw validationError(
      'Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.',
    );
}

const nothing = new Uint8Array();

function compareHashes(a: Read, b: Read | undefined): number {
  const bytesOf = (read: Read | undefined) => (read?.hash ? keyBytes(read.hash) : nothing);
  return Buffer.compare(bytesOf(a), bytesOf(b));
}

function turned(reverse: boolean, order: number): number {
  return reverse ? -order : order;
}
