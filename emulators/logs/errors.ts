/** The error codes CloudWatch Logs answers. */
import { ServiceError } from '../_wire/service-error.ts';

export const invalidParameter = (message: string) => new ServiceError('InvalidParameterException', message);

/** What the service's model says of a member; `path` as in `logEvents`. */
export const constraint = (value: unknown, path: string, rule: string) =>
  invalidParameter(
    `1 validation error detected: Value ${value === undefined || value === null ? 'null' : `'${String(value)}'`} at '${path}' failed to satisfy constraint: ${rule}`,
  );

export const alreadyExists = (what: string) =>
  new ServiceError('ResourceAlreadyExistsException', `The specified ${what} already exists`);

export const malformedBody = (reason: string) => new ServiceError('SerializationException', reason);

export const unknownOperation = (name: string) =>
  new ServiceError(
    'UnknownOperationException',
    `sls-local does not emulate ${name} of CloudWatch Logs; what is written to log groups is in files of .sls-local/files/logs`,
  );
