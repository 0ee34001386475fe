/** `application/vnd.amazon.eventstream`: messages of headers and a payload, big-endian, with two CRC32s each. */
import { crc32 } from 'node:zlib';

export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';

/** u32 length of the message, u32 length of the headers, u32 checksum of the two. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const STRING_VALUE = 7;

/** One event: `type` and `contentType` are headers of it. */
export function encodeEvent(type: string, contentType: string, payload: Buffer): Buffer {
  const headers = Buffer.concat([
    encodeHeader(':event-type', type),
    encodeHeader(':content-type', contentType),
    encodeHeader(':message-type', 'event'),
  ]);
  const length = PRELUDE_BYTES + headers.length + payload.length + CHECKSUM_BYTES;
  const message = Buffer.allocUnsafe(length);
  message.writeUInt32BE(length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  headers.copy(message, PRELUDE_BYTES);
  payload.copy(message, PRELUDE_BYTES + headers.length);
  message.writeUInt32BE(crc32(message.subarray(0, length - CHECKSUM_BYTES)), length - CHECKSUM_BYTES);
  return message;
}

/** u8 length of the name, name, u8 type of the value, u16 length of the value, value. */
function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const valueLength = Buffer.allocUnsafe(2);
  valueLength.writeUInt16BE(valueBytes.length);
  return Buffer.concat([
    Buffer.from([nameBytes.length]),
    nameBytes,
    Buffer.from([STRING_VALUE]),
    valueLength,
    valueBytes,
  ]);
}
