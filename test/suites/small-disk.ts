/** A file system of a few megabytes in memory, to be filled up. Mounting one needs root, or sudo without a password. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SmallDisk =
  | {
      /** Absolute. */
      readonly folder: string;
      /** With everything in it. */
      unmount(): void;
    }
  | { readonly reason: string };

export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-small-'));
  const mounted = asRoot(['mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'tmpfs', folder]);
  if (mounted !== undefined) {
    rmSync(folder, { recursive: true });
    return { reason: `no small file system can be mounted here: ${mounted}` };
  }
  return {
    folder,
    unmount() {
      asRoot(['umount', '-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Why it failed; undefined when it did not. */
function asRoot(command: readonly string[]): string | undefined {
  const isRoot = process.getuid?.() === 0;
  const [program = '', ...args] = isRoot ? command : ['sudo', '-n', ...command];
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
