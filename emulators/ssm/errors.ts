/** The error codes Parameter Store answers, with its texts. */
import { ServiceError } from '../_wire/service-error.ts';

export const validation = (message: string) => new ServiceError('ValidationException', message);

/** `member` as the service spells it: `name`. */
export const invalidMember = (member: string, value: unknown, constraint: string) =>
  validation(
    `1 validation error detected: Value ${value === null || value === undefined ? 'null' : `'${String(value)}'`} at '${member}' failed to satisfy constraint: ${constraint}`,
  );

export const parameterNotFound = (message = '') => new ServiceError('ParameterNotFound', message);

export const parameterVersionNotFound = (selector: string, name: string) =>
  new ServiceError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
  );

export const parameterAlreadyExists = () =>
  new ServiceError(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );

export const typeMismatch = () =>
  new ServiceError(
    'HierarchyTypeMismatchException',
    "Parameter Store doesn't support changing a parameter type in a hierarchy. You must create a new, unique parameter.",
  );

export const levelLimit = () =>
  new ServiceError(
    'HierarchyLevelLimitExceededException',
    'A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter names.',
  );

export const patternMismatch = (pattern: string) =>
  new ServiceError(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  );

export const invalidAllowedPattern = (pattern: string) =>
  new ServiceError(
    'InvalidAllowedPatternException',
    `The pattern ${pattern} is not a valid regular expression.`,
  );

export const unsupportedType = (type: string) =>
  new ServiceError('UnsupportedParameterType', `The parameter type ${type} is not supported.`);

export const versionLimit = (name: string, oldest: number) =>
  new ServiceError(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  );

export const labelLimit = () =>
  new ServiceError(
    'ParameterVersionLabelLimitExceeded',
    'An error occurred (ParameterVersionLabelLimitExceeded) when calling the LabelParameterVersion operation: A parameter version can have a maximum of 10 labels. Move one or more labels to another version and try again.',
  );

export const invalidFilterKey = (key: string) =>
  new ServiceError(
    'InvalidFilterKey',
    `The following filter key is not valid: ${key}. Valid filter keys include: [Path, Name, Type, KeyId, Tier, DataType, Label, tag:].`,
  );

export const invalidFilterOption = (option: string) =>
  new ServiceError(
    'InvalidFilterOption',
    `The following filter option is not valid: ${option}. Valid options include: [BeginsWith, Equals, Contains, Recursive, OneLevel].`,
  );

export const invalidNextToken = () =>
  new ServiceError('InvalidNextToken', 'The specified token is not valid.');

export const invalidResourceId = () => new ServiceError('InvalidResourceId', '');

export const invalidResourceType = (type: string) =>
  new ServiceError('InvalidResourceType', `${type} is not a valid resource type.`);

export const unknownOperation = (name: string) =>
  new ServiceError('UnknownOperationException', `there is no operation ${name} here`);

export const malformedBody = (reason: string) => new ServiceError('SerializationException', reason);
