/** Shard iterators: a place in a stream and when it was given out, in one text that needs no memory on our side. */
import { validationError } from '../errors.ts';

export interface ShardIterator {
  readonly streamArn: string;
  /** Sequence of the first record to read. */
  readonly next: number;
  /** Epoch ms. */
  readonly issuedAt: number;
}

/** As the service's: the stream's ARN, `|1|`, and something opaque. */
export function writeIterator({ streamArn, next, issuedAt }: ShardIterator): string {
  return `${streamArn}|1|${Buffer.from(`${next}/${Math.floor(issuedAt)}`).toString('base64')}`;
}

/** Throws the service's ValidationException. */
export function readIterator(text: string): ShardIterator {
  const [, streamArn, encoded] = /^([^|]+)\|1\|([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const decoded = Buffer.from(encoded ?? '', 'base64').toString('latin1');
  const [, next, issuedAt] = /^(\d{1,15})\/(\d{1,15})$/.exec(decoded) ?? [];
  if (streamArn === undefined || next === undefined) throw validationError('Invalid ShardIterator');
  return { streamArn, next: Number(next), issuedAt: Number(issuedAt) };
}
