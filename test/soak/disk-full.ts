/**
 * A disk that fills up under a session's services, and has room again. `node test/soak/run.mjs disk-full`.
 * Needs root, for a small file system in memory; says so and stops where that cannot be mounted.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillAndRecover } from '../src/app/kill/disk-full.ts';
import { mountSmallDisk } from '../suites/small-disk.ts';

const disk = mountSmallDisk(48);
if ('reason' in disk) {
  console.error(`SKIPPED: ${disk.reason}`);
  process.exit(1);
}
try {
  const ballast = join(disk.folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(24 * 1024 * 1024));
  console.log(await fillAndRecover(process.cwd(), join(disk.folder, 'state'), () => rmSync(ballast)));
} finally {
  disk.unmount();
}
