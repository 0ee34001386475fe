/** Kinesis on the wire: its operations by name. */
import type { JsonApi } from '../../src/model/service-api.ts';
import { malformedBody, unknownOperation } from './errors.ts';
import { streamNameOf } from './input/members.ts';
import {
  deregisterConsumer,
  describeConsumerOperation,
  listConsumers,
  registerConsumer,
} from './operations/consumers.ts';
import { createStream, deleteStream } from './operations/create-stream.ts';
import {
  describeLimits,
  describeStream,
  describeStreamSummary,
  listStreams,
} from './operations/describe-stream.ts';
import { getRecords, getShardIterator } from './operations/get-records.ts';
import { listShards } from './operations/list-shards.ts';
import { putRecord, putRecords } from './operations/put-records.ts';
import { mergeShards, splitShard, updateShardCount } from './operations/reshard.ts';
import {
  decreaseRetention,
  disableMonitoring,
  enableMonitoring,
  increaseRetention,
  startEncryption,
  stopEncryption,
  updateMaxRecordSize,
  updateStreamMode,
} from './operations/settings.ts';
import { makeSubscribeToShard } from './operations/subscribe.ts';
import {
  addTags,
  listResourceTags,
  listTags,
  removeTags,
  tagResource,
  untagResource,
} from './operations/tags.ts';
import type { Service, ServiceOperation } from './service.ts';

const OPERATIONS: Readonly<Record<string, ServiceOperation>> = {
  AddTagsToStream: addTags,
  CreateStream: createStream,
  DecreaseStreamRetentionPeriod: decreaseRetention,
  DeleteStream: deleteStream,
  DeregisterStreamConsumer: deregisterConsumer,
  DescribeLimits: describeLimits,
  DescribeStream: describeStream,
  DescribeStreamConsumer: describeConsumerOperation,
  DescribeStreamSummary: describeStreamSummary,
  DisableEnhancedMonitoring: disableMonitoring,
  EnableEnhancedMonitoring: enableMonitoring,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  IncreaseStreamRetentionPeriod: increaseRetention,
  ListShards: listShards,
  ListStreamConsumers: listConsumers,
  ListStreams: listStreams,
  ListTagsForResource: listResourceTags,
  ListTagsForStream: listTags,
  MergeShards: mergeShards,
  PutRecord: putRecord,
  PutRecords: putRecords,
  RegisterStreamConsumer: registerConsumer,
  RemoveTagsFromStream: removeTags,
  SplitShard: splitShard,
  StartStreamEncryption: startEncryption,
  StopStreamEncryption: stopEncryption,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateMaxRecordSize: updateMaxRecordSize,
  UpdateShardCount: updateShardCount,
  UpdateStreamMode: updateStreamMode,
};

export function makeKinesisApi(service: Service): JsonApi {
  const operations = Object.entries(OPERATIONS).map(([name, make]) => [name, make(service)] as const);
  return {
    protocol: 'json',
    service: 'kinesis',
    targetPrefix: 'Kinesis_20131202',
    jsonVersion: '1.1',
    hasEmptyAnswers: true,
    needsBody: true,
    cbor: {
      blobs: ['Data'],
      timestamps: [
        'ApproximateArrivalTimestamp',
        'StreamCreationTimestamp',
        'ConsumerCreationTimestamp',
        'Timestamp',
      ],
    },
    operations: Object.fromEntries(operations),
    eventStreams: { SubscribeToShard: makeSubscribeToShard(service) },
    unknownOperation,
    malformedBody,
    targetOf: ({ StreamName: name, StreamARN: arn, ConsumerARN: consumer }) => {
      if (typeof name === 'string') return name;
      const found = typeof arn === 'string' ? arn : consumer;
      return typeof found === 'string' ? streamNameOf(found) : undefined;
    },
  };
}
