/** GetObjectTagging, PutObjectTagging, DeleteObjectTagging. */

import type { ApiCall } from '../../../src/model/service-api.ts';
import { needDocument } from '../body/receive.ts';
import { needObject } from '../find-object.ts';
import { versionHeader } from '../object-headers.ts';
import { emptyReply, type S3Operation, type S3Request, type S3Service, xmlReply } from '../service.ts';
import { checkTags, parseTagging, type Tags, taggingDocument } from '../tags.ts';
import { replaceVersion } from '../versions.ts';
import { parseXml } from '../xml/parse.ts';

export const getObjectTagging: S3Operation = (service, request) => {
  const { bucket, version } = needObject(service, request);
  return xmlReply(taggingDocument(version.tags ?? {}), versionHeader(bucket, version));
};

export const putObjectTagging: S3Operation = async (service, request, call) => {
  needObject(service, request);
  const tags = parseTagging(parseXml((await needDocument(request)).toString('utf8')));
  checkTags(tags, 10);
  return emptyReply(200, changeTags(service, request, call, tags, 'ObjectTagging:Put'));
};

export const deleteObjectTagging: S3Operation = (service, request, call) =>
  emptyReply(204, changeTags(service, request, call, {}, 'ObjectTagging:Delete'));

function changeTags(
  service: S3Service,
  request: S3Request,
  call: ApiCall,
  tags: Tags,
  event: string,
): Record<string, string> {
  const { bucket, version } = needObject(service, request);
  const { tags: _, ...others } = version;
  const changed = Object.keys(tags).length > 0 ? { ...others, tags } : others;
  service.store.change(() => {
    replaceVersion(service.store, bucket, request.key, changed);
    service.notifier.publish({
      ...{ name: event, bucket, key: request.key, version: changed },
      requestId: call.requestId,
      origin: call.origin,
    });
  });
  return versionHeader(bucket, version);
}
