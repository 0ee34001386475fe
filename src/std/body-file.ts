/** One body's file: written once from front to end, then read at any place. */
import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { BodyReader, BodyWriter } from '../model/platform.ts';
import { codeOf } from './errors.ts';

interface WriteOptions {
  readonly flushes: boolean;
  readonly onAbandon: () => void;
}

/** The file is made by the first write. */
export function startBody(id: string, path: string, { flushes, onAbandon }: WriteOptions): BodyWriter {
  let file: FileHandle | undefined;
  const opened = async () => {
    file ??= await open(path, 'wx');
    return file;
  };
  return {
    id,
    async write(chunks) {
      await writeAll(await opened(), chunks);
    },
    async finish() {
      const whole = await opened();
      if (flushes) await whole.sync();
      await whole.close();
    },
    async abandon() {
      await file?.close().catch(() => {});
      rmSync(path, { force: true });
      onAbandon();
    },
  };
}

export function writeWhole(path: string, content: Uint8Array, flushes: boolean): void {
  const file = openSync(path, 'wx');
  try {
    writeFileSync(file, content);
    if (flushes) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const sizeBytes = chunks.reduce((sum, { length }) => sum + length, 0);
  const { bytesWritten } = await file.writev(chunks as Uint8Array[]);
  if (bytesWritten === sizeBytes) return;
  // A disk that fills up takes a part; the next write says so.
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  for (let at = 0; at < rest.length; ) at += (await file.write(rest, at)).bytesWritten;
}

/** From the first of the paths there is. */
export async function openBody(paths: readonly string[]): Promise<BodyReader> {
  for (const [at, path] of paths.entries())
    try {
      const file = await open(path, 'r');
      return {
        read: async (into, position) => (await file.read(into, 0, into.length, position)).bytesRead,
        close: () => file.close(),
      };
    } catch (failure) {
      if (codeOf(failure) !== 'ENOENT' || at === paths.length - 1) throw failure;
    }
  throw new Error('no path was given');
}
