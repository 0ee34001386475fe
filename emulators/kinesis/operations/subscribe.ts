/** SubscribeToShard: records are pushed to a consumer as they come, for five minutes or until the shard ends. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { EventStreamOperation, WriteEvent } from '../../../src/model/service-api.ts';
import { makeBell } from '../../../src/std/bell.ts';
import { inUse } from '../errors.ts';
import { structure } from '../input/collections.ts';
import { consumerArn, name, sequenceNumber } from '../input/members.ts';
import { flag, text, timestamp } from '../input/scalars.ts';
import { readInput, required } from '../input/shape.ts';
import { childrenOf, describeRecord, numberOf, STARTING_TYPES, startIndex } from '../reading.ts';
import type { Service } from '../service.ts';
import { needShardIndex, shardToRead } from '../shards/find-shard.ts';
import { consumerByArn } from './consumers.ts';

const LASTS_MS = 300_000;
/** Before that a second one of the same consumer and shard is refused, afterwards it takes over. */
const OWN_MS = 5000;
/** So that the consumer knows that it is still connected. */
const SILENCE_MS = 5000;
const MAX_RECORDS = 10_000;
const MAX_BYTES = 2 * 1024 * 1024;

const members = {
  ConsumerARN: required(consumerArn()),
  ShardId: required(name()),
  StartingPosition: required(
    structure({
      Type: required(text({ oneOf: STARTING_TYPES })),
      SequenceNumber: sequenceNumber(),
      Timestamp: timestamp(),
    }),
  ),
  DisableRecords: flag(),
};

interface Reading {
  readonly streamName: string;
  readonly shard: number;
  readonly from: number;
}

export function makeSubscribeToShard(service: Service): EventStreamOperation {
  const { streams, clock, accountId, subscriptions } = service;
  return (json, call) => {
    const { ConsumerARN, ShardId, StartingPosition } = readInput(members, json);
    const { streamName } = consumerByArn(service, ConsumerARN);
    const row = streams.get(streamName);
    const index = needShardIndex(ShardId, streamName, accountId);
    const shard = shardToRead(row, index, streamName, accountId);
    const from = startIndex(service, row, shard, {
      type: StartingPosition.Type,
      sequenceNumber: StartingPosition.SequenceNumber,
      timestamp: StartingPosition.Timestamp,
    });
    const key = `${ConsumerARN} ${index}`;
    const before = subscriptions.get(key);
    if (before && clock.now() - before.since < OWN_MS)
      throw inUse(
        `Another active subscription exists for this consumer: ${accountId}:${streamName}:${ShardId}`,
      );
    before?.end();
    const ended = new AbortController();
    const subscription = { since: clock.now(), end: () => ended.abort() };
    subscriptions.set(key, subscription);
    const gone = () => ended.abort();
    call.signal.addEventListener('abort', gone);
    return async (write) => {
      try {
        await push(service, { streamName, shard: index, from }, ended.signal, write);
      } finally {
        call.signal.removeEventListener('abort', gone);
        if (subscriptions.get(key) === subscription) subscriptions.delete(key);
      }
    };
  };
}

async function push(
  { streams, clock }: Service,
  { streamName, shard: index, from }: Reading,
  signal: AbortSignal,
  write: WriteEvent,
): Promise<void> {
  const bell = makeBell(clock);
  const stop = streams.onChange((name) => name === streamName && bell.ring());
  const until = clock.now() + LASTS_MS;
  let next = from;
  let isSilent = true;
  try {
    while (!signal.aborted && clock.now() < until) {
      const row = streams.find(streamName);
      const shard = row?.shards[index];
      if (!row || !shard) return;
      const records = streams.read(row, index, next, MAX_RECORDS, MAX_BYTES);
      const last = records.at(-1);
      if (last) next = last.index + 1;
      const isAtEnd = next > streams.newest(row, index) || !last;
      const children = isAtEnd ? childrenOf(row, shard) : undefined;
      if (records.length > 0 || children || isSilent) {
        const event: JsonObject = {
          Records: records.map((record) => describeRecord(shard, record)),
          ContinuationSequenceNumber: numberOf(
            shard,
            last ?? { index: Math.max(0, next - 1), at: clock.now() },
          ),
          MillisBehindLatest: isAtEnd ? 0 : Math.max(0, Math.floor(clock.now() - last.at)),
          ...(children && { ChildShards: children }),
        };
        await write('SubscribeToShardEvent', event);
      }
      if (children) return;
      isSilent = false;
      if (!isAtEnd) continue;
      const left = Math.min(SILENCE_MS, until - clock.now());
      const since = clock.now();
      await bell.wait(signal, left);
      isSilent = clock.now() - since >= SILENCE_MS;
    }
  } finally {
    stop();
  }
}
