/** Takes what another service puts into a bucket: the record of something that failed. */
import { createHash } from 'node:crypto';
import type { ServiceMessage } from '../../src/model/emulator.ts';
import { commitObject } from './commit.ts';
import { readFacts } from './facts.ts';
import type { S3Service } from './service.ts';

/** False when there is no such bucket. Stored when this returns. */
export function acceptMessage(service: S3Service, { arn, body, key, origin }: ServiceMessage): boolean {
  const name = /^arn:[^:]+:s3:::([^/]+)$/.exec(arn)?.[1];
  const bucket = name === undefined ? undefined : service.store.bucket(name);
  if (!bucket || key === undefined) return false;
  const bytes = Buffer.from(body);
  const headers = { 'content-type': 'application/json' };
  const object = {
    ...readFacts(service, bucket, headers),
    etag: createHash('md5').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    segments: [{ file: service.files.write(bytes), sizeBytes: bytes.length }],
  };
  const call = { requestId: service.ids.hex(8).toUpperCase(), ...(origin && { origin }) };
  commitObject(service, bucket.name, key, object, { headers, event: 'ObjectCreated:Put', call });
  return true;
}
