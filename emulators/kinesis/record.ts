/** A record as it is stored: one run of bytes, the data last. */
import type { TraceContext } from '../../src/model/invocation.ts';
import { formatTraceHeader, parseTraceHeader } from '../../src/std/trace-header.ts';

export interface StreamRecord {
  /** 1, 2, 3, … in its shard. */
  readonly index: number;
  /** Epoch ms it arrived, by the product's clock. */
  readonly at: number;
  readonly partitionKey: string;
  readonly data: Buffer;
  readonly encrypted: boolean;
  /** The span whose call put it. */
  readonly origin?: TraceContext;
}

/** f64 time, u8 whether encrypted, u16 length of the key, u16 length of the trace header. */
const HEAD_BYTES = 13;

export function encodeRecord({
  at,
  partitionKey,
  data,
  encrypted,
  origin,
}: Omit<StreamRecord, 'index'>): Buffer {
  const key = Buffer.from(partitionKey);
  const trace = Buffer.from(origin ? formatTraceHeader(origin) : '');
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + key.length + trace.length + data.length);
  bytes.writeDoubleBE(at, 0);
  bytes.writeUInt8(encrypted ? 1 : 0, 8);
  bytes.writeUInt16BE(key.length, 9);
  bytes.writeUInt16BE(trace.length, 11);
  key.copy(bytes, HEAD_BYTES);
  trace.copy(bytes, HEAD_BYTES + key.length);
  data.copy(bytes, HEAD_BYTES + key.length + trace.length);
  return bytes;
}

export function decodeRecord(index: number, stored: Uint8Array): StreamRecord {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const keyEnd = HEAD_BYTES + bytes.readUInt16BE(9);
  const traceEnd = keyEnd + bytes.readUInt16BE(11);
  const origin = traceEnd > keyEnd ? parseTraceHeader(bytes.toString('utf8', keyEnd, traceEnd)) : undefined;
  return {
    index,
    at: bytes.readDoubleBE(0),
    encrypted: bytes.readUInt8(8) === 1,
    partitionKey: bytes.toString('utf8', HEAD_BYTES, keyEnd),
    // What the store hands out is its own memory.
    data: Buffer.from(bytes.subarray(traceEnd)),
    ...(origin && { origin }),
  };
}

export const arrivedAt = (stored: Uint8Array): number =>
  Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).readDoubleBE(0);
