/** GetSecretValue and BatchGetSecretValue. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { ServiceError } from '../../_wire/service-error.ts';
import { describeValue } from '../describe.ts';
import { invalidNextToken, invalidParameter } from '../errors.ts';
import { readFilters } from '../filters.ts';
import { optionalText, pageOf, requiredText, textList } from '../input.ts';
import type { Secrets } from '../secrets.ts';

export function makeGetSecretValue(secrets: Secrets): Operation {
  return (input) => {
    const id = requiredText(input, 'SecretId');
    return read(secrets, id, optionalText(input, 'VersionId'), optionalText(input, 'VersionStage'));
  };
}

function read(secrets: Secrets, id: string, versionId?: string, stage?: string): JsonObject {
  const record = secrets.get(id);
  const { version, value } = secrets.read(record, versionId, stage);
  secrets.store.save({ ...record, accessedAt: secrets.now() });
  return describeValue(record, version, value);
}

const MOST_IDS = 20;

/** By ids or by filters; what cannot be read is listed. */
export function makeBatchGetSecretValue(secrets: Secrets): Operation {
  return (input) => {
    const ids = textList(input, 'SecretIdList');
    if ((ids === undefined) === (input.Filters === undefined))
      throw invalidParameter('You must provide either SecretIdList or Filters, not both.');
    if (ids && (ids.length === 0 || ids.length > MOST_IDS))
      throw invalidParameter(`SecretIdList must have between 1 and ${MOST_IDS} members.`);
    const wanted = ids ?? matching(secrets, input);
    const { items, next } = pageOf(wanted, input, invalidNextToken);
    const values: JsonObject[] = [];
    const errors: JsonObject[] = [];
    for (const id of items)
      try {
        values.push(read(secrets, id));
      } catch (failure) {
        if (!(failure instanceof ServiceError)) throw failure;
        errors.push({ SecretId: id, ErrorCode: failure.code, Message: failure.message });
      }
    return { SecretValues: values, Errors: errors, ...next };
  };
}

function matching(secrets: Secrets, input: JsonObject): string[] {
  const test = readFilters(input);
  return secrets
    .all()
    .filter((record) => record.endsAt === undefined && test(record))
    .map(({ name }) => name);
}
