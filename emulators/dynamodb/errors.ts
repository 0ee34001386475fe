/** What DynamoDB answers to a call it refuses: the codes, their namespaces and the texts that are always the same. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { ServiceError } from '../_wire/service-error.ts';

const dynamodb = 'com.amazonaws.dynamodb.v20120810#';
const coralService = 'com.amazon.coral.service#';

/** A request that is wrong in itself, whatever the tables hold. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationException', message, { namespace: 'com.amazon.coral.validate#' });
}

/**
 * What is wrong with a request's values or expressions. Since June 2026 the service checks writes of one item, GetItem,
 * BatchGetItem and Query in a newer layer that words some of it anew; the other operations are still served by the older one
 * (captures of October 2026: most regions, us-east-1 among them).
 */
export class RequestError extends ServiceError {
  readonly newer: string;

  constructor(older: string, newer: string) {
    super('ValidationException', older, { namespace: 'com.amazon.coral.validate#' });
    this.newer = newer;
  }
}

export function requestError(older: string, newer = older): RequestError {
  return new RequestError(older, newer);
}

export function invalidRequest(detail: string, newer = detail): RequestError {
  return new RequestError(`${INVALID}${detail}`, `${INVALID}${newer}`);
}

/** How the newer layer says it where one item is written. */
export function enveloped(message: string): string {
  return `1 validation error detected: ${message}`;
}

const INVALID = 'One or more parameter values were invalid: ';

/** `One or more parameter values were invalid: …`, the beginning of a good half of the service's texts. */
export function invalidParameter(detail: string): ServiceError {
  return validationError(`${INVALID}${detail}`);
}

/** A member of the request has the wrong JSON type. The service spells this one `Message`. */
export function serializationError(message: string): ServiceError {
  return new ServiceError('SerializationException', '', {
    namespace: coralService,
    fields: { Message: message },
  });
}

export function malformedBody(): ServiceError {
  return new ServiceError('SerializationException', '', { namespace: coralService });
}

export function unknownOperation(): ServiceError {
  return new ServiceError('UnknownOperationException', '', { namespace: coralService });
}

export function accessDenied(message: string): ServiceError {
  return new ServiceError('AccessDeniedException', '', {
    namespace: coralService,
    fields: { Message: message },
  });
}

/** Item operations say no more than this; table operations name the table. */
export function resourceNotFound(message = 'Requested resource not found'): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, { namespace: dynamodb });
}

export function tableNotFound(tableName: string): ServiceError {
  return resourceNotFound(`Requested resource not found: Table: ${tableName} not found`);
}

export function resourceInUse(message: string): ServiceError {
  return new ServiceError('ResourceInUseException', message, { namespace: dynamodb });
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message, { namespace: dynamodb });
}

/** `item` is the item as it is, where the caller asked for it with ReturnValuesOnConditionCheckFailure. */
export function conditionalCheckFailed(item?: JsonObject): ServiceError {
  return new ServiceError('ConditionalCheckFailedException', 'The conditional request failed', {
    namespace: dynamodb,
    fields: item ? { Item: item } : {},
  });
}

export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: JsonObject;
}

/** `reasons` has one entry per action of the transaction, `{ Code: 'None' }` for those that would have succeeded. */
export function transactionCanceled(reasons: readonly CancellationReason[]): ServiceError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new ServiceError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { namespace: dynamodb, fields: { CancellationReasons: reasons.map((reason) => ({ ...reason })) } },
  );
}

export function idempotentParameterMismatch(): ServiceError {
  return new ServiceError(
    'IdempotentParameterMismatchException',
    'The provided client token is already in use with different request parameters',
    { namespace: dynamodb },
  );
}

export function notEmulated(what: string): ServiceError {
  return new ServiceError('UnsupportedOperationException', `${what} is not emulated by sls-local`, {
    namespace: dynamodb,
  });
}
