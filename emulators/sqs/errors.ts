/** The error codes SQS answers: shape name in JSON, older code in the query protocol, and the texts clients look for. */
import { ServiceError } from '../_wire/service-error.ts';

const SERVICE = 'com.amazonaws.sqs#';
const LEGACY = 'AWS.SimpleQueueService.';

function sqsError(code: string, message: string, queryCode: string, status = 400): ServiceError {
  return new ServiceError(code, message, { namespace: SERVICE, queryCode, status });
}

export const queueDoesNotExist = () =>
  sqsError('QueueDoesNotExist', 'The specified queue does not exist.', `${LEGACY}NonExistentQueue`);

export const queueNameExists = (attribute: string) =>
  sqsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    'QueueAlreadyExists',
  );

export const resourceNotFound = (message: string) =>
  sqsError('ResourceNotFoundException', message, 'ResourceNotFoundException', 404);

export const missingParameter = (name: string) =>
  sqsError(
    'MissingRequiredParameterException',
    `The request must contain the parameter ${name}.`,
    'MissingParameter',
  );

export const invalidParameter = (message: string) =>
  sqsError('InvalidParameterValueException', message, 'InvalidParameterValue');

export const invalidValue = (value: unknown, name: string, reason: string) =>
  invalidParameter(`Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`);

export const unknownAttribute = (name: string) =>
  sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`, 'InvalidAttributeName');

export const invalidAttributeName = (message: string) =>
  sqsError('InvalidAttributeName', message, 'InvalidAttributeName');

export const invalidAttributeValue = (name: string, reason = '') =>
  sqsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason && ` Reason: ${reason}`}`,
    'InvalidAttributeValue',
  );

export const receiptHandleIsInvalid = (handle: string) =>
  sqsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    'ReceiptHandleIsInvalid',
  );

export const messageNotInflight = (handle: string) =>
  sqsError(
    'MessageNotInflight',
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    `${LEGACY}MessageNotInflight`,
  );

export const overLimit = (limit: number) =>
  sqsError('OverLimit', `The maximum number of in flight messages is reached: ${limit}.`, 'OverLimit', 403);

export const invalidMessageContents = (message: string) =>
  sqsError('InvalidMessageContents', message, 'InvalidMessageContents');

export const emptyBatch = (entry: string) =>
  sqsError(
    'EmptyBatchRequest',
    `There should be at least one ${entry} in the request.`,
    `${LEGACY}EmptyBatchRequest`,
  );

export const tooManyEntries = (count: number) =>
  sqsError(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are 10. You have sent ${count}.`,
    `${LEGACY}TooManyEntriesInBatchRequest`,
  );

export const idsNotDistinct = (id: string) =>
  sqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`, `${LEGACY}BatchEntryIdsNotDistinct`);

export const invalidEntryId = () =>
  sqsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    `${LEGACY}InvalidBatchEntryId`,
  );

export const batchTooLong = (limit: number, sent: number) =>
  sqsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${limit} bytes. You have sent ${sent} bytes.`,
    `${LEGACY}BatchRequestTooLong`,
  );

export const unknownOperation = (name: string) =>
  new ServiceError('UnknownOperationException', `The action ${name} is not valid for this endpoint.`, {
    namespace: 'com.amazon.coral.service#',
    queryCode: 'InvalidAction',
  });

export const malformedBody = (reason: string) =>
  new ServiceError('SerializationException', reason, {
    namespace: 'com.amazon.coral.service#',
    queryCode: 'MalformedInput',
  });
