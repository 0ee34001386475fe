/**
 * Sequence numbers: 21 digits that order as texts and as numbers alike. A shard begins and ends at numbers of its own
 * between those of its records, as the service's do, so that reading after either misses nothing.
 */

const COUNTER_DIGITS = 17;
const SHARD_START = '001';
const SHARD_END = '002';

export function sequenceNumber(sequence: number): string {
  return numberOf(sequence, '000');
}

/** Where a shard begins whose first `trimmedTo` records are gone. */
export function shardStart(trimmedTo: number): string {
  return numberOf(trimmedTo, SHARD_START);
}

export function shardEnd(newest: number): string {
  return numberOf(newest, SHARD_END);
}

/** Sequence of the first record at or behind that number; undefined for what cannot be one of these numbers. */
export function sequenceAt(number: string): number | undefined {
  return parse(number)?.at;
}

/** Sequence of the first record behind that number. */
export function sequenceAfter(number: string): number | undefined {
  return parse(number)?.after;
}

function parse(number: string): { readonly at: number; readonly after: number } | undefined {
  const [, counter, place] = /^1(\d{17})(\d{3})$/.exec(number) ?? [];
  if (counter === undefined) return undefined;
  const sequence = Number(counter);
  return { at: place === '000' ? sequence : sequence + 1, after: sequence + 1 };
}

function numberOf(sequence: number, place: string): string {
  return `1${String(sequence).padStart(COUNTER_DIGITS, '0')}${place}`;
}
