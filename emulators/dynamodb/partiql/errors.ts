/** What the service answers to a statement it cannot read or will not run. */
import { ServiceError } from '../../_wire/service-error.ts';
import { validationError } from '../errors.ts';
import type { Position } from './syntax.ts';

/** The text cannot be read. The service says nothing behind the colon where no token could be made of it. */
export function malformed(detail = ''): ServiceError {
  return validationError(`Statement wasn't well formed, can't be processed: ${detail}`);
}

/** Several texts end in the place they are about: line, column and length of a token, the first two from 1. */
export function refusedAt(detail: string, { line, column, length }: Position): ServiceError {
  return validationError(`${detail} at ${line}:${column}:${length}`);
}

export function duplicateItem(): ServiceError {
  return new ServiceError('DuplicateItemException', 'Duplicate primary key exists in table', {
    namespace: 'com.amazonaws.dynamodb.v20120810#',
  });
}
