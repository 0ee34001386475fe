/** The error codes EventBridge Scheduler answers. */
import { ServiceError } from '../_wire/service-error.ts';

function schedulerError(code: string, message: string, status: number): ServiceError {
  return new ServiceError(code, message, { status, fields: { Message: message } });
}

export const validation = (message: string) => schedulerError('ValidationException', message, 400);

/** What the service's model says of a member; `path` as in `target.retryPolicy`. */
export const constraint = (value: unknown, path: string, rule: string) =>
  validation(
    `1 validation error detected: Value ${value === undefined || value === null ? 'null' : `'${String(value)}'`} at '${path}' failed to satisfy constraint: ${rule}`,
  );

export const missing = (path: string) => constraint(undefined, path, 'Member must not be null');

export const scheduleNotFound = (name: string) =>
  schedulerError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);

export const groupNotFound = (name: string) =>
  schedulerError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);

export const conflict = (message: string) => schedulerError('ConflictException', message, 409);

export const serialization = (message: string) => schedulerError('SerializationException', message, 400);
