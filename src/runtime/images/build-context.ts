/** The files of a folder as the engine wants them for a build. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeIgnore } from './docker-ignore.ts';
import type { TarEntry } from './tar.ts';

/** Everything `.dockerignore` does not leave out; the Dockerfile always goes. Parents come before what is in them. */
export function contextEntries(context: string, dockerfile: string): readonly TarEntry[] {
  const file = [`${dockerfile}.dockerignore`, '.dockerignore']
    .map((name) => join(context, name))
    .find(existsSync);
  const ignored = makeIgnore(file === undefined ? '' : readFileSync(file, 'utf8'));
  const entries: TarEntry[] = [];
  const visit = (folder: string) => {
    for (const name of readdirSync(join(context, folder)).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const source = join(context, path);
      const stat = lstatSync(source);
      const sent = path === dockerfile || !ignored(path);
      if (stat.isDirectory()) {
        if (sent) entries.push({ kind: 'directory', path: `/${path}`, mode: 0o755 });
        // An exception may keep something in an ignored folder.
        visit(path);
      } else if (!sent) continue;
      else if (stat.isSymbolicLink())
        entries.push({ kind: 'symlink', path: `/${path}`, target: readlinkSync(source) });
      else if (stat.isFile()) {
        const mode = stat.mode & 0o111 ? 0o755 : 0o644;
        entries.push({ kind: 'copy', path: `/${path}`, mode, source, sizeBytes: stat.size });
      }
    }
  };
  visit('');
  return entries;
}
