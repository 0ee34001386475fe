/** PutRecord and PutRecords: answered when what they hold is on disk. Throughput is not limited. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { TraceContext } from '../../../src/model/invocation.ts';
import { invalidArgument, validationOf } from '../errors.ts';
import { list, structure } from '../input/collections.ts';
import { hashKey, sequenceNumber } from '../input/members.ts';
import { blob, checkLength, text } from '../input/scalars.ts';
import { required } from '../input/shape.ts';
import { parseSequenceNumber } from '../sequence-number.ts';
import { type Service, streamOperation } from '../service.ts';
import { HASH_KEYS } from '../shards/hash-keys.ts';
import { shardIdOf } from '../shards/shard.ts';
import type { StreamRow } from '../stream.ts';
import type { NewRecord, Placed } from '../streams.ts';

const MAX_BLOB_BYTES = 10 * 1024 * 1024;
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
const MAX_RECORDS = 500;

const record = {
  PartitionKey: required(text({ minLength: 1, maxLength: 256 })),
  ExplicitHashKey: hashKey(),
  Data: required(blob(MAX_BLOB_BYTES)),
};

interface RecordInput {
  readonly PartitionKey: string;
  readonly ExplicitHashKey: string | undefined;
  readonly Data: Buffer;
}

export const putRecord = streamOperation(
  { SequenceNumberForOrdering: sequenceNumber(), ...record },
  (input, service, { origin }) => {
    const { StreamName, SequenceNumberForOrdering: after } = input;
    const errors: string[] = [];
    const row = service.streams.find(StreamName);
    if (row) checkSize(input, row, 'data', errors);
    if (errors.length > 0) throw validationOf(errors);
    const { encryption, name } = facts(service.streams.get(StreamName));
    const added = newRecord(input, origin);
    const known = after === undefined ? undefined : parseSequenceNumber(after);
    if (after !== undefined && (!known || known.at > service.clock.now()))
      throw invalidArgument(
        `ExclusiveMinimumSequenceNumber ${after} used in PutRecord on stream ${StreamName} under account ${service.accountId} is invalid.`,
      );
    const answer = (placed: readonly Placed[]): JsonObject => ({
      ...(placed[0] && describePlaced(placed[0])),
      ...encryption,
    });
    return write(service, name, [added], answer);
  },
);

export const putRecords = streamOperation(
  {
    Records: required(
      list(structure(record), {
        least: 1,
        most: MAX_RECORDS,
        shownAs: 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310',
      }),
    ),
  },
  ({ StreamName, Records }, service, { origin }) => {
    const errors: string[] = [];
    const row = service.streams.find(StreamName);
    if (row)
      for (const [at, one] of Records.entries()) checkSize(one, row, `records.${at + 1}.member.data`, errors);
    if (errors.length > 0) throw validationOf(errors);
    const { encryption, name } = facts(service.streams.get(StreamName));
    const bytes = Records.reduce((sum, one) => sum + one.Data.length + one.PartitionKey.length, 0);
    if (bytes > MAX_REQUEST_BYTES) throw invalidArgument('Records size exceeds 10 MB limit');
    const added = Records.map((one) => newRecord(one, origin));
    return write(service, name, added, (placed) => ({
      FailedRecordCount: 0,
      Records: placed.map(describePlaced),
      ...encryption,
    }));
  },
);

/** In the order of the calls; those that come together share a transaction. */
function write(
  { streams, store, writes }: Service,
  name: string,
  records: readonly NewRecord[],
  answer: (placed: readonly Placed[]) => JsonObject,
): Promise<JsonObject> | JsonObject {
  return writes.add(
    () => {},
    () => answer(store.write(() => streams.append(name, records))),
  );
}

function facts({ name, kmsKeyId }: StreamRow) {
  return { name, encryption: kmsKeyId === undefined ? {} : { EncryptionType: 'KMS' } };
}

function describePlaced({ shard, sequence }: Placed): JsonObject {
  return { ShardId: shardIdOf(shard), SequenceNumber: sequence };
}

function checkSize({ Data }: RecordInput, row: StreamRow, path: string, errors: string[]): void {
  const { length } = Data;
  const shown = `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`;
  checkLength(length, shown, path, 0, row.maxRecordKib * 1024, errors);
}

function newRecord({ PartitionKey, ExplicitHashKey, Data }: RecordInput, origin: TraceContext): NewRecord {
  const record = { partitionKey: PartitionKey, data: Data, origin };
  return ExplicitHashKey === undefined ? record : { ...record, explicitHash: explicitHash(ExplicitHashKey) };
}

function explicitHash(text: string): bigint {
  const hash = BigInt(text);
  if (hash < HASH_KEYS) return hash;
  throw invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${text}`,
  );
}
