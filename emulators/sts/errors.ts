/** The error codes STS answers. */
import { ServiceError } from '../_wire/service-error.ts';

const NAMESPACE = 'com.amazonaws.sts#';

function stsError(code: string, message: string, queryCode: string, status = 400): ServiceError {
  return new ServiceError(code, message, { namespace: NAMESPACE, queryCode, status });
}

/** `value` is quoted; null when the member is absent. */
export function invalidMember(name: string, value: string | null, constraint: string): ServiceError {
  const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const found = value === null ? 'null' : `'${value}'`;
  return stsError(
    'ValidationException',
    `1 validation error detected: Value ${found} at '${member}' failed to satisfy constraint: ${constraint}`,
    'ValidationError',
  );
}

export const invalidArn = (arn: string) =>
  stsError('ValidationException', `${arn} is invalid`, 'ValidationError');

export const invalidIdentityToken = () =>
  stsError(
    'InvalidIdentityTokenException',
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    'InvalidIdentityToken',
  );

export const expiredToken = () =>
  stsError(
    'ExpiredTokenException',
    'Token expired: current date/time must be before the expiration date/time',
    'ExpiredTokenException',
  );

export const malformedPolicy = () =>
  stsError(
    'MalformedPolicyDocumentException',
    'The policy is not in the valid JSON format.',
    'MalformedPolicyDocument',
  );

export const invalidAuthorizationMessage = () =>
  stsError(
    'InvalidAuthorizationMessageException',
    'Message is not valid',
    'InvalidAuthorizationMessageException',
  );

export const unknownOperation = (name: string) =>
  new ServiceError('UnknownOperationException', `Could not find operation ${name} for version 2011-06-15`, {
    namespace: NAMESPACE,
    queryCode: 'InvalidAction',
  });

export const malformedBody = (reason: string) =>
  new ServiceError('SerializationException', reason, { namespace: NAMESPACE, queryCode: 'MalformedInput' });
