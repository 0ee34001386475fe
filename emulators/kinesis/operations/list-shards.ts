/** ListShards, with its filters and pages. */
import { expiredToken, invalidArgument } from '../errors.ts';
import { structure } from '../input/collections.ts';
import { name, streamArn, streamNameOf } from '../input/members.ts';
import { integer, text, timestamp } from '../input/scalars.ts';
import { required } from '../input/shape.ts';
import { operation } from '../service.ts';
import { describeShard, type Shard, shardIdOf } from '../shards/shard.ts';
import { isOpen, type StreamRow, shownShards } from '../stream.ts';

const FILTERS = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
] as const;

interface Filter {
  readonly Type: (typeof FILTERS)[number];
  readonly ShardId: string | undefined;
  readonly Timestamp: number | undefined;
}

/** What a page's token remembers of the call that began the list. */
interface Token {
  readonly stream: string;
  readonly after: string;
  readonly filter?: Filter;
  readonly at: number;
}

const TOKEN_MS = 300_000;

export const listShards = operation(
  {
    StreamName: name(),
    StreamARN: streamArn(),
    NextToken: text({ minLength: 1, maxLength: 1_048_576 }),
    ExclusiveStartShardId: name(),
    MaxResults: integer(1, 10_000),
    StreamCreationTimestamp: timestamp(),
    ShardFilter: structure({
      Type: required(text<Filter['Type']>({ oneOf: FILTERS })),
      ShardId: name(),
      Timestamp: timestamp(),
    }),
  },
  ({ StreamName, StreamARN, NextToken, ExclusiveStartShardId, MaxResults = 1000, ShardFilter }, service) => {
    const { streams, clock } = service;
    const named = StreamName ?? (StreamARN === undefined ? undefined : streamNameOf(StreamARN));
    if (named === undefined && NextToken === undefined)
      throw invalidArgument('Either NextToken or StreamName should be provided.');
    if (named !== undefined && NextToken !== undefined)
      throw invalidArgument('NextToken and StreamName cannot be provided together.');
    const now = clock.now();
    const token = NextToken === undefined ? undefined : readToken(NextToken, now);
    const row = streams.get(token?.stream ?? named ?? '');
    const filter = token?.filter ?? ShardFilter;
    const after = token?.after ?? ExclusiveStartShardId ?? '';
    const rest = filtered(row, now, filter).filter(({ index }) => shardIdOf(index) > after);
    const shown = rest.slice(0, MaxResults);
    const last = shown.at(-1);
    return {
      Shards: shown.map(describeShard),
      ...(rest.length > MaxResults &&
        last && {
          NextToken: writeToken({
            stream: row.name,
            after: shardIdOf(last.index),
            at: now,
            ...(filter && { filter }),
          }),
        }),
    };
  },
);

function filtered(row: StreamRow, now: number, filter: Filter | undefined): readonly Shard[] {
  const shards = shownShards(row, now);
  switch (filter?.Type) {
    case undefined:
    case 'FROM_TRIM_HORIZON':
      return shards;
    case 'AT_LATEST':
      return shards.filter(isOpen);
    // Those that were open at the oldest moment that is kept.
    case 'AT_TRIM_HORIZON': {
      const oldest = shards.reduce((least, { madeAt }) => Math.min(least, madeAt), Number.POSITIVE_INFINITY);
      return shards.filter(
        ({ madeAt, parents }) =>
          madeAt === oldest || !parents.some((parent) => shards.some(({ index }) => index === parent)),
      );
    }
    case 'AFTER_SHARD_ID': {
      const { ShardId } = filter;
      if (ShardId === undefined)
        throw invalidArgument('ShardId must be specified when the filter type is AFTER_SHARD_ID.');
      return shards.filter(({ index }) => shardIdOf(index) > ShardId);
    }
    default: {
      const seconds = filter?.Timestamp;
      if (seconds === undefined)
        throw invalidArgument(`Timestamp must be specified when the filter type is ${filter?.Type}.`);
      const at = seconds * 1000;
      return shards.filter(
        ({ madeAt, closedAt }) =>
          (closedAt === undefined || closedAt >= at) && (filter?.Type === 'FROM_TIMESTAMP' || madeAt <= at),
      );
    }
  }
}

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64');
}

function readToken(text: string, now: number): Token {
  let token: Partial<Token>;
  try {
    token = JSON.parse(Buffer.from(text, 'base64').toString()) as Partial<Token>;
  } catch {
    throw invalidArgument('Invalid NextToken.');
  }
  const { stream, after, at } = token;
  if (typeof stream !== 'string' || typeof after !== 'string' || typeof at !== 'number')
    throw invalidArgument('Invalid NextToken.');
  if (now - at > TOKEN_MS) throw expiredToken('The NextToken has expired.');
  return token as Token;
}
