/**
 * A disk that fills up under a session's services, and has room again. `node test/soak/run.mjs disk-full`.
 * Needs root, for a small file system in memory; says so and stops where that cannot be mounted.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillAndRecover } from '../src/app/kill/disk-full.ts';

const folder = mkdtempSync(join(tmpdir(), 'sls-local-full-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder]);
if (mounted.status !== 0) {
  rmSync(folder, { recursive: true });
  console.error(`SKIPPED: no small file system can be mounted here: ${mounted.stderr}`);
  process.exit(1);
}
try {
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(24 * 1024 * 1024));
  console.log(await fillAndRecover(process.cwd(), join(folder, 'state'), () => rmSync(ballast)));
} finally {
  spawnSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true, force: true });
}
