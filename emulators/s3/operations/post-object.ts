/** PostObject: a browser's form. The signature is not checked, the policy is. */
import type { RestReply } from '../../../src/model/service-api.ts';
import { readForm, type UploadForm } from '../body/form-data.ts';
import { receiveBody } from '../body/receive.ts';
import { readChecksum } from '../body/terms.ts';
import { commitObject } from '../commit.ts';
import { invalidArgument, s3Error } from '../errors.ts';
import { readFacts } from '../facts.ts';
import { checkKey } from '../key.ts';
import { newVersionHeader } from '../object-headers.ts';
import { checkPostPolicy, type PostPolicy, parsePostPolicy } from '../post-policy.ts';
import { emptyReply, needBucket, nowOf, type S3Operation, type S3Request, xmlReply } from '../service.ts';
import { parseTagging } from '../tags.ts';
import { parseXml } from '../xml/parse.ts';
import { plainDocument, tag } from '../xml/write.ts';
import { MAX_PUT_BYTES } from './put-object.ts';

export const postObject: S3Operation = async (service, request, call) => {
  const bucket = needBucket(service, request);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data'))
    throw s3Error('PreconditionFailed', {
      Condition: 'Bucket POST must be of the enclosure-type multipart/form-data',
    });
  const form = await readForm(type, request.body);
  const { fields } = form;
  const key = keyOf(form);
  checkKey(key);
  const policy = policyOf(fields);
  if (policy) checkPostPolicy(policy, new Map([...fields, ['key', key]]), bucket.name, nowOf(service));
  const headers = headersOf(form);
  const facts = readFacts(service, bucket, headers);
  const checksum = readChecksum(headers);
  const received = await receiveBody(
    service.files,
    { headers, body: form.file },
    {
      maxBytes: Math.min(policy?.mostBytes ?? MAX_PUT_BYTES, MAX_PUT_BYTES),
      terms: { isChunked: false, ...(checksum && { checksum }) },
    },
  );
  const { segments, sizeBytes, md5: etag, checksum: sum } = received;
  try {
    if (sizeBytes < (policy?.leastBytes ?? 0))
      throw s3Error('EntityTooSmall', { ProposedSize: sizeBytes, MinSizeAllowed: policy?.leastBytes ?? 0 });
    const object = {
      ...{ ...facts, etag, sizeBytes, segments },
      ...(sum && { checksum: { ...sum, type: 'FULL_OBJECT' as const } }),
    };
    const version = commitObject(service, bucket.name, key, object, {
      headers,
      event: 'ObjectCreated:Post',
      call,
    });
    return answerForm(request, fields, key, etag, newVersionHeader(version));
  } catch (failure) {
    await received.abandon();
    throw failure;
  }
};

function keyOf({ fields, fileName }: UploadForm): string {
  const key = fields.get('key');
  if (!key)
    throw s3Error(
      'InvalidArgument',
      { ArgumentName: 'key' },
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
    );
  // A function, so that a file name with a dollar sign stays what it is.
  return key.replaceAll('${filename}', () => fileName);
}

function policyOf(fields: ReadonlyMap<string, string>): PostPolicy | undefined {
  const encoded = fields.get('policy');
  if (encoded !== undefined) return parsePostPolicy(encoded);
  if (!fields.has('signature') && !fields.has('x-amz-signature')) return undefined;
  throw invalidArgument("Bucket POST must contain a field named 'policy'.", 'policy', '');
}

/** Fields of a form have the names of the headers they stand for. */
function headersOf({ fields }: UploadForm): Record<string, string> {
  const headers = Object.fromEntries([...fields].map(([name, value]) => [name, asHeader(name, value)]));
  const { acl, tagging, 'content-type': type, ...others } = headers;
  return {
    ...others,
    ...(type !== undefined && { 'content-type': type }),
    ...(acl !== undefined && { 'x-amz-acl': acl }),
    ...(tagging !== undefined && { 'x-amz-tagging': tagsOf(tagging) }),
  };
}

/** Fields are text in UTF-8, headers are bytes. */
function asHeader(name: string, value: string): string {
  return name.startsWith('x-amz-meta-') ? Buffer.from(value, 'utf8').toString('latin1') : value;
}

/** Here tags come as a document. */
function tagsOf(text: string): string {
  return new URLSearchParams(parseTagging(parseXml(text))).toString();
}

function answerForm(
  { headers, bucketName, address }: S3Request,
  fields: ReadonlyMap<string, string>,
  key: string,
  etag: string,
  version: Readonly<Record<string, string>>,
): RestReply {
  const base = `http://${headers.host ?? 'localhost'}`;
  const path = encodeURIComponent(key);
  const location = address.style === 'host' ? `${base}/${path}` : `${base}/${bucketName}/${path}`;
  const told = { etag: `"${etag}"`, location, ...version };
  const redirect = redirectOf(fields, bucketName, key, etag);
  if (redirect !== undefined) return emptyReply(303, { ...told, location: redirect });
  const status = fields.get('success_action_status');
  if (status === '200') return emptyReply(200, told);
  if (status !== '201') return emptyReply(204, told);
  const body = plainDocument(
    'PostResponse',
    tag('Location', location),
    tag('Bucket', bucketName),
    tag('Key', key),
    tag('ETag', `"${etag}"`),
  );
  return xmlReply(body, told, 201);
}

/** An address that is none is passed over. */
function redirectOf(
  fields: ReadonlyMap<string, string>,
  bucket: string,
  key: string,
  etag: string,
): string | undefined {
  const text = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (!text || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  for (const [name, value] of Object.entries({ bucket, key, etag: `"${etag}"` }))
    url.searchParams.append(name, value);
  return url.toString();
}
