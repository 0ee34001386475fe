/** The event functions, queues and topics get. Source: "Event message structure" of the S3 user guide. */
import type { ObjectEvent } from '../model.ts';
import { ownerId } from '../owner.ts';

export interface EventPlace {
  readonly region: string;
  readonly accountId: string;
  /** Epoch ms. */
  readonly at: number;
}

/** JSON text. `configurationId` is the rule's. */
export function makeObjectEvent(event: ObjectEvent, configurationId: string, place: EventPlace): string {
  const { bucket, key, version, name, requestId } = event;
  return JSON.stringify({
    Records: [
      {
        eventVersion: /^Object(Created|Removed):/.test(name) ? '2.1' : '2.3',
        eventSource: 'aws:s3',
        awsRegion: place.region,
        eventTime: new Date(place.at).toISOString(),
        eventName: name,
        userIdentity: { principalId: `AWS:${place.accountId}` },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: {
          'x-amz-request-id': requestId,
          'x-amz-id-2': Buffer.from(requestId).toString('base64'),
        },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId,
          bucket: {
            name: bucket.name,
            ownerIdentity: { principalId: ownerId(place.accountId) },
            arn: `arn:aws:s3:::${bucket.name}`,
          },
          object: {
            key: encodeKey(key),
            ...contentOf(name, version),
            ...(bucket.versioning === undefined ? {} : { versionId: version.versionId }),
            sequencer: sequencerOf(version.seq),
          },
        },
      },
    ],
  });
}

/** What is gone has no size; a delete marker is told with the digest of nothing. */
function contentOf(name: string, { sizeBytes, etag }: ObjectEvent['version']) {
  if (name.endsWith(':DeleteMarkerCreated')) return { eTag: 'd41d8cd98f00b204e9800998ecf8427e' };
  if (/:Delete$/.test(name) && !name.startsWith('ObjectTagging')) return {};
  return { size: sizeBytes, eTag: etag };
}

/** As a form encodes it: a space is a plus. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}

export function sequencerOf(seq: number): string {
  return seq.toString(16).toUpperCase().padStart(18, '0');
}
