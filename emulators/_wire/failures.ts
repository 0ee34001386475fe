/** The errors the endpoint itself answers, and how anything thrown becomes one a client understands. */
import { ownFailureOf } from '../../src/model/own-failures.ts';
import { isDiskFull } from '../../src/std/disk-full.ts';
import { messageOf } from '../../src/std/errors.ts';
import { ServiceError } from './service-error.ts';

/** The namespace the services' common front (as against the service itself) puts before its errors. */
export const FRONT = 'com.amazon.coral.service#';

export interface BugReport {
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
}

/** Told about every exception that is our mistake; the caller got a 500 with the request id. */
export type OnBug = (thrown: unknown, where: BugReport) => void;

/** The service's own failure to the caller, who may try again. */
const DISK_FULL = 'The disk is full: nothing was stored. Please try again.';

/** A `ServiceError` as it is; anything else becomes a 500, and is reported unless the disk is full. */
export function asServiceError(thrown: unknown, where: BugReport, onBug: OnBug): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  if (isDiskFull(thrown)) {
    const [code, status] = ownFailureOf(where.service);
    return new ServiceError(code, DISK_FULL, { status });
  }
  onBug(thrown, where);
  return new ServiceError(
    'InternalServerError',
    `sls-local failed on ${where.service} ${where.operation} (request ${where.requestId}): ${messageOf(thrown)}`,
    { status: 500, queryCode: 'InternalFailure' },
  );
}

export function notEmulated(service: string, emulated: readonly string[]): ServiceError {
  return new ServiceError(
    'ServiceNotEmulated',
    `sls-local does not emulate the service '${service}'; it emulates: ${emulated.join(', ')}`,
    { status: 501 },
  );
}

export function bodyTooLarge(maxBytes: number): ServiceError {
  return new ServiceError(
    'RequestEntityTooLargeException',
    `Request must be smaller than ${maxBytes} bytes`,
    {
      status: 413,
      namespace: FRONT,
      queryCode: 'RequestEntityTooLarge',
    },
  );
}

export function unknownOperation(name: string): ServiceError {
  return new ServiceError('UnknownOperationException', name && `unknown operation '${name}'`, {
    namespace: FRONT,
  });
}

export function notJson(reason: string): ServiceError {
  return new ServiceError('SerializationException', reason, { namespace: FRONT });
}
