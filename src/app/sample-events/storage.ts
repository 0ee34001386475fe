/** What happened to objects and items, made by the code that makes it in a session. */

import { StoredItem } from '../../../emulators/dynamodb/stored-item.ts';
import { readRecord, recordText } from '../../../emulators/dynamodb/streams/record-text.ts';
import { recordInEvent } from '../../../emulators/dynamodb/triggers/event.ts';
import type { Item } from '../../../emulators/dynamodb/values/attribute-value.ts';
import type { ObjectEvent } from '../../../emulators/s3/model.ts';
import { makeObjectEvent } from '../../../emulators/s3/notifications/event.ts';
import { messageOf, SlsError } from '../../std/errors.ts';
import { parseExactJson } from '../../std/json-reader.ts';
import { typedItem } from '../data-plain.ts';
import {
  arn,
  DEFAULT_BODY,
  oneOf,
  records,
  type Sample,
  type SampleOption,
  type SampleSource,
} from './sample.ts';

const OBJECT: readonly SampleOption[] = ['bucket', 'key', 'size'];

export const storageSources: readonly SampleSource[] = [
  {
    name: 's3-put',
    describe: 'S3, an object was written',
    type: 'S3Event',
    options: OBJECT,
    make: (sample) => notified(sample, 'ObjectCreated:Put'),
  },
  {
    name: 's3-delete',
    describe: 'S3, an object was deleted',
    options: OBJECT.filter((name) => name !== 'size'),
    make: (sample) => notified(sample, 'ObjectRemoved:Delete'),
  },
  {
    name: 'dynamodb',
    describe: 'DynamoDB stream: --type INSERT, MODIFY or REMOVE; --body is the item as plain JSON',
    type: 'DynamoDBStreamEvent',
    options: ['table', 'body', 'key', 'type', 'count'],
    make: makeTableChanges,
  },
];

/** Throws `SlsError` `bad-option`. */
export function objectEvent({ ids, at, given }: Sample, name: string): ObjectEvent {
  const { bucket = 'bucket', key = 'folder/file.txt', size = '1024' } = given;
  if (!/^\d+$/.test(size))
    throw new SlsError('bad-option', `--size takes a number of bytes, found "${size}"`);
  return {
    name,
    key,
    bucket: { id: 1, name: bucket, region: '', createdAt: at, versioning: 'Enabled', configurations: {} },
    version: { versionId: ids.hex(16), seq: 1, sizeBytes: Number(size), etag: ids.hex(16) },
    requestId: ids.hex(8).toUpperCase(),
  };
}

function notified(sample: Sample, name: string): unknown {
  return JSON.parse(makeObjectEvent(objectEvent(sample, name), 'notification', sample));
}

function itemOf(text: string): Item {
  try {
    return typedItem(parseExactJson(text));
  } catch (failure) {
    throw new SlsError('bad-option', `--body is an item as JSON here: ${messageOf(failure)}`, {
      hint: `for example --body '{"id":1}'`,
    });
  }
}

/** A changed item was the same before, but for an attribute `changedAt`. */
function makeTableChanges(sample: Sample): unknown {
  const { ids, at, region, given } = sample;
  const type = oneOf(given.type ?? 'INSERT', ['INSERT', 'MODIFY', 'REMOVE'], 'type');
  const item = itemOf(given.body ?? DEFAULT_BODY);
  const key = given.key ?? Object.keys(item)[0] ?? 'id';
  if (!Object.hasOwn(item, key))
    throw new SlsError('bad-option', `--key names an attribute of the item, found "${key}"`, {
      hint: `the item has: ${Object.keys(item).join(', ')}`,
    });
  const now = StoredItem.of(item, undefined);
  const before = StoredItem.of({ ...item, changedAt: { S: new Date(at - 60_000).toISOString() } }, undefined);
  const change = {
    table: { keyNames: [key] },
    before: type === 'INSERT' ? undefined : type === 'REMOVE' ? now : before,
    after: type === 'REMOVE' ? undefined : now,
  };
  const streamArn = arn(sample, 'dynamodb', `table/${given.table ?? 'table'}/stream/2026-01-01T00:00:00.000`);
  const list = records(sample, (index) => {
    const context = { sequence: index + 1, at, eventId: ids.hex(16), region } as const;
    const text = recordText(change, {
      ...context,
      view: 'NEW_AND_OLD_IMAGES',
      cause: { kind: 'call', origin: { traceId: '' } },
    });
    return recordInEvent(readRecord(index + 1, text), streamArn);
  });
  return { Records: list };
}
