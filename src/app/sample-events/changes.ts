/** What happened to objects and documents, as other services than S3 and DynamoDB tell it. */
import { makeBridgeEvent } from '../../../emulators/s3/notifications/bridge-event.ts';
import { makeBusEvent } from './buses.ts';
import { arn, bodyMap, oneOf, records, type Sample, type SampleSource } from './sample.ts';
import { objectEvent } from './storage.ts';

export const changeSources: readonly SampleSource[] = [
  {
    name: 's3-eventbridge',
    describe: 'S3 through EventBridge: --type "Object Created", "Object Deleted", "Object Tags Added", …',
    type: 'S3NotificationEvent',
    options: ['bucket', 'key', 'size', 'type'],
    make: onTheBus,
  },
  {
    name: 's3-batch',
    describe: 'S3 Batch Operations, a task on an object',
    type: 'S3BatchEvent',
    options: ['bucket', 'key'],
    make: ({ ids, given }) => ({
      invocationSchemaVersion: '1.0',
      invocationId: ids.hex(16),
      job: { id: ids.uuid() },
      tasks: [
        {
          taskId: ids.hex(16),
          s3Key: encodeURIComponent(given.key ?? 'folder/file.txt').replaceAll('%2F', '/'),
          s3VersionId: null,
          s3BucketArn: `arn:aws:s3:::${given.bucket ?? 'bucket'}`,
        },
      ],
    }),
  },
  {
    name: 'guardduty-scan',
    describe: 'GuardDuty has scanned an object: --type NO_THREATS_FOUND, THREATS_FOUND, …',
    type: 'GuardDutyNotificationEvent',
    options: ['bucket', 'key', 'type'],
    make: makeScan,
  },
  {
    name: 'documentdb',
    describe: 'DocumentDB change stream: --type insert, update, replace or delete; --body is the document',
    options: ['body', 'type', 'name', 'table', 'count'],
    make: makeDocumentChanges,
  },
];

/** What S3 tells buses and our buckets do not do: members besides `bucket`, `object`, `request-id` and `requester`. */
const UNDONE: Readonly<Record<string, object>> = {
  'Object Restore Initiated': { 'source-ip-address': '127.0.0.1', 'source-storage-class': 'GLACIER' },
  'Object Restore Completed': {
    requester: 's3.amazonaws.com',
    'restore-expiry-time': '2026-12-31T00:00:00Z',
    'source-storage-class': 'GLACIER',
  },
  'Object Restore Expired': { requester: 's3.amazonaws.com' },
  'Object Storage Class Changed': { requester: 's3.amazonaws.com', 'destination-storage-class': 'GLACIER' },
  'Object Access Tier Changed': {
    requester: 's3.amazonaws.com',
    'destination-access-tier': 'ARCHIVE_ACCESS',
  },
};

const DONE: Readonly<Record<string, string>> = {
  'Object Created': 'ObjectCreated:Put',
  'Object Deleted': 'ObjectRemoved:Delete',
  'Object Tags Added': 'ObjectTagging:Put',
  'Object Tags Deleted': 'ObjectTagging:Delete',
  'Object ACL Updated': 'ObjectAcl:Put',
};

function onTheBus(sample: Sample): unknown {
  const types = [...Object.keys(DONE), ...Object.keys(UNDONE)];
  const type = oneOf(sample.given.type ?? 'Object Created', types, 'type');
  const told = objectEvent(sample, DONE[type] ?? 'ObjectCreated:Put');
  const event = JSON.parse(makeBridgeEvent(told, sample.ids.uuid(), sample) ?? '{}');
  const more = UNDONE[type];
  if (!more) return event;
  const { bucket, object, requester, ...rest } = event.detail;
  const { sequencer: _, size, ...named } = object;
  const detail = {
    version: '0',
    bucket,
    object: type === 'Object Restore Expired' ? named : { ...named, size },
    'request-id': rest['request-id'],
    requester,
    ...more,
  };
  return { ...event, 'detail-type': type, detail };
}

function makeScan(sample: Sample) {
  const { ids, given } = sample;
  const bucketName = given.bucket ?? 'bucket';
  const results = ['NO_THREATS_FOUND', 'THREATS_FOUND', 'UNSUPPORTED', 'ACCESS_DENIED', 'FAILED'] as const;
  const result = oneOf(given.type ?? 'NO_THREATS_FOUND', results, 'type');
  const detail = {
    schemaVersion: '1.0',
    scanStatus: result === 'FAILED' ? 'FAILED' : 'COMPLETED',
    resourceType: 'S3_OBJECT',
    s3ObjectDetails: {
      bucketName,
      objectKey: given.key ?? 'folder/file.txt',
      eTag: ids.hex(16),
      versionId: ids.hex(16),
      s3Throttled: false,
    },
    scanResultDetails: {
      scanResultStatus: result,
      threats: result === 'THREATS_FOUND' ? [{ name: 'EICAR-Test-File (not a virus)' }] : null,
    },
  };
  const type = 'GuardDuty Malware Protection Object Scan Result';
  const event = makeBusEvent({ ...sample, given: { source: 'aws.guardduty', type } });
  return {
    ...event,
    resources: [arn(sample, 'guardduty', `malware-protection-plan/${ids.hex(10)}`)],
    detail,
  };
}

/** Lambda guide, "Using AWS Lambda with Amazon DocumentDB": ids, times and numbers are in MongoDB's extended JSON. */
function makeDocumentChanges(sample: Sample) {
  const { ids, at, given } = sample;
  const operation = oneOf(given.type ?? 'insert', ['insert', 'update', 'replace', 'delete'], 'type');
  const body = bodyMap(sample);
  return {
    eventSourceArn: arn(sample, 'rds', `cluster:${given.name ?? 'cluster'}`),
    events: records(sample, (index) => {
      const id = { $oid: ids.hex(12) };
      return {
        event: {
          _id: { _data: ids.hex(20) },
          clusterTime: { $timestamp: { t: Math.floor(at / 1000), i: index + 1 } },
          documentKey: { _id: id },
          ...(operation !== 'delete' && { fullDocument: { _id: id, ...body } }),
          ns: { db: 'database', coll: given.table ?? 'collection' },
          operationType: operation,
          ...(operation === 'update' && { updateDescription: { removedFields: [], updatedFields: body } }),
        },
      };
    }),
    eventSource: 'aws:docdb',
  };
}
