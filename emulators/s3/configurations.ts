/** The documents a bucket keeps: which there are, and what is checked of them. */

import { parseCors } from './cors.ts';
import { invalidRequest, malformedXml, type S3ErrorCode, s3Error } from './errors.ts';
import { parseLifecycle } from './lifecycle/rules.ts';
import { checkLockConfiguration } from './lock.ts';
import type { BucketRecord } from './model.ts';
import { checkTags, parseTagging } from './tags.ts';
import { child, textOf, type XmlElement } from './xml/parse.ts';

export interface Configuration {
  /** The query's name, and the one it is stored under. */
  readonly name: string;
  /** Of the operations: `PutBucketCors`. */
  readonly operation: string;
  /** The document's outermost element. */
  readonly root: string;
  /** What is answered where there is none: an error, or a document without content. */
  readonly missing: S3ErrorCode | 'empty';
  /** The operations there are besides Get. */
  readonly verbs: readonly ('Put' | 'Delete')[];
  /** Throws what the service answers. */
  readonly check?: (root: XmlElement, bucket: BucketRecord) => void;
}

const BOTH = ['Put', 'Delete'] as const;

/** Kept and answered; what works by them is said in the README. */
export const CONFIGURATIONS: readonly Configuration[] = [
  {
    ...{
      name: 'cors',
      operation: 'BucketCors',
      root: 'CORSConfiguration',
      missing: 'NoSuchCORSConfiguration',
      verbs: BOTH,
    },
    check: (root) => void parseCors(root),
  },
  {
    name: 'lifecycle',
    operation: 'BucketLifecycleConfiguration',
    root: 'LifecycleConfiguration',
    missing: 'NoSuchLifecycleConfiguration',
    verbs: BOTH,
    check: (root) => void parseLifecycle(root),
  },
  {
    ...{ name: 'tagging', operation: 'BucketTagging', root: 'Tagging', missing: 'NoSuchTagSet', verbs: BOTH },
    check: (root) => checkTags(parseTagging(root), 50),
  },
  {
    name: 'website',
    operation: 'BucketWebsite',
    root: 'WebsiteConfiguration',
    missing: 'NoSuchWebsiteConfiguration',
    verbs: BOTH,
    check(root) {
      const index = child(root, 'IndexDocument');
      const isSound = index ? !!textOf(index, 'Suffix') : child(root, 'RedirectAllRequestsTo') !== undefined;
      if (!isSound) throw malformedXml();
    },
  },
  {
    ...{
      name: 'versioning',
      operation: 'BucketVersioning',
      root: 'VersioningConfiguration',
      missing: 'empty',
      verbs: ['Put'],
    },
    check(root, { objectLock }) {
      const status = textOf(root, 'Status');
      if (status !== 'Enabled' && status !== 'Suspended')
        throw s3Error('IllegalVersioningConfigurationException');
      if (objectLock && status === 'Suspended')
        throw s3Error(
          'InvalidBucketState',
          {},
          'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
        );
    },
  },
  {
    name: 'encryption',
    operation: 'BucketEncryption',
    root: 'ServerSideEncryptionConfiguration',
    missing: 'ServerSideEncryptionConfigurationNotFoundError',
    verbs: BOTH,
    check: (root) => {
      if (!child(root, 'Rule')) throw malformedXml();
    },
  },
  {
    name: 'publicAccessBlock',
    operation: 'PublicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    missing: 'NoSuchPublicAccessBlockConfiguration',
    verbs: BOTH,
  },
  {
    name: 'ownershipControls',
    operation: 'BucketOwnershipControls',
    root: 'OwnershipControls',
    missing: 'OwnershipControlsNotFoundError',
    verbs: BOTH,
  },
  {
    name: 'object-lock',
    operation: 'ObjectLockConfiguration',
    root: 'ObjectLockConfiguration',
    missing: 'ObjectLockConfigurationNotFoundError',
    verbs: ['Put'],
    check(root, { versioning }) {
      if (versioning !== 'Enabled')
        throw s3Error(
          'InvalidBucketState',
          {},
          "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
        );
      checkLockConfiguration(root);
    },
  },
  {
    name: 'logging',
    operation: 'BucketLogging',
    root: 'BucketLoggingStatus',
    missing: 'empty',
    verbs: ['Put'],
  },
  {
    name: 'accelerate',
    operation: 'BucketAccelerateConfiguration',
    root: 'AccelerateConfiguration',
    missing: 'empty',
    verbs: ['Put'],
  },
  {
    name: 'requestPayment',
    operation: 'BucketRequestPayment',
    root: 'RequestPaymentConfiguration',
    missing: 'empty',
    verbs: ['Put'],
    check(root) {
      if (!['BucketOwner', 'Requester'].includes(textOf(root, 'Payer') ?? '')) throw malformedXml();
    },
  },
  {
    name: 'replication',
    operation: 'BucketReplication',
    root: 'ReplicationConfiguration',
    missing: 'ReplicationConfigurationNotFoundError',
    verbs: BOTH,
    check(_, { versioning }) {
      if (versioning !== 'Enabled')
        throw invalidRequest(
          "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
        );
    },
  },
];

/** What is answered where nothing was ever put. */
export function emptyContent({ name }: Configuration): Readonly<Record<string, string>> {
  return name === 'requestPayment' ? { Payer: 'BucketOwner' } : {};
}
