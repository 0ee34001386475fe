/** Finds the packages installed with sls-local: they stand in for the AWS SDK that the cloud's runtimes bring along. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Absolute node_modules folders above this program, nearest first. */
export function ownPackageFolders(): readonly string[] {
  const folders = createRequire(import.meta.url).resolve.paths('aws-sdk') ?? [];
  return folders.filter((folder) => existsSync(folder));
}
