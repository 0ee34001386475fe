/** GetRecords. */
import { invalidParameter } from '../../errors.ts';
import { required, structure } from '../../input/collections.ts';
import { integer, text } from '../../input/scalars.ts';
import { defineOperation } from '../../service.ts';
import { expiredIterator, trimmedDataAccess } from '../errors.ts';
import { existingStream } from '../existing-stream.ts';
import { readIterator, writeIterator } from '../shard-iterator.ts';

const MAX_RECORDS = 1000;
const MAX_BYTES = 1024 * 1024;
const ITERATOR_LIFE_MS = 15 * 60 * 1000;

export const getRecords = defineOperation({
  name: 'GetRecords',
  input: structure('GetRecordsInput', {
    ShardIterator: required(text({ minLength: 1, maxLength: 2048 })),
    Limit: integer({ min: 1 }),
  }),
  run({ ShardIterator: iterator, Limit: limit = MAX_RECORDS }, service) {
    if (limit > MAX_RECORDS) throw invalidParameter(`Limit should be less than or equal to ${MAX_RECORDS}`);
    const { streamArn, next, issuedAt } = readIterator(iterator);
    const now = service.clock.now();
    if (now - issuedAt > ITERATOR_LIFE_MS) throw expiredIterator();
    const stream = existingStream(service, streamArn);
    if (next <= stream.trimmedTo) throw trimmedDataAccess();
    const records = service.streams.read(streamArn, next - 1, limit, MAX_BYTES);
    const following = (records.at(-1)?.sequence ?? next - 1) + 1;
    const ended = stream.disabledAt !== undefined && following > service.streams.newest(streamArn);
    return {
      Records: records.map(({ record }) => record),
      ...(!ended && { NextShardIterator: writeIterator({ streamArn, next: following, issuedAt: now }) }),
    };
  },
});
