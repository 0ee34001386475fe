/** Where exported text goes: standard output, or a file that appears when it is complete. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, messageOf, SlsError } from '../../std/errors.ts';

export function writeToStdout(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (failure) => (failure ? reject(failure) : resolve()));
  });
}

/** Runs `work` with a way to write; what fails leaves an earlier file of that name as it was. */
export async function withOutFile<T>(
  file: string,
  work: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const part = `${file}.part`;
  const handle = await explained(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    return open(part, 'w');
  });
  try {
    const result = await work(async (text) => void (await handle.appendFile(text)));
    await handle.close();
    renameSync(part, file);
    return result;
  } catch (failure) {
    await handle.close().catch(() => {});
    rmSync(part, { force: true });
    throw failure;
  }
}

async function explained<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new SlsError(
      'file-unwritable',
      `the file ${file} cannot be written (${codeOf(cause) ?? messageOf(cause)})`,
      { cause },
    );
  }
}
