/** Buckets, as far as exports and imports need them: a folder each, under the folder emulators may write to. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { validationError } from '../errors.ts';

export interface BucketFiles {
  /** Absolute path of an object. */
  pathOf(bucket: string, key: string): string;
  hasBucket(bucket: string): boolean;
  /** Writes a whole object, and the folders it needs. */
  write(bucket: string, key: string, content: string): Promise<void>;
  /** Keys that begin with `prefix`, sorted. */
  list(bucket: string, prefix: string): Promise<readonly string[]>;
}

export const EXPORTS_FOLDER = 'exports';

export function makeBucketFiles(folder: string): BucketFiles {
  const root = join(folder, EXPORTS_FOLDER);
  const bucketPath = (bucket: string) => join(root, bucket);

  const pathOf: BucketFiles['pathOf'] = (bucket, key) => join(bucketPath(bucket), checkedKey(key));

  return {
    pathOf,
    hasBucket: (bucket) => existsSync(bucketPath(bucket)),
    async write(bucket, key, content) {
      const path = pathOf(bucket, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    },
    async list(bucket, prefix) {
      checkedKey(prefix);
      const entries = await readdir(bucketPath(bucket), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(bucketPath(bucket), join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
        .filter((key) => key.startsWith(prefix))
        .sort();
    },
  };
}

/** The key of something in the folder a prefix names. */
export function keyUnder(prefix: string | undefined, rest: string): string {
  return prefix === undefined || prefix === '' ? rest : `${prefix.replace(/\/+$/, '')}/${rest}`;
}

/** Throws the service's ValidationException for a key that leads out of its bucket's folder. */
export function checkedKey(key: string): string {
  if (key.split(/[\\/]/).includes('..'))
    throw validationError(`Invalid Request: the key '${key}' leads out of the bucket`);
  return key;
}
