/** The program of the container that only holds a network namespace: it sleeps for ever, and is made here byte by byte. */

/**
 * Machine code of `for (;;) pause()`, so that no image has to bring a program for it. By the engine's architecture name.
 * amd64: mov eax,34 (pause); syscall; jmp back. arm64: ppoll(NULL,0,NULL,NULL) with x8 = 73; svc #0; b back.
 */
const PROGRAMS: Readonly<Record<string, { readonly machine: number; readonly code: Buffer }>> = {
  amd64: { machine: 62, code: Buffer.from('b8220000000f05ebf7', 'hex') },
  arm64: {
    machine: 183,
    code: Buffer.from('000080d2010080d2020080d2030080d2280980d2010000d4faffff17', 'hex'),
  },
};

const BASE_ADDRESS = 0x400000;
const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;

/** A static ELF executable of some 130 bytes, or undefined for an architecture it is not written for. */
export function makePauseProgram(architecture: string): Buffer | undefined {
  const program = PROGRAMS[architecture];
  if (!program) return undefined;
  const size = HEADER_BYTES + SEGMENT_BYTES + program.code.length;
  return Buffer.concat([elfHeader(program.machine), loadSegment(size), program.code]);
}

/** ELF64, little-endian, executable, one program header right behind this header. */
function elfHeader(machine: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('\x7fELF', 0, 'latin1');
  header.set([2, 1, 1], 4);
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(machine, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(BASE_ADDRESS + HEADER_BYTES + SEGMENT_BYTES), 24);
  header.writeBigUInt64LE(BigInt(HEADER_BYTES), 32);
  header.writeUInt16LE(HEADER_BYTES, 52);
  header.writeUInt16LE(SEGMENT_BYTES, 54);
  header.writeUInt16LE(1, 56);
  return header;
}

/** PT_LOAD of the whole file, readable and executable; aligned for kernels with 64 KB pages. */
function loadSegment(size: number): Buffer {
  const segment = Buffer.alloc(SEGMENT_BYTES);
  segment.writeUInt32LE(1, 0);
  segment.writeUInt32LE(5, 4);
  segment.writeBigUInt64LE(BigInt(BASE_ADDRESS), 16);
  segment.writeBigUInt64LE(BigInt(BASE_ADDRESS), 24);
  segment.writeBigUInt64LE(BigInt(size), 32);
  segment.writeBigUInt64LE(BigInt(size), 40);
  segment.writeBigUInt64LE(0x10000n, 48);
  return segment;
}
