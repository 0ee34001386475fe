/** The errors Kinesis answers, with its texts. */
import { ServiceError } from '../_wire/service-error.ts';

export const notFound = (message: string) => new ServiceError('ResourceNotFoundException', message);
export const inUse = (message: string) => new ServiceError('ResourceInUseException', message);
export const invalidArgument = (message: string) => new ServiceError('InvalidArgumentException', message);
export const limitExceeded = (message: string) => new ServiceError('LimitExceededException', message);
export const expiredIterator = (message: string) => new ServiceError('ExpiredIteratorException', message);
export const expiredToken = (message: string) => new ServiceError('ExpiredNextTokenException', message);
export const validation = (message: string) => new ServiceError('ValidationException', message);

/** The service spells its message with a capital here. */
export const serialization = (message: string) =>
  new ServiceError('SerializationException', '', { fields: { Message: message } });

export const validationOf = (found: readonly string[]) =>
  validation(`${found.length} validation error${found.length > 1 ? 's' : ''} detected: ${found.join('; ')}`);

export const streamNotFound = (name: string, accountId: string) =>
  notFound(`Stream ${name} under account ${accountId} not found.`);

export const unknownOperation = (_name: string) => new ServiceError('UnknownOperationException', '');
export const malformedBody = (_reason: string) => new ServiceError('SerializationException', '');
