/** RotateSecret and CancelRotateSecret: nothing rotates here, and nobody is told otherwise. */
import type { Operation } from '../../../src/model/service-api.ts';
import { invalidRequest } from '../errors.ts';
import { requiredText } from '../input.ts';
import type { Secrets } from '../secrets.ts';

export function makeRotateSecret(secrets: Secrets): Operation {
  return (input) => {
    const { name } = secrets.get(requiredText(input, 'SecretId'));
    throw invalidRequest(
      `Rotation is not emulated by sls-local: put a new value of ${name} with PutSecretValue, or invoke its rotation function.`,
    );
  };
}

export function makeCancelRotateSecret(secrets: Secrets): Operation {
  return (input) => {
    const { name } = secrets.get(requiredText(input, 'SecretId'));
    throw invalidRequest(`You can't cancel a rotation of ${name}: rotation is not emulated by sls-local.`);
  };
}
