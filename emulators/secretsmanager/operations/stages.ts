/** UpdateSecretVersionStage: moves a staging label from one version to another. */
import type { Operation } from '../../../src/model/service-api.ts';
import { invalidParameter, valueNotFound } from '../errors.ts';
import { optionalText, requiredText } from '../input.ts';
import type { Secrets } from '../secrets.ts';
import { CURRENT, versionAt, withoutStage, withStage } from '../versions.ts';

export function makeUpdateSecretVersionStage(secrets: Secrets): Operation {
  return (input) => {
    const record = secrets.get(requiredText(input, 'SecretId'));
    const stage = requiredText(input, 'VersionStage');
    const from = optionalText(input, 'RemoveFromVersionId');
    const to = optionalText(input, 'MoveToVersionId');
    for (const id of [from, to])
      if (id !== undefined && !record.versions.some((version) => version.id === id))
        throw valueNotFound(`VersionId: ${id}`);
    const holder = versionAt(record.versions, stage);
    if (holder && from !== holder.id && holder.id !== to)
      throw invalidParameter(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    if (to === undefined && stage === CURRENT)
      throw invalidParameter(
        'You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.',
      );
    const versions =
      to === undefined ? withoutStage(record.versions, stage) : withStage(record.versions, stage, to);
    secrets.change(record, { versions });
    return { ARN: record.arn, Name: record.name };
  };
}
