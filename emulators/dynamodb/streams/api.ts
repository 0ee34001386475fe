/** The API of DynamoDB Streams: an endpoint of its own in the cloud, a target prefix of its own here. */
import type { JsonApi } from '../../../src/model/service-api.ts';
import { malformedBody, unknownOperation } from '../errors.ts';
import type { Service, ServiceOperation } from '../service.ts';
import { describeStream } from './operations/describe-stream.ts';
import { getRecords } from './operations/get-records.ts';
import { getShardIterator } from './operations/get-shard-iterator.ts';
import { listStreams } from './operations/list-streams.ts';
import { parseStreamArn } from './stream.ts';

const operations: readonly ServiceOperation[] = [describeStream, getRecords, getShardIterator, listStreams];

export function makeStreamsApi(service: Service): JsonApi {
  return {
    protocol: 'json',
    service: 'dynamodb',
    targetPrefix: 'DynamoDBStreams_20120810',
    cbor: { blobs: ['B', 'BS'], timestamps: ['ApproximateCreationDateTime', 'CreationRequestDateTime'] },
    jsonVersion: '1.0',
    operations: Object.fromEntries(
      operations.map((operation) => [operation.name, (input, call) => operation.run(input, service, call)]),
    ),
    unknownOperation: () => unknownOperation(),
    malformedBody,
    packs: true,
    targetOf({ TableName: name, StreamArn: arn, ShardIterator: iterator }) {
      if (typeof name === 'string') return name;
      const text = typeof arn === 'string' ? arn : iterator;
      return typeof text === 'string' ? parseStreamArn(text.split('|')[0] ?? '')?.tableName : undefined;
    },
  };
}
