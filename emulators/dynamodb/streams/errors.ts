/** What DynamoDB Streams answers to a call it refuses, besides what it has in common with DynamoDB. */
import { ServiceError } from '../../_wire/service-error.ts';
import { resourceNotFound } from '../errors.ts';

const dynamodb = 'com.amazonaws.dynamodb.v20120810#';

export function streamNotFound(streamArn: string): ServiceError {
  return resourceNotFound(`Requested resource not found: Stream: ${streamArn} not found`);
}

export function shardNotFound(): ServiceError {
  return resourceNotFound('Requested resource not found: Shard does not exist');
}

export function expiredIterator(): ServiceError {
  return new ServiceError('ExpiredIteratorException', 'Shard iterator has expired', { namespace: dynamodb });
}

export function trimmedDataAccess(): ServiceError {
  return new ServiceError(
    'TrimmedDataAccessException',
    'The data you are trying to access has been trimmed',
    { namespace: dynamodb },
  );
}
