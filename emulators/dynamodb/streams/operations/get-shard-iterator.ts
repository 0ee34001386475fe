/** GetShardIterator. */
import { unreachable } from '../../../../src/std/errors.ts';
import { invalidParameter, validationError } from '../../errors.ts';
import { required, structure } from '../../input/collections.ts';
import { text } from '../../input/scalars.ts';
import type { TypeOf } from '../../input/shape.ts';
import { defineOperation, type Service } from '../../service.ts';
import { shardNotFound, trimmedDataAccess } from '../errors.ts';
import { existingStream } from '../existing-stream.ts';
import { sequenceAfter, sequenceAt } from '../sequence-number.ts';
import { writeIterator } from '../shard-iterator.ts';
import { type Stream, shardIdOf } from '../stream.ts';
import { shardId } from './shard-id.ts';

type IteratorType = 'TRIM_HORIZON' | 'LATEST' | 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER';

const input = structure('GetShardIteratorInput', {
  StreamArn: required(text()),
  ShardId: required(shardId),
  ShardIteratorType: required(
    text<IteratorType>({ oneOf: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'] }),
  ),
  SequenceNumber: text({ minLength: 21, maxLength: 40 }),
});
type GetShardIteratorInput = TypeOf<typeof input>;

export const getShardIterator = defineOperation({
  name: 'GetShardIterator',
  input,
  run(request, service) {
    checkSequenceNumber(request);
    const stream = existingStream(service, request.StreamArn);
    if (request.ShardId !== shardIdOf(stream)) throw shardNotFound();
    const streamArn = service.streams.arnOf(stream);
    const next = firstToRead(request, service, stream, streamArn);
    return { ShardIterator: writeIterator({ streamArn, next, issuedAt: service.clock.now() }) };
  },
});

function checkSequenceNumber({
  ShardIteratorType: type,
  SequenceNumber: number,
}: GetShardIteratorInput): void {
  const needed = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (needed && number === undefined)
    throw invalidParameter(`SequenceNumber must be specified when ShardIteratorType is ${type}`);
  if (!needed && number !== undefined)
    throw invalidParameter(`SequenceNumber must not be specified when ShardIteratorType is ${type}`);
}

function firstToRead(
  { ShardIteratorType: type, SequenceNumber: number = '' }: GetShardIteratorInput,
  { streams }: Service,
  stream: Stream,
  streamArn: string,
): number {
  const behindNewest = streams.newest(streamArn) + 1;
  const check = (next: number | undefined) => {
    if (next === undefined || next > behindNewest) throw validationError('Invalid SequenceNumber');
    if (next <= stream.trimmedTo) throw trimmedDataAccess();
    return next;
  };
  switch (type) {
    case 'TRIM_HORIZON':
      return stream.trimmedTo + 1;
    case 'LATEST':
      return behindNewest;
    case 'AT_SEQUENCE_NUMBER':
      return check(sequenceAt(number));
    case 'AFTER_SEQUENCE_NUMBER':
      return check(sequenceAfter(number));
    default:
      return unreachable(type);
  }
}
