/** Writes the files that stand for code written in a template. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface WrittenFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** A file that already says so is left alone, so that nothing is built anew for it. */
export async function writeFiles(files: readonly WrittenFile[]): Promise<void> {
  for (const { path, text } of files) {
    if (existsSync(path) && (await readFile(path, 'utf8')) === text) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
