/** ListStreams. */
import { invalidParameter } from '../../errors.ts';
import { structure } from '../../input/collections.ts';
import { tableName } from '../../input/members.ts';
import { integer, text } from '../../input/scalars.ts';
import { defineOperation, tableNameOf } from '../../service.ts';
import { checkStreamArn } from '../existing-stream.ts';

const MAX_STREAMS = 100;

export const listStreams = defineOperation({
  name: 'ListStreams',
  input: structure('ListStreamsInput', {
    TableName: tableName,
    Limit: integer({ min: 1 }),
    ExclusiveStartStreamArn: text(),
  }),
  run({ TableName: named, Limit: limit = MAX_STREAMS, ExclusiveStartStreamArn: start }, { streams }) {
    if (limit > MAX_STREAMS) throw invalidParameter(`Limit should be less than or equal to ${MAX_STREAMS}`);
    if (start !== undefined) checkStreamArn(start);
    const wanted = named === undefined ? undefined : tableNameOf(named);
    const found = streams
      .list()
      .filter((stream) => wanted === undefined || stream.tableName === wanted)
      .map((stream) => ({
        StreamArn: streams.arnOf(stream),
        TableName: stream.tableName,
        StreamLabel: stream.label,
      }))
      .filter(({ StreamArn: arn }) => start === undefined || arn > start);
    const page = found.slice(0, limit);
    const last = found.length > page.length ? page.at(-1)?.StreamArn : undefined;
    return { Streams: page, ...(last !== undefined && { LastEvaluatedStreamArn: last }) };
  },
});
