/** ListBuckets, CreateBucket, HeadBucket, DeleteBucket, GetBucketLocation. */

import { cannedAcl, grantedAcl } from '../acl.ts';
import { isBucketName } from '../address.ts';
import { readDocument } from '../body/receive.ts';
import { invalidArgument, malformedXml, s3Error } from '../errors.ts';
import { readLimit } from '../listing/options.ts';
import type { BucketRecord } from '../model.ts';
import { emptyReply, needBucket, nowOf, type S3Operation, type S3Service, xmlReply } from '../service.ts';
import { checkTags, parseTagging, taggingDocument } from '../tags.ts';
import { child, childrenOf, parseXml, textOf, type XmlElement } from '../xml/parse.ts';
import { document, group, isoTime, tag } from '../xml/write.ts';
import { ownerOf } from './list-objects.ts';

export const listBuckets: S3Operation = (service, { query }) => {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const limit = readLimit(query.get('max-buckets'), 'max-buckets', 10_000);
  const found = service.store.buckets().filter(({ name }) => name.startsWith(prefix) && name > after);
  const page = found.slice(0, limit);
  return xmlReply(
    document(
      'ListAllMyBucketsResult',
      ownerOf(service),
      group('Buckets', ...page.map(bucketEntry)),
      found.length > page.length ? tag('ContinuationToken', page.at(-1)?.name) : '',
      prefix === '' ? '' : tag('Prefix', prefix),
    ),
  );
};

function bucketEntry({ name, createdAt, region }: BucketRecord): string {
  return group(
    'Bucket',
    tag('Name', name),
    tag('CreationDate', isoTime(createdAt)),
    tag('BucketRegion', region),
  );
}

export const createBucket: S3Operation = async (service, request) => {
  const { bucketName: name, headers } = request;
  const text = (await readDocument(request)).toString('utf8');
  if (!isBucketName(name)) throw s3Error('InvalidBucketName', { BucketName: name });
  const configuration = text.trim() === '' ? undefined : parseXml(text);
  if (text.trim() !== '' && configuration?.name !== 'CreateBucketConfiguration') throw malformedXml();
  const existing = service.store.bucket(name);
  if (existing) return answerExisting(service, existing);
  const acl = cannedAcl(headers['x-amz-acl'], service) ?? grantedAcl(headers, service);
  const objectLock = headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true';
  makeBucket(service, name, {
    region: regionOf(service, configuration),
    ...(objectLock && { objectLock: true as const, versioning: 'Enabled' as const }),
    configurations: {
      ...ownership(headers['x-amz-object-ownership']),
      ...(acl !== undefined && { acl }),
      ...tagsOf(configuration),
    },
  });
  return emptyReply(200, { location: `/${name}` });
};

/** In us-east-1 making one's own bucket again is no error. Source: CreateBucket, "BucketAlreadyOwnedByYou". */
function answerExisting({ region }: S3Service, { name }: BucketRecord) {
  if (region !== 'us-east-1') throw s3Error('BucketAlreadyOwnedByYou', { BucketName: name });
  return emptyReply(200, { location: `/${name}` });
}

export function makeBucket(
  service: S3Service,
  name: string,
  facts: Partial<Omit<BucketRecord, 'id' | 'name' | 'createdAt'>> = {},
): BucketRecord {
  const { store, region } = service;
  const record = {
    ...{ id: store.nextBucketId(), name, region, createdAt: nowOf(service), configurations: {} },
    ...facts,
  };
  store.saveBucket(record);
  return record;
}

function regionOf({ region }: S3Service, configuration: XmlElement | undefined): string {
  const asked = configuration && textOf(configuration, 'LocationConstraint');
  if (asked === undefined || asked === '') return region;
  if (!/^(EU|[a-z]{2}(-[a-z]+)+-\d)$/.test(asked))
    throw s3Error('InvalidLocationConstraint', { LocationConstraint: asked });
  return asked;
}

function ownership(asked: string | undefined): Readonly<Record<string, string>> {
  if (asked === undefined) return {};
  if (!['BucketOwnerPreferred', 'ObjectWriter', 'BucketOwnerEnforced'].includes(asked))
    throw invalidArgument('Invalid x-amz-object-ownership header', 'x-amz-object-ownership', asked);
  return { ownershipControls: document('OwnershipControls', group('Rule', tag('ObjectOwnership', asked))) };
}

function tagsOf(configuration: XmlElement | undefined): Readonly<Record<string, string>> {
  const set = configuration && child(configuration, 'Tags');
  if (!set || childrenOf(set, 'Tag').length === 0) return {};
  const tagging = { name: 'Tagging', attributes: {}, text: '', children: [{ ...set, name: 'TagSet' }] };
  const tags = parseTagging(tagging);
  checkTags(tags, 50);
  return { tagging: taggingDocument(tags) };
}

export const headBucket: S3Operation = (service, request) =>
  emptyReply(200, {
    'x-amz-bucket-region': needBucket(service, request).region,
    'x-amz-access-point-alias': 'false',
    'content-type': 'application/xml',
  });

export const getBucketLocation: S3Operation = (service, request) => {
  const { region } = needBucket(service, request);
  return xmlReply(document('LocationConstraint', region === 'us-east-1' ? '' : region));
};

export const deleteBucket: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const { store } = service;
  for (const _ of store.currents(bucket, { prefix: '' }))
    throw s3Error('BucketNotEmpty', { BucketName: bucket.name });
  store.change((files) => {
    for (const upload of [...store.uploads.of(bucket)]) {
      for (const part of store.uploads.parts(upload)) files.drop(part.segments);
      store.uploads.remove(upload);
    }
    store.forgetBucket(bucket);
  });
  service.configured();
  return emptyReply(204);
};
