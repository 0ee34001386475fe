/** ListSecrets, DescribeSecret and ListSecretVersionIds. */
import type { Operation } from '../../../src/model/service-api.ts';
import { describeSecret, stagesOf } from '../describe.ts';
import { invalidNextToken } from '../errors.ts';
import { readFilters } from '../filters.ts';
import { pageOf, requiredText } from '../input.ts';
import type { Secrets } from '../secrets.ts';

export function makeListSecrets(secrets: Secrets): Operation {
  return (input) => {
    const test = readFilters(input);
    const all = secrets
      .all()
      .filter(
        (record) => (record.endsAt === undefined || input.IncludePlannedDeletion === true) && test(record),
      )
      .sort((a, b) => a.createdAt - b.createdAt);
    if (input.SortOrder === 'desc') all.reverse();
    const { items, next } = pageOf(all, input, invalidNextToken);
    return {
      SecretList: items.map((record) => ({
        ...describeSecret(record),
        SecretVersionsToStages: stagesOf(record),
      })),
      ...next,
    };
  };
}

export function makeDescribeSecret(secrets: Secrets): Operation {
  return (input) => {
    const record = secrets.getAny(requiredText(input, 'SecretId'));
    return { ...describeSecret(record), VersionIdsToStages: stagesOf(record) };
  };
}

export function makeListSecretVersionIds(secrets: Secrets): Operation {
  return (input) => {
    const { arn, name, versions } = secrets.getAny(requiredText(input, 'SecretId'));
    const shown = versions.filter(({ stages }) => stages.length > 0 || input.IncludeDeprecated === true);
    const { items, next } = pageOf(shown, input, invalidNextToken);
    return {
      ...{ ARN: arn, Name: name },
      Versions: items.map(({ id, stages, at }) => ({
        VersionId: id,
        VersionStages: [...stages],
        CreatedDate: at / 1000,
      })),
      ...next,
    };
  };
}
