/** Keeps the compiled code of all functions below a size, the files written longest ago going first. */
import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE_FOLDER } from './artifact-folder.ts';

/** Code of some hundred functions with an AWS client each. */
export const CACHE_BUDGET_BYTES = 512 * 1024 * 1024;

/** `outDir` has a folder per function. */
export async function keepCacheBudget(outDir: string, budgetBytes = CACHE_BUDGET_BYTES): Promise<void> {
  const files = readdirSync(outDir)
    .flatMap((home) => filesIn(join(outDir, home, CACHE_FOLDER)))
    .sort((a, b) => b.at - a.at);
  let bytes = 0;
  const surplus = files.filter(({ size }) => {
    bytes += size;
    return bytes > budgetBytes;
  });
  await Promise.allSettled(surplus.map(({ path }) => rm(path, { force: true })));
}

function filesIn(folder: string): { path: string; at: number; size: number }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // A function without any.
    return [];
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats ? [{ path, at: stats.mtimeMs, size: stats.size }] : [];
  });
}
