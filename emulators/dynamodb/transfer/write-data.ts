/** Writes lines into a compressed data file and tells what its manifest says about it. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

export interface DataFile {
  readonly md5Checksum: string;
  readonly etag: string;
}

/** `lines` are pieces of whole lines. */
export async function writeData(
  path: string,
  lines: Iterable<string>,
  signal: AbortSignal,
): Promise<DataFile> {
  await mkdir(dirname(path), { recursive: true });
  const md5 = createHash('md5');
  const sum = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      md5.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(Readable.from(lines), createGzip(), sum, createWriteStream(path), { signal });
  const digest = md5.digest();
  return {
    md5Checksum: digest.toString('base64'),
    // As of an object that was uploaded in one part.
    etag: `${createHash('md5').update(digest).digest('hex')}-1`,
  };
}
