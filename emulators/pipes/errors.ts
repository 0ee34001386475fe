/** The error codes EventBridge Pipes answers. */
import { ServiceError } from '../_wire/service-error.ts';

const pipesError = (code: string, message: string, status: number) =>
  new ServiceError(code, message, { status });

export const validation = (message: string) => pipesError('ValidationException', message, 400);

/** What the service's model says of a member; `path` as in `sourceParameters.sqsQueueParameters`. */
export const constraint = (value: unknown, path: string, rule: string) =>
  validation(
    `1 validation error detected: Value ${value === undefined || value === null ? 'null' : `'${String(value)}'`} at '${path}' failed to satisfy constraint: ${rule}`,
  );

export const notFound = (name: string) =>
  pipesError('NotFoundException', `Pipe ${name} does not exist.`, 404);

export const alreadyExists = (name: string) =>
  pipesError('ConflictException', `Pipe ${name} already exists.`, 409);

export const serialization = (message: string) => pipesError('SerializationException', message, 400);
