/** How an instance that was started ahead of its code comes to see it: through folders mounted before, and links in /var/task. */
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Artifact, InstanceSpec } from '../../../model/runtime.ts';
import { type CodeFolders, samePathFolders } from './instance-mounts.ts';

export interface PreparedCode extends CodeFolders {
  /** Makes /var/task show the artifact; false when the mounted folders do not show it. */
  provide(artifact: Artifact): boolean;
  remove(): void;
}

/** `folders` as for `mountsOfInstance`; `scratch` gets a folder of the instance's own. */
export function makePreparedCode(
  spec: InstanceSpec,
  folders: readonly string[],
  scratch: string,
): PreparedCode {
  const { dir, reads = [] } = spec.artifact;
  const builds = folderOfBuilds(spec.artifact);
  const task = builds === undefined ? dir : join(scratch, spec.instanceId);
  if (builds !== undefined) {
    mkdirSync(task, { recursive: true });
    // A container's user may be another one than ours.
    chmodSync(task, 0o755);
  }
  const code: CodeFolders = { seen: [builds ?? dir, ...reads], task };
  const mounted = [...samePathFolders(spec, folders, code), ...(builds === undefined ? [dir] : [])].map(
    (path) => ({
      path,
      identity: identityOf(path),
    }),
  );
  const isSeen = (path: string) =>
    mounted.some((mount) => path === mount.path || path.startsWith(mount.path + sep));

  return {
    ...code,
    provide(artifact) {
      if (![artifact.dir, ...(artifact.reads ?? [])].every(isSeen)) return false;
      // A folder that was removed and made anew is still the removed one inside.
      if (mounted.some(({ path, identity }) => identityOf(path) !== identity)) return false;
      if (builds === undefined) return artifact.dir === dir;
      for (const name of readdirSync(artifact.dir)) symlinkSync(join(artifact.dir, name), join(task, name));
      return true;
    },
    remove() {
      if (builds !== undefined) rmSync(task, { recursive: true, force: true });
    },
  };
}

/** The folder that gets a folder per build; undefined where the code runs as it was written, always in the same folder. */
function folderOfBuilds({ dir, id }: Artifact): string | undefined {
  return basename(dir) === id ? dirname(dir) : undefined;
}

function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}
