/** The error codes EventBridge answers, with the texts clients look for. */
import { ServiceError } from '../_wire/service-error.ts';

export const validation = (message: string) => new ServiceError('ValidationException', message);

export const notFound = (what: string) =>
  new ServiceError('ResourceNotFoundException', `${what} does not exist.`);

export const ruleNotFound = (rule: string, bus: string) =>
  new ServiceError('ResourceNotFoundException', `Rule ${rule} does not exist on EventBus ${bus}.`);

export const alreadyExists = (what: string) =>
  new ServiceError('ResourceAlreadyExistsException', `${what} already exists.`);

export const invalidPattern = (reason: string) =>
  new ServiceError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);

export const limitExceeded = () =>
  new ServiceError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');

export const illegalStatus = (message: string) => new ServiceError('IllegalStatusException', message);

export const missingMember = (name: string) =>
  validation(
    `1 validation error detected: Value null at '${camel(name)}' failed to satisfy constraint: Member must not be null`,
  );

export const constraint = (name: string, value: string, rule: string) =>
  validation(
    `1 validation error detected: Value '${value}' at '${camel(name)}' failed to satisfy constraint: ${rule}`,
  );

export const unknownOperation = (name: string) =>
  new ServiceError('UnknownOperationException', `Could not find operation ${name}`);

export const malformedBody = (reason: string) => new ServiceError('SerializationException', reason);

function camel(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
