/** The error codes Secrets Manager answers, with its texts. */
import { ServiceError } from '../_wire/service-error.ts';

export const secretNotFound = () =>
  new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");

/** `what` as in `staging label: AWSCURRENT` and `VersionId: 1…`. */
export const valueNotFound = (what: string) =>
  new ServiceError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  );

export const secretExists = (name: string) =>
  new ServiceError(
    'ResourceExistsException',
    `The operation failed because the secret ${name} already exists.`,
  );

export const tokenInUse = (token: string, arn: string) =>
  new ServiceError(
    'ResourceExistsException',
    `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`,
  );

export const invalidRequest = (message: string) => new ServiceError('InvalidRequestException', message);

export const markedForDeletion = () =>
  invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");

export const invalidParameter = (message: string) => new ServiceError('InvalidParameterException', message);

export const invalidNextToken = () =>
  new ServiceError('InvalidNextTokenException', 'The NextToken value is invalid.');

export const malformedPolicy = () =>
  new ServiceError('MalformedPolicyDocumentException', 'This resource policy contains a syntax error.');

export const unknownOperation = (name: string) =>
  new ServiceError('UnknownOperationException', `there is no operation ${name} here`);

export const malformedBody = (reason: string) => new ServiceError('SerializationException', reason);
