/** Shared libraries of this machine that programs load by name, which no listing of what they are linked to shows. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const TRIPLET = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
const FOLDERS = [
  ...[`/lib/${TRIPLET}`, `/usr/lib/${TRIPLET}`],
  ...['/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib64', '/usr/local/lib'],
];

/** Absolute paths; of several with a name the first, as the loader would take it. */
export function findLibraries(name: RegExp, folders: readonly string[] = FOLDERS): readonly string[] {
  const found = new Map<string, string>();
  for (const folder of folders)
    for (const file of namesIn(folder))
      if (name.test(file) && !found.has(file)) found.set(file, join(folder, file));
  return [...found.values()];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
