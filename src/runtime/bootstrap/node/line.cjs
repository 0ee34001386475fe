// @ts-check
'use strict';
/** The instance's end of the frame channel. A frame is `u32 length, u8 type, payload`; see contracts/frames/protocol.ts. */
const { writeSync } = require('node:fs');
const { connect } = require('node:net');

/** Frame types, as in contracts/frames/protocol.ts. */
const FRAME = {
  hello: 1,
  assign: 2,
  release: 3,
  ready: 4,
  initError: 5,
  invoke: 6,
  result: 7,
  error: 8,
  fatal: 9,
  log: 10,
  cdp: 11,
  recall: 12,
  recalled: 13,
  stream: 14,
  chunk: 15,
  taken: 16,
  wait: 17,
  early: 18,
  code: 30,
  codeEnd: 31,
};

const HEADER_BYTES = 5;
const nap = new Int32Array(new SharedArrayBuffer(4));

/**
 * `onFrame` gets each frame; a closed line ends the process, so that no instance outlives its host.
 * @param {(type: number, body: Buffer) => void} onFrame
 * @param {() => void} onOpen
 */
function makeLine(onFrame, onOpen) {
  /** @type {import('node:net').Socket} */
  let socket;
  /** @type {number} */
  let fd = -1;

  /** @param {Buffer} frame */
  const write = (frame) => {
    if (fd < 0) return void socket.write(Buffer.from(frame));
    for (let at = 0; at < frame.length; ) at += writeSome(fd, frame, at);
  };

  // One buffer for ordinary frames: they are written before `send` returns.
  const scratch = Buffer.allocUnsafeSlow(64 * 1024);

  return {
    /** @param {string} address `unix:/path` or `tcp:host:port` */
    open(address) {
      socket = address.startsWith('unix:')
        ? connect({ path: address.slice('unix:'.length) })
        : connect({ ...hostAndPort(address), noDelay: true });
      socket.on('connect', () => {
        fd = /** @type {any} */ (socket)._handle?.fd ?? -1;
        onOpen();
      });
      socket.on('data', makeReader(onFrame));
      socket.on('error', () => process.exit(1));
      socket.on('close', () => process.exit(1));
    },
    ref: () => void socket.ref(),
    unref: () => void socket.unref(),
    /**
     * @param {number} type
     * @param {string} text
     * @param {readonly number[]} [prefix] bytes before the text
     */
    send(type, text, prefix = []) {
      const start = HEADER_BYTES + prefix.length;
      const fits = start + text.length * 3 <= scratch.length;
      const frame = fits ? scratch : Buffer.allocUnsafe(start + Buffer.byteLength(text));
      const end = start + frame.write(text, start, 'utf8');
      frame.writeUInt32BE(end - HEADER_BYTES, 0);
      frame[4] = type;
      for (let i = 0; i < prefix.length; i++) frame[HEADER_BYTES + i] = /** @type {number} */ (prefix[i]);
      write(frame.subarray(0, end));
    },
    /**
     * @param {number} type
     * @param {Uint8Array} bytes few enough for the buffer of ordinary frames
     */
    sendBytes(type, bytes) {
      scratch.writeUInt32BE(bytes.length, 0);
      scratch[4] = type;
      scratch.set(bytes, HEADER_BYTES);
      write(scratch.subarray(0, HEADER_BYTES + bytes.length));
    },
  };
}

/** @param {string} address `tcp:host:port` */
function hostAndPort(address) {
  const colon = address.lastIndexOf(':');
  return { host: address.slice('tcp:'.length, colon), port: Number(address.slice(colon + 1)) };
}

/**
 * Writes past Node's stream, so that the bytes are in the kernel even if the handler never yields again.
 * @param {number} fd
 * @param {Buffer} frame
 * @param {number} at
 * @returns {number} bytes written
 */
function writeSome(fd, frame, at) {
  try {
    return writeSync(fd, frame, at, frame.length - at);
  } catch (failure) {
    if (/** @type {any} */ (failure).code !== 'EAGAIN') process.exit(1);
    // The host is behind with reading.
    Atomics.wait(nap, 0, 0, 1);
    return 0;
  }
}

/**
 * @param {(type: number, body: Buffer) => void} onFrame
 * @returns {(chunk: Buffer) => void}
 */
function makeReader(onFrame) {
  /** @type {Buffer | undefined} */
  let open;
  let type = 0;
  let filled = 0;
  /** @type {Buffer} */
  let rest = Buffer.alloc(0);
  return (bytes) => {
    let chunk = bytes;
    let at = 0;
    if (rest.length > 0) {
      chunk = Buffer.concat([rest, bytes]);
      rest = Buffer.alloc(0);
    }
    if (open) {
      at = chunk.copy(open, filled);
      filled += at;
      if (filled < open.length) return;
      const body = open;
      open = undefined;
      onFrame(type, body);
    }
    while (chunk.length - at >= HEADER_BYTES) {
      const length = chunk.readUInt32BE(at);
      type = chunk.readUInt8(at + 4);
      at += HEADER_BYTES;
      if (chunk.length - at < length) {
        open = Buffer.allocUnsafeSlow(length);
        filled = chunk.copy(open, 0, at);
        return;
      }
      onFrame(type, chunk.subarray(at, at + length));
      at += length;
    }
    rest = chunk.subarray(at);
  };
}

module.exports = { FRAME, makeLine };
