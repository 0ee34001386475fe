/** Packets of the Java Debug Wire Protocol: cut from a stream of bytes, and made. */

export interface Packet {
  readonly id: number;
  readonly kind: 'command' | 'reply';
  /** Of commands: command set and command, `15.1`. Empty for replies. */
  readonly command: string;
  /** Of replies: 0 = it worked. */
  readonly error: number;
  readonly data: Buffer;
  /** All of it, to be sent on. */
  readonly bytes: Buffer;
}

/** What each side says before its first packet. Source: JDWP specification, "JDWP Handshake". */
export const HELLO = Buffer.from('JDWP-Handshake');

const HEADER_BYTES = 11;
const REPLY_FLAG = 0x80;
const LARGEST_BYTES = 256 * 1024 * 1024;

/** `onWrong` is called once for what is no packet; nothing more is read then. */
export function makePacketReader(
  onPacket: (packet: Packet) => void,
  onWrong: () => void,
): (bytes: Uint8Array) => void {
  let rest: Buffer = Buffer.alloc(0);
  let isWrong = false;
  return (bytes) => {
    if (isWrong) return;
    rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
    while (rest.length >= 4) {
      const length = rest.readUInt32BE(0);
      if (length < HEADER_BYTES || length > LARGEST_BYTES) {
        isWrong = true;
        return onWrong();
      }
      if (rest.length < length) return;
      const packet = read(rest.subarray(0, length));
      rest = rest.subarray(length);
      onPacket(packet);
    }
  };
}

function read(bytes: Buffer): Packet {
  const isReply = (bytes.readUInt8(8) & REPLY_FLAG) !== 0;
  return {
    id: bytes.readUInt32BE(4),
    kind: isReply ? 'reply' : 'command',
    command: isReply ? '' : `${bytes.readUInt8(9)}.${bytes.readUInt8(10)}`,
    error: isReply ? bytes.readUInt16BE(9) : 0,
    data: bytes.subarray(HEADER_BYTES),
    bytes,
  };
}

/** `command`: `1.9`. */
export function makeCommand(id: number, command: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const [set = 0, number = 0] = command.split('.').map(Number);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(HEADER_BYTES + data.length, 0);
  header.writeUInt32BE(id, 4);
  header.writeUInt8(set, 9);
  header.writeUInt8(number, 10);
  return Buffer.concat([header, data]);
}

/** A reply without data. */
export function makeReply(id: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(HEADER_BYTES, 0);
  header.writeUInt32BE(id, 4);
  header.writeUInt8(REPLY_FLAG, 8);
  return header;
}
