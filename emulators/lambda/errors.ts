/** The error codes the Lambda API answers. */
import { ServiceError } from '../_wire/service-error.ts';

const user = { Type: 'User' } as const;

/** This one alone writes its message with a capital letter. */
export const functionNotFound = (arn: string) =>
  new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, {
    status: 404,
    fields: { ...user, Message: `Function not found: ${arn}` },
  });

export const validation = (value: string, member: string, constraint: string) =>
  new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy ${constraint}`,
  );

export const notJson = (reason: string) =>
  new ServiceError(
    'InvalidRequestContentException',
    `Could not parse request body into json: Could not parse payload into json: ${reason}`,
    { fields: user },
  );

export const badClientContext = () =>
  new ServiceError(
    'InvalidRequestContentException',
    'Client context must be a valid Base64-encoded JSON object.',
    { fields: user },
  );

export const clientContextTooLong = (maxBytes: number) =>
  new ServiceError(
    'InvalidRequestContentException',
    `Client context must be no more than ${maxBytes} bytes.`,
    {
      fields: user,
    },
  );

export const payloadTooLarge = (sizeBytes: number, type: string, maxBytes: number) =>
  new ServiceError(
    'RequestTooLargeException',
    `${sizeBytes} byte payload is too large for the ${type} invocation type (limit ${maxBytes} bytes)`,
    { status: 413, fields: user },
  );

/** Words of the service. */
export const tenantMissing = () =>
  new ServiceError(
    'InvalidParameterValueException',
    'The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try again.',
    { fields: user },
  );

export const tenantNotExpected = () =>
  new ServiceError(
    'InvalidParameterValueException',
    'The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your request and try again.',
    { fields: user },
  );

export const qualifierMismatch = () =>
  new ServiceError(
    'InvalidParameterValueException',
    'The derived qualifier from the function name does not match the specified qualifier.',
    { fields: user },
  );

/** `why` is ours; clients decide by `Reason`. */
export const tooManyRequests = (reserved: boolean, why: string) =>
  new ServiceError('TooManyRequestsException', `Rate Exceeded. (${why})`, {
    status: 429,
    fields: {
      ...user,
      Reason: reserved
        ? 'ReservedFunctionConcurrentInvocationLimitExceeded'
        : 'ConcurrentInvocationLimitExceeded',
    },
  });

/** The function cannot be run at all, e.g. because its build failed. */
export const notReady = (reason: string) =>
  new ServiceError('ResourceNotReadyException', reason, { status: 502, fields: { Type: 'Service' } });

export const recursiveInvocation = (message: string) =>
  new ServiceError('RecursiveInvocationException', message, { fields: user });

export const notEmulated = (what: string) =>
  new ServiceError('NotEmulated', `sls-local does not emulate ${what} yet`, {
    status: 501,
    fields: { Type: 'Service' },
  });

export const malformed = (reason: string) => new ServiceError('SerializationException', reason);

export const missing = (member: string): never => {
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
};

export const outOfRange = (value: number, member: string, bound: string) =>
  new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
  );

export const invalidParameter = (message: string) =>
  new ServiceError('InvalidParameterValueException', message, { fields: user });

export const conflict = (message: string) =>
  new ServiceError('ResourceConflictException', message, { status: 409, fields: user });

export const notFound = (message: string) =>
  new ServiceError('ResourceNotFoundException', message, { status: 404, fields: user });

export const provisionedNotFound = () =>
  new ServiceError(
    'ProvisionedConcurrencyConfigNotFoundException',
    'No Provisioned Concurrency Config found for this function',
    { status: 404, fields: user },
  );

export const tooLarge = (message: string) =>
  new ServiceError('RequestEntityTooLargeException', message, { status: 413, fields: user });

export const staleRevision = (what: string) =>
  new ServiceError(
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${what} API to retrieve the latest Revision Id`,
    { status: 412, fields: user },
  );
