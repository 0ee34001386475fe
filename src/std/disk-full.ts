/** A disk that is full: how it shows itself, and what is thrown then. */
import { codeOf } from './errors.ts';

/** Nothing was stored, what was there stays readable, and once there is room again writing goes on. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull';
  readonly code = 'ENOSPC';

  constructor(cause: unknown) {
    super('The disk is full: nothing was stored. Please try again.', { cause });
  }
}

export function isDiskFull(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** lmdb's codes are numbers: no space (28), and what it says after writing less than it wanted (5). */
const NUMBERS: ReadonlySet<unknown> = new Set([5, 28]);

/** A failure of a transaction as it is, or `DiskFull` where that is what it means. */
export function transactionFailure(thrown: unknown): unknown {
  const isFull =
    thrown instanceof Error && 'code' in thrown && (NUMBERS.has(thrown.code) || isDiskFull(thrown));
  return isFull ? new DiskFull(thrown) : thrown;
}
