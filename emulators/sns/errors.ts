/** The error codes SNS answers, with the texts clients look for. */
import { ServiceError } from '../_wire/service-error.ts';

const NAMESPACE = 'com.amazonaws.sns#';

function snsError(code: string, message: string, queryCode: string, status = 400): ServiceError {
  return new ServiceError(code, message, { namespace: NAMESPACE, queryCode, status });
}

export const invalidParameter = (what: string) =>
  snsError('InvalidParameterException', `Invalid parameter: ${what}`, 'InvalidParameter');

/** The same code, without its usual beginning. */
export const invalid = (message: string) =>
  snsError('InvalidParameterException', message, 'InvalidParameter');

/** Of message attributes; the service has a code of its own for them. */
export const invalidValue = (message: string) =>
  snsError('InvalidParameterValueException', message, 'ParameterValueInvalid');

export const notFound = (what: string) => snsError('NotFoundException', what, 'NotFound', 404);

export const topicDoesNotExist = () => notFound('Topic does not exist');

export const subscriptionDoesNotExist = () => notFound('Subscription does not exist');

/** Tagging operations have another code for what is not there. */
export const resourceNotFound = () =>
  snsError('ResourceNotFoundException', 'Resource does not exist', 'ResourceNotFound', 404);

export const tagLimit = () =>
  snsError(
    'TagLimitExceededException',
    'Could not complete request: tag quota of per resource exceeded',
    'TagLimitExceeded',
  );

export const emptyBatch = () =>
  snsError('EmptyBatchRequestException', 'The batch request does not contain an entry.', 'EmptyBatchRequest');

export const tooManyEntries = () =>
  snsError(
    'TooManyEntriesInBatchRequestException',
    'The batch request contains more entries than permissible.',
    'TooManyEntriesInBatchRequest',
  );

export const idsNotDistinct = () =>
  snsError(
    'BatchEntryIdsNotDistinctException',
    'Two or more batch entries in the request have the same Id.',
    'BatchEntryIdsNotDistinct',
  );

export const invalidEntryId = (reason = "a batch request doesn't abide by the specification.") =>
  snsError('InvalidBatchEntryIdException', `The Id of a batch entry in ${reason}`, 'InvalidBatchEntryId');

export const batchTooLong = () =>
  snsError(
    'BatchRequestTooLongException',
    'The length of all the messages put together is more than the limit.',
    'BatchRequestTooLong',
  );

export const endpointDisabled = () =>
  snsError('EndpointDisabledException', 'Endpoint is disabled', 'EndpointDisabled');

export const missingMember = (name: string) =>
  new ServiceError(
    'ValidationException',
    `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
    { namespace: NAMESPACE, queryCode: 'ValidationError' },
  );

export const unknownOperation = (name: string) =>
  new ServiceError('UnknownOperationException', `Could not find operation ${name}`, {
    namespace: NAMESPACE,
    queryCode: 'InvalidAction',
  });

export const malformedBody = (reason: string) =>
  new ServiceError('SerializationException', reason, { namespace: NAMESPACE, queryCode: 'MalformedInput' });
