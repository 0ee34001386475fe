/** DeleteSecret and RestoreSecret. */
import type { Operation } from '../../../src/model/service-api.ts';
import { invalidParameter, markedForDeletion, secretNotFound } from '../errors.ts';
import { optionalInteger, requiredText } from '../input.ts';
import type { Secrets } from '../secrets.ts';

const USUAL_DAYS = 30;
const DAY_MS = 86_400_000;

export function makeDeleteSecret(secrets: Secrets): Operation {
  return (input) => {
    const id = requiredText(input, 'SecretId');
    const forced = input.ForceDeleteWithoutRecovery === true;
    if (forced && input.RecoveryWindowInDays !== undefined)
      throw invalidParameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    const days = optionalInteger(input, 'RecoveryWindowInDays', 7, 30) ?? USUAL_DAYS;
    const record = secrets.find(id);
    const at = secrets.now();
    // As the service: forcing away what is not there is no error.
    if (!record && forced) return { Name: id, DeletionDate: at / 1000 };
    if (!record) throw secretNotFound();
    if (forced) {
      secrets.store.forget(record);
      return { ARN: record.arn, Name: record.name, DeletionDate: at / 1000 };
    }
    if (record.endsAt !== undefined) throw markedForDeletion();
    const endsAt = at + days * DAY_MS;
    secrets.change(record, { endsAt });
    return { ARN: record.arn, Name: record.name, DeletionDate: endsAt / 1000 };
  };
}

export function makeRestoreSecret(secrets: Secrets): Operation {
  return (input) => {
    const { endsAt, ...record } = secrets.getAny(requiredText(input, 'SecretId'));
    secrets.change(record, {});
    return { ARN: record.arn, Name: record.name };
  };
}
