/** Shard iterators: where to read on, as text nobody but us reads. */
import { expiredIterator, invalidArgument } from './errors.ts';

export interface Iterator {
  /** Number of the stream: another one of the same name is another stream. */
  readonly stream: number;
  readonly name: string;
  readonly shard: number;
  /** Index of the next record. */
  readonly next: number;
  /** Epoch ms it was given out. */
  readonly at: number;
}

/** The service's look: eight bytes of version, then blocks of sixteen. */
const VERSION = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
const BLOCK_BYTES = 16;
const LEAST_BYTES = 144;
const LIFETIME_MS = 300_000;

export function writeIterator({ stream, name, shard, next, at }: Iterator): string {
  const text = JSON.stringify([stream, name, shard, next, at]);
  const length = Math.max(LEAST_BYTES, Math.ceil(Buffer.byteLength(text) / BLOCK_BYTES) * BLOCK_BYTES);
  return Buffer.concat([VERSION, Buffer.from(text.padEnd(length))]).toString('base64');
}

/** Throws the service's InvalidArgumentException or ExpiredIteratorException. */
export function readIterator(text: string, now: number): Iterator {
  const iterator = parse(text);
  if (!iterator || iterator.at > now) throw invalidArgument('Invalid ShardIterator.');
  if (now - iterator.at > LIFETIME_MS)
    throw expiredIterator(
      `Iterator expired. The iterator was created at time ${utcText(iterator.at)} while right now it is ${utcText(now)} which is further in the future than the tolerated delay of ${LIFETIME_MS} milliseconds.`,
    );
  return iterator;
}

function parse(text: string): Iterator | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text || !bytes.subarray(0, VERSION.length).equals(VERSION))
    return undefined;
  let fields: unknown;
  try {
    fields = JSON.parse(bytes.toString('utf8', VERSION.length));
  } catch {
    return undefined;
  }
  if (!Array.isArray(fields)) return undefined;
  const [stream, name, shard, next, at] = fields as unknown[];
  if (typeof stream !== 'number' || typeof name !== 'string' || typeof shard !== 'number') return undefined;
  if (typeof next !== 'number' || typeof at !== 'number') return undefined;
  return { stream, name, shard, next, at };
}

/** `Thu Jan 22 01:22:02 UTC 2015`. */
function utcText(epochMs: number): string {
  const [day, date, month, year, time] = new Date(epochMs).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
