/** The file of the program that keeps a container while its runtime comes and goes; containers see it where it is. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePauseProgram } from './pause-program.ts';

/** Path of the program for an architecture, written once into `folder`; undefined for one it is not written for. */
export function makeHolderFile(folder: string): (architecture: string) => string | undefined {
  return (architecture) => {
    const file = join(folder, `hold-${architecture}`);
    if (existsSync(file)) return file;
    const program = makePauseProgram(architecture);
    if (!program) return undefined;
    writeFileSync(file, program, { mode: 0o755 });
    return file;
  };
}
