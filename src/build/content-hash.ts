/** Tells by hash whether files changed, without reading again what was not written to. */
import { createHash } from 'node:crypto';
import { readFileSync, type Stats } from 'node:fs';
import { versionOf } from './package-file.ts';

/** Larger files count by size and time: they are data, and reading them at every save would be felt. */
const LARGEST_READ_BYTES = 1024 * 1024;

/** Of a file whose stats are these; a file whose size and time are as before is not read again. */
export function makeContentHash(): (file: string, stats: Stats) => string {
  const known = new Map<string, { version: string; hash: string }>();
  return (file, stats) => {
    const version = versionOf(stats);
    if (stats.size > LARGEST_READ_BYTES) return version;
    const before = known.get(file);
    if (before?.version === version && !isFresh(stats)) return before.hash;
    const hash = createHash('sha256').update(readFileSync(file)).digest('base64');
    known.set(file, { version, hash });
    return hash;
  };
}

/** Two writes of equal length within one tick of the file system's clock look the same. */
function isFresh({ mtimeMs }: Stats): boolean {
  return Date.now() - mtimeMs < 1000;
}
