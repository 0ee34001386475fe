/** What is stored of buckets, objects and uploads. */
import type { TraceContext } from '../../src/model/invocation.ts';

export interface BucketRecord {
  /** Never used again, also when a bucket of the same name is made later. */
  readonly id: number;
  readonly name: string;
  readonly region: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Absent = never asked for. */
  readonly versioning?: 'Enabled' | 'Suspended';
  readonly objectLock?: true;
  /** By sub-resource (`cors`, `lifecycle`, `policy`, …): the document as it is answered. */
  readonly configurations: Readonly<Record<string, string>>;
  /** What the project file last said of it, as JSON; absent for buckets made through the API. */
  readonly declared?: string;
}

/** Bytes of one file. */
export interface Segment {
  readonly file: string;
  /** Where in the file they begin; absent = 0. */
  readonly offset?: number;
  readonly sizeBytes: number;
}

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64; of a composite one followed by `-<parts>`. */
  readonly value: string;
}

/** One part of an object that was uploaded in parts. */
export interface ObjectPart {
  readonly number: number;
  readonly sizeBytes: number;
  /** Base64, of the object's algorithm. */
  readonly checksum?: string;
}

export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  /** Epoch ms. */
  readonly until: number;
}

/** What a client says about an object besides its bytes. */
export interface ObjectFacts {
  /** System headers answered as they were sent: `content-type`, `cache-control`, … */
  readonly headers: Readonly<Record<string, string>>;
  /** By name without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** Absent = STANDARD. */
  readonly storageClass?: string;
  /** Headers about encryption, answered as they were sent; nothing is encrypted. */
  readonly encryption?: Readonly<Record<string, string>>;
  readonly websiteRedirect?: string;
  /** Access control policy, as XML; absent = private. */
  readonly acl?: string;
  readonly retention?: Retention;
  /** False = a hold was lifted. */
  readonly legalHold?: boolean;
}

export interface ObjectVersion extends ObjectFacts {
  /** `null` in a bucket without versioning. */
  readonly versionId: string;
  /** Greater than that of all versions before. */
  readonly seq: number;
  /** Epoch ms. */
  readonly modifiedAt: number;
  readonly deleteMarker?: true;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly segments: readonly Segment[];
  readonly checksum?: Checksum;
  readonly parts?: readonly ObjectPart[];
}

export interface UploadRecord {
  readonly id: string;
  readonly bucketId: number;
  readonly key: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly facts: ObjectFacts;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType };
}

export interface PartRecord {
  readonly number: number;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  readonly segments: readonly Segment[];
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** Something that happened to an object, for whoever is told. */
export interface ObjectEvent {
  /** `ObjectCreated:Put`, `ObjectRemoved:Delete`, … */
  readonly name: string;
  readonly bucket: BucketRecord;
  readonly key: string;
  readonly version: Pick<ObjectVersion, 'versionId' | 'seq' | 'sizeBytes' | 'etag'>;
  readonly requestId: string;
  readonly origin?: TraceContext;
  readonly sourceAddress?: string;
}
