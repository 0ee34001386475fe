/**
 * Sequence numbers in the service's form: 186 bits in decimal. From the top, in hex digits: `2`, nine of the second the shard was
 * made, one of the shard, sixteen of the record's place in the shard, two of nothing, nine of the record's second, eight of the
 * shard, and the version, `2`. Source: mhart/kinesalite, which worked them out from the service's answers.
 */

export interface Sequence {
  /** 1, 2, 3, … in the shard. */
  readonly index: number;
  /** Epoch ms, of whole seconds. */
  readonly at: number;
  readonly shard: number;
  /** Epoch ms, of whole seconds. */
  readonly shardMadeAt: number;
}

const DIGITS = 47;
/** Of the number at which a shard that was closed ends. */
const LAST_INDEX = '7fffffffffffffff';

export function sequenceNumber({ index, at, shard, shardMadeAt }: Sequence): string {
  return compose(hex(index, 16), at, shard, shardMadeAt);
}

/** The number a closed shard's range ends with. */
export function endingSequenceNumber(shard: number, shardMadeAt: number, closedAt: number): string {
  return compose(LAST_INDEX, closedAt, shard, shardMadeAt);
}

function compose(index: string, at: number, shard: number, shardMadeAt: number): string {
  const nibble = (shard & 0xf).toString(16);
  return BigInt(`0x2${seconds(shardMadeAt)}${nibble}${index}00${seconds(at)}${hex(shard, 8)}2`).toString();
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
const seconds = (epochMs: number) => hex(Math.floor(epochMs / 1000), 9);

/** Undefined for what no shard of this service gave out. An index above all that are used is `Infinity`. */
export function parseSequenceNumber(text: string): Sequence | undefined {
  if (!/^[1-9]\d{0,128}$/.test(text)) return undefined;
  const digits = BigInt(text).toString(16);
  if (digits.length !== DIGITS || !digits.startsWith('2') || !digits.endsWith('2')) return undefined;
  const part = (from: number, to: number) => Number.parseInt(digits.slice(from, to), 16);
  const index = part(11, 27);
  // Above these the service's own, signed, numbers end.
  if (part(11, 12) > 7 || part(38, 39) > 7) return undefined;
  return {
    index: Number.isSafeInteger(index) ? index : Number.POSITIVE_INFINITY,
    at: part(29, 38) * 1000,
    shard: part(38, 46),
    shardMadeAt: part(1, 10) * 1000,
  };
}
