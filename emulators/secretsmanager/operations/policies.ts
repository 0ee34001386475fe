/** GetResourcePolicy, PutResourcePolicy, DeleteResourcePolicy and ValidateResourcePolicy; nothing enforces them. */
import type { Operation } from '../../../src/model/service-api.ts';
import { malformedPolicy } from '../errors.ts';
import { requiredText } from '../input.ts';
import type { Secrets } from '../secrets.ts';

export function makeGetResourcePolicy(secrets: Secrets): Operation {
  return (input) => {
    const { arn, name, policy } = secrets.get(requiredText(input, 'SecretId'));
    return { ARN: arn, Name: name, ...(policy !== undefined && { ResourcePolicy: policy }) };
  };
}

export function makePutResourcePolicy(secrets: Secrets): Operation {
  return (input) => {
    const record = secrets.get(requiredText(input, 'SecretId'));
    const policy = requiredText(input, 'ResourcePolicy');
    if (!isJson(policy)) throw malformedPolicy();
    secrets.change(record, { policy });
    return { ARN: record.arn, Name: record.name };
  };
}

export function makeDeleteResourcePolicy(secrets: Secrets): Operation {
  return (input) => {
    const { policy, ...record } = secrets.get(requiredText(input, 'SecretId'));
    secrets.change(record, {});
    return { ARN: record.arn, Name: record.name };
  };
}

export function makeValidateResourcePolicy(): Operation {
  return (input) => {
    const sound = isJson(requiredText(input, 'ResourcePolicy'));
    const errors = sound ? [] : [{ CheckName: 'Syntax', ErrorMessage: malformedPolicy().message }];
    return { PolicyValidationPassed: sound, ValidationErrors: errors };
  };
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
