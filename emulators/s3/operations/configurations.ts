/** Get, Put and Delete of a bucket's documents, and of its policy, which is JSON. */
import { needDocument } from '../body/receive.ts';
import { type Configuration, emptyContent } from '../configurations.ts';
import { malformedXml, s3Error } from '../errors.ts';
import type { BucketRecord } from '../model.ts';
import { emptyReply, needBucket, type S3Operation, type S3Service, xmlReply } from '../service.ts';
import { parseXml, textOf, type XmlElement } from '../xml/parse.ts';
import { document, group, tag, written } from '../xml/write.ts';

export function getConfiguration(configuration: Configuration): S3Operation {
  const { name, root, missing } = configuration;
  return (service, request) => {
    const bucket = needBucket(service, request);
    const text = documentOf(bucket, name);
    if (text !== undefined) return xmlReply(text);
    if (missing !== 'empty') throw s3Error(missing, { BucketName: bucket.name });
    const members = Object.entries(emptyContent(configuration)).map(([key, value]) => tag(key, value));
    return xmlReply(document(root, ...members));
  };
}

/** Versioning and object lock are known by more than their documents. */
function documentOf(
  { versioning, objectLock, configurations }: BucketRecord,
  name: string,
): string | undefined {
  if (name === 'versioning')
    return versioning && document('VersioningConfiguration', tag('Status', versioning));
  if (name === 'object-lock' && objectLock && configurations[name] === undefined)
    return document('ObjectLockConfiguration', tag('ObjectLockEnabled', 'Enabled'));
  return configurations[name];
}

export function putConfiguration({ name, root: rootName, check }: Configuration): S3Operation {
  return async (service, request) => {
    needBucket(service, request);
    const root = parseXml((await needDocument(request)).toString('utf8'));
    if (root?.name !== rootName) throw malformedXml();
    const bucket = needBucket(service, request);
    check?.(root, bucket);
    saveBucket(service, withDocument(bucket, name, root));
    return emptyReply(name === 'tagging' ? 204 : 200);
  };
}

function withDocument(bucket: BucketRecord, name: string, root: XmlElement): BucketRecord {
  if (name === 'versioning')
    return { ...bucket, versioning: textOf(root, 'Status') === 'Enabled' ? 'Enabled' : 'Suspended' };
  const configurations = { ...bucket.configurations, [name]: document(root.name, ...contentOf(name, root)) };
  return { ...bucket, configurations, ...(name === 'object-lock' && { objectLock: true as const }) };
}

/** Rules without an id get one, as the service gives it. */
function contentOf(name: string, root: XmlElement): string[] {
  return root.children.map((child, at) => {
    if (name !== 'lifecycle' || child.name !== 'Rule' || textOf(child, 'ID')) return written(child);
    return group(
      'Rule',
      tag('ID', `rule-${at + 1}`),
      ...child.children.filter((one) => one.name !== 'ID').map(written),
    );
  });
}

export function deleteConfiguration({ name }: Pick<Configuration, 'name'>): S3Operation {
  return (service, request) => {
    const bucket = needBucket(service, request);
    const { [name]: _, ...configurations } = bucket.configurations;
    saveBucket(service, { ...bucket, configurations });
    return emptyReply(204);
  };
}

function saveBucket(service: S3Service, bucket: BucketRecord): void {
  service.store.saveBucket(bucket);
  service.configured();
}

export const getBucketPolicy: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const { policy } = bucket.configurations;
  if (policy === undefined) throw s3Error('NoSuchBucketPolicy', { BucketName: bucket.name });
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(policy)) },
    body: policy,
  };
};

export const putBucketPolicy: S3Operation = async (service, request) => {
  needBucket(service, request);
  const policy = (await needDocument(request)).toString('utf8');
  if (!isPolicy(policy)) throw s3Error('MalformedPolicy');
  const bucket = needBucket(service, request);
  service.store.saveBucket({ ...bucket, configurations: { ...bucket.configurations, policy } });
  return emptyReply(204);
};

function isPolicy(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'Statement' in parsed;
  } catch {
    return false;
  }
}

/** A policy that lets everybody in makes a bucket public; none is enforced. */
export const getBucketPolicyStatus: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const { policy } = bucket.configurations;
  if (policy === undefined) throw s3Error('NoSuchBucketPolicy', { BucketName: bucket.name });
  const { Statement: statements } = JSON.parse(policy) as { Statement: unknown };
  const isPublic = [statements].flat().some(opensToAll);
  return xmlReply(document('PolicyStatus', tag('IsPublic', isPublic)));
};

function opensToAll(statement: unknown): boolean {
  if (typeof statement !== 'object' || statement === null) return false;
  const { Effect: effect, Principal: principal, Condition: condition } = statement as Record<string, unknown>;
  const isAll =
    principal === '*' ||
    JSON.stringify(principal) === '{"AWS":"*"}' ||
    JSON.stringify(principal) === '{"AWS":["*"]}';
  return effect === 'Allow' && isAll && condition === undefined;
}
