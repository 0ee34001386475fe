/** PutObject. */
import { checksumHeader } from '../body/checksums.ts';
import { receiveBody } from '../body/receive.ts';
import { commitObject } from '../commit.ts';
import { checkWrite } from '../conditions.ts';
import { readFacts } from '../facts.ts';
import { checkKey } from '../key.ts';
import { newVersionHeader } from '../object-headers.ts';
import { emptyReply, needBucket, type S3Operation } from '../service.ts';

/** 5 GiB. */
export const MAX_PUT_BYTES = 5 * 1024 ** 3;

export const putObject: S3Operation = async (service, request, call) => {
  const { headers, key, bucketName } = request;
  const bucket = needBucket(service, request);
  checkKey(key);
  const facts = readFacts(service, bucket, headers);
  const current = service.store.current(bucket, key);
  // Known to fail already: before the body is taken in.
  checkWrite(headers, key, current?.deleteMarker ? undefined : current);
  const received = await receiveBody(service.files, request, { maxBytes: MAX_PUT_BYTES });
  const { segments, sizeBytes, md5: etag, checksum } = received;
  try {
    const object = {
      ...facts,
      etag,
      sizeBytes,
      segments,
      ...(checksum && { checksum: { ...checksum, type: 'FULL_OBJECT' as const } }),
    };
    const version = commitObject(service, bucketName, key, object, {
      headers,
      event: 'ObjectCreated:Put',
      call,
    });
    return emptyReply(200, {
      etag: `"${etag}"`,
      ...newVersionHeader(version),
      ...version.encryption,
      ...(checksum && {
        [checksumHeader(checksum.algorithm)]: checksum.value,
        'x-amz-checksum-type': 'FULL_OBJECT',
      }),
    });
  } catch (failure) {
    await received.abandon();
    throw failure;
  }
};
