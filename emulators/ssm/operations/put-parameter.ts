/** PutParameter. */
import type { Operation } from '../../../src/model/service-api.ts';
import { unsupportedType, validation } from '../errors.ts';
import { choice, optionalText, readTags, requiredText } from '../input.ts';
import type { Parameters } from '../parameters.ts';
import type { ParameterType } from '../store.ts';

const TYPES: readonly ParameterType[] = ['String', 'StringList', 'SecureString'];
const DATA_TYPES = ['text', 'aws:ec2:image', 'aws:ssm:integration'];

export function makePutParameter(parameters: Parameters): Operation {
  return (input) => {
    const typeText = optionalText(input, 'Type');
    const type = TYPES.find((one) => one === typeText);
    if (typeText !== undefined && type === undefined) throw unsupportedType(typeText);
    const dataType = optionalText(input, 'DataType');
    if (dataType !== undefined && !DATA_TYPES.includes(dataType))
      throw validation(
        `The following data type is not supported: ${dataType} (Data type names are all lowercase.)`,
      );
    const policies = optionalText(input, 'Policies');
    const { version, tier } = parameters.put({
      name: requiredText(input, 'Name'),
      value: requiredText(input, 'Value'),
      type,
      dataType,
      description: optionalText(input, 'Description'),
      keyId: optionalText(input, 'KeyId'),
      allowedPattern: optionalText(input, 'AllowedPattern'),
      policies: policies === undefined || policies === '' ? undefined : checkedPolicies(policies),
      tier: choice(input, 'Tier', ['Standard', 'Advanced', 'Intelligent-Tiering']),
      tags: readTags(input),
      overwrite: input.Overwrite === true,
    });
    return { Version: version, Tier: tier };
  };
}

function checkedPolicies(text: string): string {
  try {
    if (Array.isArray(JSON.parse(text))) return text;
  } catch {
    // Said below.
  }
  throw validation('Invalid policies input: a JSON list of policies was expected.');
}
