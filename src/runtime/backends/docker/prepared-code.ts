/** How an instance that was started ahead of its code comes to see it: through folders mounted before, and links in /var/task. */
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Artifact, InstanceSpec } from '../../../model/runtime.ts';
import { type CodeFolders, samePathFolders } from './instance-mounts.ts';
import { type LinkedFolders, openLinkedFolders } from './linked-folders.ts';

export interface PreparedCode extends CodeFolders {
  /** Whether the mounted folders show the artifact. */
  fits(artifact: Artifact): boolean;
  /** Makes /var/task show an artifact that fits. */
  provide(artifact: Artifact): void;
  remove(): void;
}

/**
 * `folders` as for `mountsOfInstance`; `scratch` gets a folder of the instance's own. An instance prepared for a runtime
 * (its artifact has no folder) sees the `linked` folders besides; those it would have needed are added there.
 */
export function makePreparedCode(
  spec: InstanceSpec,
  folders: readonly string[],
  scratch: string,
  linked: LinkedFolders = openLinkedFolders(),
): PreparedCode {
  const { dir } = spec.artifact;
  const forRuntime = dir === '';
  const staysInPlace = !forRuntime && folderOfBuilds(spec.artifact) === undefined;
  const task = staysInPlace ? dir : join(scratch, spec.instanceId);
  if (!staysInPlace) {
    mkdirSync(task, { recursive: true });
    // A container's user may be another one than ours.
    chmodSync(task, 0o755);
  }
  const code: CodeFolders = { seen: forRuntime ? linked.all() : foldersOf(spec.artifact), task };
  const mounted = [...samePathFolders(spec, folders, code), ...(staysInPlace ? [dir] : [])].map((path) => ({
    path,
    identity: identityOf(path),
  }));
  const isSeen = (path: string) =>
    mounted.some((mount) => path === mount.path || path.startsWith(mount.path + sep));

  return {
    ...code,
    fits(artifact) {
      // A folder that was removed and made anew is still the removed one inside.
      const gone = mounted.filter(({ path, identity }) => identityOf(path) !== identity);
      for (const { path } of gone) linked.delete(path);
      const needed = [artifact.dir, ...(artifact.reads ?? [])];
      if (!needed.every(isSeen)) {
        for (const folder of forRuntime ? foldersOf(artifact) : []) if (!isSeen(folder)) linked.add(folder);
        return false;
      }
      if (gone.length > 0) return false;
      return staysInPlace ? artifact.dir === dir : identityOf(artifact.dir) !== undefined;
    },
    provide({ dir: shown }) {
      if (staysInPlace) return;
      for (const name of readdirSync(shown)) symlinkSync(join(shown, name), join(task, name));
    },
    remove() {
      if (!staysInPlace) rmSync(task, { recursive: true, force: true });
    },
  };
}

/** What shows this build and later ones. */
function foldersOf(artifact: Artifact): readonly string[] {
  return [folderOfBuilds(artifact) ?? artifact.dir, ...(artifact.reads ?? [])];
}

/** The folder that gets a folder per build; undefined where the code runs as it was written, always in the same folder. */
function folderOfBuilds({ dir, id, renewal }: Artifact): string | undefined {
  return basename(dir) === (renewal?.builtId ?? id) ? dirname(dir) : undefined;
}

function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}
