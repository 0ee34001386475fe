/** Whether a program is made for Linux on another processor, or for Linux while this is none. */
import { closeSync, openSync, readSync } from 'node:fs';

const ELF = 0x7f454c46;
/** `e_machine` of the ELF header. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

/** The system itself does not say: what it cannot load it hands to a shell, as if it were a script. */
export function isForeignProgram(
  file: string,
  here: { readonly platform: string; readonly arch: string } = process,
): boolean {
  const head = headOf(file);
  if (head.length < 20 || head.readUInt32BE(0) !== ELF) return false;
  return here.platform !== 'linux' || head.readUInt16LE(18) !== MACHINES[here.arch];
}

function headOf(file: string): Buffer {
  const head = Buffer.alloc(20);
  try {
    const fd = openSync(file, 'r');
    try {
      return head.subarray(0, readSync(fd, head));
    } finally {
      closeSync(fd);
    }
  } catch {
    // Whoever starts it says what is wrong.
    return Buffer.alloc(0);
  }
}
